"""E-mail to an organisation's users before its certificate ends: once each, 30, 14, 7 and 1 days before.

A worker that has been away sends only the latest reminder that is due. No personal data stands in the mail.
"""

import logging
import smtplib

from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction

from provsluss.connection.certificate_ends import REMINDER_DAYS, CertificateEnd, certificate_end
from provsluss.organisations.models import CertificateReminder, Organisation

log = logging.getLogger(__name__)

MAIL_TIMEOUT = 20
"""Seconds to wait for the mail server."""


def send_certificate_reminders() -> int:
    """Send every reminder that is due. Returns how many e-mails went away. Works without an active scope."""
    sent = 0
    for organisation in Organisation.objects.exclude(certificate_file=""):
        end = certificate_end(organisation)
        if end is not None and not end.ended:
            sent += _remind(organisation, end)
    return sent


def _remind(organisation: Organisation, end: CertificateEnd) -> int:
    """Tell the organisation's users, unless they have been told for this mark of this certificate."""
    addresses = organisation.users.filter(is_active=True).exclude(email="").values_list("email", flat=True).distinct()
    if not addresses:
        return 0
    mark = _mark(organisation, end)
    if mark is None:
        return 0
    sent = _send(organisation, end, sorted(addresses))
    if not sent:
        mark.delete()  # nobody has been told: the next round tries again
    return sent


def _mark(organisation: Organisation, end: CertificateEnd) -> CertificateReminder | None:
    """Note that this reminder is being sent; None when it is sent already, also by another worker a moment ago."""
    try:
        with transaction.atomic():
            return CertificateReminder.objects.create(
                organisation=organisation,
                fingerprint=end.certificate.fingerprint.standard,
                days_before=min(days for days in REMINDER_DAYS if days >= end.days_left),
            )
    except IntegrityError:
        return None


def _send(organisation: Organisation, end: CertificateEnd, addresses: list[str]) -> int:
    """One e-mail to each address, so that nobody sees the others'. Returns how many the mail server took."""
    sent = 0
    connection = get_connection(timeout=MAIL_TIMEOUT)
    for address in addresses:
        message = EmailMessage(
            f"Provsluss: certifikatet för {organisation.name} går snart ut",
            f"{end.sentence}\n\n"
            f"Utan ett giltigt certifikat släpper Skolverket inte in {organisation.name}, och ingenting kan skickas. "
            "När det nya certifikatet finns anger du det i Provsluss under Inställningar. "
            "Sidan Anslutning där visar om allt stämmer.\n\n"
            "Provsluss påminner 30, 14, 7 och 1 dagar innan certifikatet går ut.\n",
            to=[address],
            connection=connection,
        )
        try:
            sent += message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refused:
            log.warning("a certificate reminder was refused: %s", type(refused).__name__)
        except OSError as away:  # no mail server: the others would wait for it in vain, too
            log.warning("certificate reminders could not be sent: %s", type(away).__name__)
            break
    return sent
