"""When an organisation's certificate ends, and whether that is soon enough to say so."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from provsluss.connection.clients import needs_certificate
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.certificates import CertificateProblem, ClientCertificate, read_certificate

REMINDER_DAYS = (30, 14, 7, 1)
"""So many days before its end the organisation's users are told, by page and by e-mail."""


@dataclass(frozen=True, slots=True)
class CertificateEnd:
    """A certificate that ends soon, or has ended (then `days_left` is negative)."""

    certificate: ClientCertificate
    days_left: int

    @property
    def ended(self) -> bool:
        return self.days_left < 0

    @property
    def sentence(self) -> str:
        """What to tell the users, in Swedish."""
        day = f"{timezone.localtime(self.certificate.valid_until):%Y-%m-%d}"
        if self.ended:
            return f"Certifikatet gick ut {day}. Ingenting kan skickas till Skolverket förrän det är förnyat."
        return f"Certifikatet går ut {day}, {days_left_in_words(self.days_left)}. Beställ ett nytt i god tid."


def certificate_end(organisation: Organisation, now: datetime | None = None) -> CertificateEnd | None:
    """The end of the organisation's certificate, when that is 30 days away or less.

    None also when there is no certificate to read: that is another problem, and said elsewhere.
    """
    if not needs_certificate(organisation.environment) or not organisation.certificate_file:
        return None
    try:
        certificate = read_certificate(Path(organisation.certificate_file))
    except CertificateProblem:
        return None
    days_left = certificate.days_left(now or timezone.now())
    return CertificateEnd(certificate, days_left) if days_left <= max(REMINDER_DAYS) else None


def days_left_in_words(days: int) -> str:
    """0 → "mindre än en dag kvar", 1 → "1 dag kvar", 12 → "12 dagar kvar"."""
    if days < 1:
        return "mindre än en dag kvar"
    return "1 dag kvar" if days == 1 else f"{days} dagar kvar"
