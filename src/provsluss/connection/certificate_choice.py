"""What is said at once when a huvudman is given a certificate: that it is somebody else's, or what is wrong with it.

Skolverket tells huvudmän apart by their certificates (rules.md N11): with another's, everything would go in its name.
"""

from collections.abc import Iterable
from pathlib import Path

from provsluss.connection.certificate_checkup import look_at_certificate
from provsluss.connection.check import Check, Level
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.certificates import CertificateProblem, ClientCertificate, read_certificate


def why_refused(organisation: Organisation) -> str:
    """Why `organisation` cannot have the certificate that it names (and need not have saved), in Swedish; "" if it can.

    A federation knows a certificate by its key, so there one that names another organisation is only doubtful, unless
    that other one is a huvudman here.
    """
    certificate = _certificate(organisation.certificate_file)
    if certificate is None:
        return ""
    numbers, others = certificate.organisation_numbers, Organisation.objects.exclude(pk=organisation.pk)
    if numbers and organisation.number not in numbers:
        is_known_by_number = organisation.client_key == ClientKey.FINGERPRINT
        if is_known_by_number or others.filter(number__in=numbers).exists():
            told = ", ".join(f"SE{number}" for number in numbers)
            return (
                f"Certifikatet är utfärdat till {told}, men {organisation.name} har SE{organisation.number}. "
                "Ange huvudmannens eget certifikat, annars skickas uppgifterna i den andras namn."
            )
    if _is_of_another(certificate, others.exclude(certificate_file="").values_list("certificate_file", flat=True)):
        return "En annan huvudman i Provsluss har redan det här certifikatet. Varje huvudman ska ha ett eget."
    return ""


def what_to_mind(organisation: Organisation) -> list[Check]:
    """What is wrong or doubtful about the certificate that `organisation` names, apart from the above."""
    return [check for check in look_at_certificate(organisation) if check.level != Level.OK]


def _is_of_another(certificate: ClientCertificate, files: Iterable[str]) -> bool:
    found = (_certificate(file) for file in files)
    return any(other is not None and other.fingerprint == certificate.fingerprint for other in found)


def _certificate(file: str) -> ClientCertificate | None:
    """The certificate in a file; None where there is none, which is said elsewhere."""
    if not file:
        return None
    try:
        return read_certificate(Path(file))
    except CertificateProblem:
        return None
