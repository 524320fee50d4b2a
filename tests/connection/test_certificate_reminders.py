"""E-mail before a certificate ends: 30, 14, 7 and 1 days before, once each, to the organisation's own users."""

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from provsluss.connection import certificate_ends
from provsluss.connection.certificate_reminders import send_certificate_reminders
from provsluss.organisations.models import CertificateReminder, Organisation, OrganisationAccess, User
from tests.fixtures.certificates import Authority


class DeafBackend(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Raises what smtplib raises."""
        raise smtplib.SMTPServerDisconnected("astrid@exempel.se")


class Calendar:
    """Sets today, counted in days before the certificate ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, ends: datetime) -> None:
        self._monkeypatch = monkeypatch
        self._ends = ends

    def days_before(self, days: float) -> int:
        """Send what is due so many days before the end; returns how many e-mails."""
        now = self._ends - timedelta(days=days, seconds=-60)
        self._monkeypatch.setattr(certificate_ends.timezone, "now", lambda: now)
        return send_certificate_reminders()


@pytest.fixture
def calendar(organisation: Organisation, user: User, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """Exempelkommunen with a certificate, one user with an address and one without, and an outsider."""
    issued = authority.issue("huvudman", serial_number="SE2120009945-1")
    organisation.environment = "produktion"
    organisation.certificate_file = str(issued.certificate_file)
    organisation.save()
    silent = User.objects.create_user("bertil", password="x")
    away = User.objects.create_user("cilla", email="cilla@exempel.se", password="x", is_active=False)
    for one in (silent, away):
        OrganisationAccess.objects.create(user=one, organisation=organisation)
    User.objects.create_user("utomstående", email="ute@exempel.se", password="x")
    return Calendar(monkeypatch, issued.certificate.not_valid_after_utc)


def test_once_for_each_mark(calendar: Calendar) -> None:
    sent = {days: calendar.days_before(days) for days in (40, 31, 30, 29, 15, 14, 8, 7, 6, 2, 1, 0.5, -1)}

    assert [days for days, number in sent.items() if number] == [31, 15, 8, 2]  # less than 31 whole days: 30 whole ones
    assert set(sent.values()) == {0, 1}
    assert calendar.days_before(30) == 0
    assert [message.to for message in mail.outbox] == [["astrid@exempel.se"]] * 4
    assert CertificateReminder.objects.count() == 4


def test_what_the_mail_says(calendar: Calendar, organisation: Organisation, user: User) -> None:
    calendar.days_before(14)

    message = mail.outbox[0]
    assert message.subject == "Provsluss: certifikatet för Exempelkommunen går snart ut"
    assert "13 dagar kvar" in message.body
    assert "Inställningar" in message.body
    for secret in (user.username, user.email, organisation.certificate_file, Path(organisation.certificate_file).name):
        assert secret not in message.subject + message.body


def test_a_worker_that_was_away_sends_only_the_latest(calendar: Calendar) -> None:
    assert calendar.days_before(5) == 1
    assert [reminder.days_before for reminder in CertificateReminder.objects.all()] == [7]


def test_a_renewed_certificate_is_told_of_anew(
    calendar: Calendar, organisation: Organisation, authority: Authority
) -> None:
    calendar.days_before(5)
    organisation.certificate_file = str(authority.issue("nytt").certificate_file)
    organisation.save()
    assert calendar.days_before(5) == 1


def test_a_deaf_mail_server_is_asked_again(calendar: Calendar, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_BACKEND = "tests.connection.test_certificate_reminders.DeafBackend"
    assert calendar.days_before(5) == 0
    assert "could not be sent: SMTPServerDisconnected" in caplog.text
    assert "astrid" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert calendar.days_before(5) == 1


class PickyBackend(BaseEmailBackend):
    """A mail server that refuses the first address it is given."""

    taken: ClassVar[list[list[str]]] = []

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Raises what smtplib raises, or takes the mail."""
        if messages[0].to == ["astrid@exempel.se"]:
            raise smtplib.SMTPRecipientsRefused({"astrid@exempel.se": (550, b"unknown")})
        self.taken.append(messages[0].to)
        return 1


def test_one_address_that_is_refused_does_not_stop_the_others(
    calendar: Calendar, organisation: Organisation, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    colleague = User.objects.create_user("doris", email="doris@exempel.se", password="x")
    OrganisationAccess.objects.create(user=colleague, organisation=organisation)
    settings.EMAIL_BACKEND = "tests.connection.test_certificate_reminders.PickyBackend"

    assert calendar.days_before(5) == 1
    assert PickyBackend.taken == [["doris@exempel.se"]]
    assert calendar.days_before(5) == 0
    assert "astrid" not in caplog.text


def test_nobody_is_told_of_what_is_not_used(calendar: Calendar, organisation: Organisation) -> None:
    for change in ({"environment": "simulator"}, {"certificate_file": ""}, {"certificate_file": "/saknas.pem"}):
        Organisation.objects.filter(pk=organisation.pk).update(**{"environment": "produktion"} | change)
        assert calendar.days_before(5) == 0


def test_nobody_to_tell_leaves_no_mark(calendar: Calendar) -> None:
    User.objects.update(email="")
    assert calendar.days_before(5) == 0
    assert not CertificateReminder.objects.exists()
