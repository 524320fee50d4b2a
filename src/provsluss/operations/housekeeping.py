"""What the clock asks for, once an hour: a fresh catalogue, what is old forgotten, certificates."""

from django.core.management import call_command
from django.utils import timezone

from provsluss.catalogue.due import due_organisations
from provsluss.connection.certificate_reminders import send_certificate_reminders
from provsluss.operations.catalogue import refresh_catalogue, school_unit_codes
from provsluss.operations.heartbeats import forget_silent_workers
from provsluss.operations.purging import purge


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
