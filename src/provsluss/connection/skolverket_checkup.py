"""The links of the chain that lie outside: the federation, the authorisation server, the service, the clock."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from provsluss.connection.authorisation_server import authorisation_server, federation_metadata
from provsluss.connection.check import Check, right, warning, wrong
from provsluss.connection.clients import client_for, needs_certificate
from provsluss.connection.token_checkup import LATER, check_token, no_answer
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import CertificateProblem, read_certificate
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import (
    NotAuthorised,
    ProvtjanstError,
)
from provsluss.provtjanst.moa_signature import MetadataProblem
from provsluss.provtjanst.organisation_numbers import numbers_in

CLOCK_MAY_BE_WRONG_BY = 60.0
"""Seconds; from five times that many on, tokens and certificates may be judged wrongly."""


def check_skolverket(organisation: Organisation, local: Sequence[Check]) -> Iterator[Check]:
    """Walk the way out, link by link. `local` is what check_certificate said: it explains why Skolverket says no."""
    known: list[Check] = list(local)
    if needs_certificate(organisation.environment):
        for check in (*_federation(organisation), *_authorisation_server()):
            known.append(check)
            yield check
    got_token = False
    for check in check_token(organisation, known):
        got_token = check.is_right
        yield check
    yield from _service(organisation, got_token)


def _federation(organisation: Organisation) -> Iterator[Check]:
    """Whether the federation's metadata can be had, and know our entity with this certificate."""
    title = "Federationen (Moa)"
    try:
        kept = federation_metadata()
    except MetadataProblem as problem:
        yield wrong(title, str(problem), "Utan metadata kan Provsluss inte veta vem behörighetsservern är.")
        return
    if kept is None:
        return
    if kept.problem:
        yield warning(
            title, kept.problem, "Blir det inte bättre inom ett dygn: kontrollera PROVSLUSS_MOA_METADATA_URL."
        )
    else:
        issued = kept.metadata.issued_at
        said = f"utfärdade {issued.astimezone():%Y-%m-%d %H:%M}, " if issued else ""
        fetched = f"hämtade {kept.fetched_at.astimezone():%Y-%m-%d %H:%M}"
        yield right(title, f"Metadata är {said}{fetched} och rätt signerade.")
    if organisation.client_key != ClientKey.ENTITY_ID or not organisation.entity_id:
        return
    title = "Vår plats i federationen"
    entity = kept.metadata.entities.get(organisation.entity_id)
    if entity is None:
        yield wrong(
            title,
            f"Entitets-id {organisation.entity_id} finns inte i federationens metadata.",
            "Kontrollera stavningen, eller registrera entiteten i Moa. Nya uppgifter syns efter någon timme.",
        )
        return
    try:
        certificate = read_certificate(Path(organisation.certificate_file))
    except CertificateProblem:
        return  # said already, as the first thing of all
    if not any(certificate.pin in client.key_pins for client in entity.clients):
        yield wrong(
            title,
            f"Entiteten finns, men certifikatets nyckel är inte registrerad som klient där: {certificate.pin}",
            "Registrera certifikatets pin i Moa, eller ange det certifikat som är registrerat.",
        )
    elif entity.organization_id and organisation.number not in numbers_in(entity.organization_id):
        yield wrong(
            title,
            f"Entiteten tillhör {entity.organization_id}, men huvudmannen har SE{organisation.number}.",
            "Ange huvudmannens eget entitets-id under Inställningar, Huvudman.",
        )
    else:
        yield right(title, "Entitets-id och certifikatets nyckel är registrerade.")


def _authorisation_server() -> Iterator[Check]:
    title = "Behörighetsserverns nyckel"
    try:
        trust = authorisation_server()
    except (CertificateProblem, ProvtjanstError) as problem:
        yield wrong(title, str(problem))
        return
    if trust.server.pins:
        yield right(title, f"Kontrolleras innan något skickas, enligt {trust.says}.")
    else:
        yield warning(
            title,
            f"Kontrolleras inte. Provsluss litar på {trust.says}.",
            "Ange nyckeln som Skolverket publicerar i PROVSLUSS_TOKEN_PINS, eller federationens metadata.",
        )


def _service(organisation: Organisation, got_token: bool) -> Iterator[Check]:
    """The Provisioning API itself, and what its headers say."""
    client = client_for(organisation, organisation.environment)
    client.seen.clear()
    if client.alive():
        yield right("Skolverkets tjänst", "Tjänsten svarar.")
    else:
        yield wrong("Skolverkets tjänst", "Tjänsten svarar inte.", no_answer(organisation.environment))
    if got_token:
        yield _accepted(client)
    yield from _clock(client)
    yield from _limits(client)


def _accepted(client: ProvisioningClient) -> Check:
    """Whether the token opens the service: a question about an id that nobody has."""
    title = "Tillgång till tjänsten"
    try:
        client.lookup("persons", [uuid.uuid4()])
    except NotAuthorised as problem:
        return wrong(
            title,
            str(problem),
            "Behörighetsservern gav oss behörighet, men tjänsten godtog den inte. Kontrollera att huvudmannen är "
            "registrerad för överföring i den här miljön (Administration provtjänsten).",
        )
    except ProvtjanstError as problem:
        return wrong(title, str(problem), LATER)
    return right(title, "Skolverket godtar vår behörighet.")


def _clock(client: ProvisioningClient) -> Iterator[Check]:
    """How far our clock is from Skolverket's, by the Date header of the answers just now."""
    title = "Klocka"
    for headers in client.seen.values():
        try:
            there = parsedate_to_datetime(headers.get("date", ""))
        except ValueError:
            continue
        seconds = (datetime.now(UTC) - there.replace(tzinfo=there.tzinfo or UTC)).total_seconds()
        # The header is in whole seconds, and the answer has been on its way.
        if abs(seconds) < CLOCK_MAY_BE_WRONG_BY:
            yield right(title, "Serverns klocka går som Skolverkets.")
        else:
            told = f"Serverns klocka går {abs(seconds):.0f} sekunder {'före' if seconds > 0 else 'efter'} Skolverkets."
            is_bad = abs(seconds) >= 5 * CLOCK_MAY_BE_WRONG_BY
            yield (wrong if is_bad else warning)(title, told, "Låt servern ställa klockan efter en tidsserver (NTP).")
        return


def _limits(client: ProvisioningClient) -> Iterator[Check]:
    """How many calls Skolverket says that we may make, by the headers of the answers just now."""
    for headers in client.seen.values():
        limit, left = headers.get("x-ratelimit-limit"), headers.get("x-ratelimit-remaining")
        if limit and limit.isprintable() and len(limit) < 20:
            told = f", {left} kvar just nu" if left and left.isprintable() and len(left) < 20 else ""
            yield right("Anropsgräns", f"Skolverket tillåter {limit} anrop per sekund{told}.")
            return
