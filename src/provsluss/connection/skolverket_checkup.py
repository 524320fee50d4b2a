"""The links of the chain that lie outside: the federation, the authorisation server, the token, the service, the clock.

The authorisation server says "permission denied" to an unknown entity, a wrong certificate and a wrong fingerprint
alike; what we know here tells them apart.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

from provsluss.connection.authorisation_server import authorisation_server, federation_metadata
from provsluss.connection.check import Check, Level, right, warning, wrong
from provsluss.connection.clients import client_for, needs_certificate, tokens_for
from provsluss.organisations.environments import Environment
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import CertificateProblem, read_certificate
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import NotAuthorised, ProvtjanstError, TemporaryTrouble, TokenRefused, WrongServer
from provsluss.provtjanst.granted_tokens import TokenFacts
from provsluss.provtjanst.moa_metadata import MetadataProblem
from provsluss.provtjanst.tokens import WHERE_TO_LOOK

CLOCK_MAY_BE_WRONG_BY = 60.0
"""Seconds; from five times that many on, tokens and certificates may be judged wrongly."""
_LATER = "Försök igen om en stund. Håller det i sig, se driftinformationen hos Skolverket."


def no_answer(environment: str) -> str:
    """What to do when nobody answers in `environment`: of them all, only the simulator is ours to start."""
    if environment != Environment.SIMULATOR:
        return _LATER
    return (
        f"Simulatorn på {settings.SIMULATOR_URL} svarar inte. "
        "Starta den, eller ange adressen i PROVSLUSS_SIMULATOR_URL."
    )


def check_skolverket(organisation: Organisation, local: Sequence[Check]) -> Iterator[Check]:
    """Walk the way out, link by link. `local` is what check_certificate said: it explains why Skolverket says no."""
    known: list[Check] = list(local)
    if needs_certificate(organisation.environment):
        for check in (*_federation(organisation), *_authorisation_server()):
            known.append(check)
            yield check
    got_token = False
    for check in _token(organisation, known):
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
        yield right(title, f"Metadata är hämtade {kept.fetched_at.astimezone():%Y-%m-%d %H:%M} och rätt signerade.")
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
    elif entity.organization_id and entity.organization_id != f"SE{organisation.number}":
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


def _token(organisation: Organisation, known: Sequence[Check]) -> Iterator[Check]:
    """A fresh token: one that is kept from before would say nothing of how it stands now."""
    title = "Behörighet"
    tokens = tokens_for(organisation, organisation.environment)
    tokens.forget()
    try:
        facts = tokens.facts()
    except WrongServer as problem:
        yield wrong(title, str(problem), "Jämför med nyckeln i Skolverkets beskrivning av autentiseringen.")
    except TokenRefused as problem:
        yield wrong(title, _told(problem), _why_refused(organisation, known))
    except TemporaryTrouble as problem:
        yield wrong(title, _told(problem), no_answer(organisation.environment))
    except (CertificateProblem, ProvtjanstError) as problem:
        yield wrong(title, str(problem), "Rätta först det som är fel ovan.")
    else:
        yield _whose(organisation, facts)


def _whose(organisation: Organisation, facts: TokenFacts) -> Check:
    """The token is good; is it ours?"""
    hours = facts.life / 3600
    life = f"{hours:.0f} timmar" if hours >= 1.5 else f"{facts.life / 60:.0f} minuter"
    if facts.organisation_id and facts.organisation_id != f"SE{organisation.number}":
        return wrong(
            "Behörighet",
            f"Behörigheten gäller {facts.organisation_id}, men huvudmannen har SE{organisation.number}.",
            "Ange huvudmannens eget certifikat. Det här tillhör någon annan.",
        )
    whose = f" för {facts.organisation_id}" if facts.organisation_id else ""
    return right("Behörighet", f"Behörighetsservern gav oss behörighet{whose}. Den gäller i {life}.")


def _told(problem: ProvtjanstError) -> str:
    """Our sentence, and the server's own words where there are any."""
    words = problem.server_text if isinstance(problem, TokenRefused) else ""
    words = " ".join(words.split())[:200]
    status = f" (status {problem.status_code})" if problem.status_code else ""
    sentence = str(problem).removesuffix(WHERE_TO_LOOK)
    return f"{sentence} Servern svarade: {words}{status}" if words else sentence


def _why_refused(organisation: Organisation, known: Sequence[Check]) -> str:
    """What the most likely reason is, by everything that can be known here."""
    if errors := [check.title.lower() for check in known if check.level == Level.ERROR]:
        return f"Rätta först det som är fel ovan ({', '.join(errors)}). Det räcker som förklaring."
    if not needs_certificate(organisation.environment):
        return "Kontrollera att simulatorn är rätt startad."
    if organisation.client_key == ClientKey.FINGERPRINT:
        if any(check.title == "Utfärdare" and check.level == Level.WARNING for check in known):
            return "Den troliga orsaken är utfärdaren, se ovan."
        return (
            "Fil, nyckel, datum och organisationsnummer stämmer här, och båda formerna av fingeravtrycket nekades. "
            "Kontrollera hos utfärdaren att certifikatet inte är spärrat."
        )
    if settings.MOA_METADATA_URL:
        return (
            "Allt stämmer med federationens metadata. Är något nyss ändrat i Moa: vänta någon timme, tills "
            "behörighetsservern har hämtat det. Kontakta annars Skolverket."
        )
    return (
        f"Filerna stämmer här. Kontrollera i Moa att {organisation.entity_id} är registrerat, och att certifikatets "
        "pin (ovan) står där som klient. Med PROVSLUSS_MOA_METADATA_URL kan Provsluss kontrollera det själv."
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
        return wrong(title, str(problem), _LATER)
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
            yield right("Anropsgräns", f"Skolverket tillåter {limit} anrop i taget{told}.")
            return
