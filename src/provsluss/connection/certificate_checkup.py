"""The links of the chain that can be looked at here: the certificate's file, its key, its dates and whose it is."""

import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from provsluss.connection.certificate_ends import REMINDER_DAYS, days_left_in_words
from provsluss.connection.check import Check, right, warning, wrong
from provsluss.connection.clients import needs_certificate
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import (
    KNOWN_ISSUERS,
    CertificateProblem,
    ClientCertificate,
    client_context,
    read_certificate,
)

_AT_THE_ISSUER = "Beställ ett certifikat som är utfärdat till huvudmannen, och ange det under Inställningar, Huvudman."


def check_certificate(organisation: Organisation) -> Iterator[Check]:
    """Everything about the certificate that needs no network, from the file to the fingerprint."""
    if needs_certificate(organisation.environment):
        yield from look_at_certificate(organisation)
    else:
        yield right("Certifikat", "Inget certifikat behövs mot simulatorn.")


def look_at_certificate(organisation: Organisation) -> Iterator[Check]:
    """The same, whether the organisation's environment needs a certificate or not."""
    file = Path(organisation.certificate_file)
    try:
        certificate = read_certificate(file)
    except CertificateProblem as problem:
        yield wrong("Certifikatfil", str(problem))
        return
    yield right(
        "Certifikatfil",
        f"{file.name} går att läsa. Certifikatet är utfärdat till {certificate.holder} av {certificate.issuer}.",
    )
    yield from _key(file, Path(organisation.private_key_file))
    yield _validity(certificate, timezone.now())
    if organisation.client_key == ClientKey.ENTITY_ID:
        yield _entity_id(organisation)
        yield _number_in_federation(certificate, organisation)
    else:
        yield _number_of_holder(certificate, organisation)
        yield _issuer(certificate)
    yield right(
        "Fingeravtryck",
        "Så känns certifikatet igen. Behövs bara om Skolverket eller federationen frågar.",
        (
            ("Fingeravtryck, base64 (Skolverkets form)", certificate.fingerprint.standard),
            ("Fingeravtryck, base64url (RFC 8705)", certificate.fingerprint.url_safe),
            ("Nyckelns pin (för metadata i Moa)", certificate.pin),
        ),
    )


def _key(certificate_file: Path, key_file: Path) -> Iterator[Check]:
    try:
        client_context(certificate_file, key_file)
    except CertificateProblem as problem:
        yield wrong("Privat nyckel", str(problem))
        return
    if key_file.stat().st_mode & stat.S_IROTH:
        yield warning(
            "Privat nyckel",
            f"{key_file.name} hör till certifikatet, men kan läsas av alla på servern.",
            f"Låt bara Provsluss läsa den: chmod 600 {key_file.name}",
        )
    else:
        yield right("Privat nyckel", f"{key_file.name} går att läsa och hör till certifikatet.")


def _validity(certificate: ClientCertificate, now: datetime) -> Check:
    title, days = "Giltighet", certificate.days_left(now)
    begins, ends = (f"{timezone.localtime(t):%Y-%m-%d}" for t in (certificate.valid_from, certificate.valid_until))
    if now < certificate.valid_from:
        return wrong(title, f"Certifikatet börjar gälla först {begins}.", "Vänta, eller kontrollera serverns klocka.")
    if days < 0:
        return wrong(title, f"Certifikatet gick ut {ends}.", "Beställ ett nytt, och ange det under Inställningar.")
    told = f"Certifikatet gäller till {ends}, {days_left_in_words(days)}."
    if days <= max(REMINDER_DAYS):
        return warning(title, told, "Beställ ett nytt i god tid. Byt filerna på servern när det har kommit.")
    return right(title, told)


def _number_of_holder(certificate: ClientCertificate, organisation: Organisation) -> Check:
    """Skolverket tells huvudmän apart by the number in the certificate (authentication-api, N11)."""
    title, numbers = "Organisationsnummer", certificate.organisation_numbers
    if organisation.number in numbers:
        return right(title, f"Certifikatet är utfärdat till SE{organisation.number}, huvudmannens nummer.")
    if not numbers:
        return wrong(
            title, "Certifikatet saknar organisationsnummer, så Skolverket vet inte vems det är.", _AT_THE_ISSUER
        )
    told = ", ".join(f"SE{number}" for number in numbers)
    return wrong(
        title, f"Certifikatet är utfärdat till {told}, men huvudmannen har SE{organisation.number}.", _AT_THE_ISSUER
    )


def _number_in_federation(certificate: ClientCertificate, organisation: Organisation) -> Check:
    """A federation's metadata say the number; the certificate need not, but must not say another."""
    title, numbers = "Organisationsnummer", certificate.organisation_numbers
    if numbers and organisation.number not in numbers:
        told = ", ".join(f"SE{number}" for number in numbers)
        return warning(
            title,
            f"Certifikatet nämner {told}, men huvudmannen har SE{organisation.number}.",
            "Kontrollera att det är rätt certifikat.",
        )
    if numbers:
        return right(title, f"Certifikatet är utfärdat till SE{organisation.number}, huvudmannens nummer.")
    return right(title, "Står inte i certifikatet. Det behövs inte, för Skolverket läser numret i federationen (Moa).")


def _entity_id(organisation: Organisation) -> Check:
    if organisation.entity_id:
        return right("Entitets-id", f"Certifikatet känns igen på {organisation.entity_id}.")
    return wrong("Entitets-id", "Entitets-id är inte angivet.", "Ange det under Inställningar, Huvudman.")


def _issuer(certificate: ClientCertificate) -> Check:
    if certificate.issuer in KNOWN_ISSUERS:
        return right("Utfärdare", f"{certificate.issuer} är en utfärdare som Skolverket godtar.")
    return warning(
        "Utfärdare",
        f"{certificate.issuer} är inte en av de utfärdare som Skolverket har namngett ({', '.join(KNOWN_ISSUERS)}).",
        "Är certifikatet registrerat i Moa väljer du Entitets-id under Inställningar, Huvudman. "
        "Testcertifikat godtas inte, inte heller i verifieringstest.",
    )
