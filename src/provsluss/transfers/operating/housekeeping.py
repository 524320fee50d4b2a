"""What the clock asks for, once an hour: a fresh catalogue, what is old forgotten, certificates."""

from django.core.management import call_command
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.catalogue import refresh
from provsluss.catalogue.due import due_organisations
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Enrolment, Group
from provsluss.transfers.connection.certificate_reminders import send_certificate_reminders
from provsluss.transfers.operating.workers import forget_silent_workers
from provsluss.transfers.purging import purge


def school_unit_codes(organisation: Organisation) -> list[str]:
    """The codes of the school units that the organisation's register names. Works without an active scope."""
    with scopes_disabled():
        codes = (
            Group.objects.filter(organisation=organisation, ended_at=None).values_list("school_unit_code").distinct(),
            Duty.objects.filter(organisation=organisation, ended_at=None).values_list("school_unit_code").distinct(),
            Enrolment.objects.filter(person__organisation=organisation, person__ended_at=None)
            .values_list("school_unit_code")
            .distinct(),
        )
        return sorted({code for rows in codes for (code,) in rows})


def refresh_catalogue(organisation: Organisation) -> None:
    """Fetch what the open data says of everything that the organisation uses."""
    refresh.refresh(organisation.environment, school_unit_codes(organisation), organisation.number)


def refresh_due_catalogues() -> None:
    """Fetch the open data anew for the organisations whose last good fetch is too old or lacks a school unit."""
    for organisation in due_organisations(timezone.now(), school_unit_codes):
        refresh_catalogue(organisation)


def keep_house() -> None:
    """Everything that has to be done now and then, in turn."""
    purge()
    call_command("clearsessions")
    forget_silent_workers()
    send_certificate_reminders()
    refresh_due_catalogues()
