"""What the clock asks for, once an hour: a fresh catalogue, old payloads and uploads forgotten, certificates."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.catalogue import refresh
from provsluss.catalogue.due import due_organisations
from provsluss.organisations.models import Organisation
from provsluss.register.imports import forget_old_uploads
from provsluss.register.models import Duty, Enrolment, Group
from provsluss.transfers.certificate_reminders import send_certificate_reminders
from provsluss.transfers.models import ENDED_STATES, Batch
from provsluss.transfers.plan_storing import forget_old_plans
from provsluss.transfers.workers import forget_silent_workers

log = logging.getLogger(__name__)


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


def forget_old_payloads() -> int:
    """Empty what was sent and answered more than settings.PAYLOAD_DAYS ago (design.md section 7). Returns how many.

    Of a cancelled transfer too, whose calls never ended; of one that still runs nothing, however old it is.
    """
    limit = timezone.now() - timedelta(days=settings.PAYLOAD_DAYS)
    with scopes_disabled():
        old = Batch.objects.alias(
            last_touched=Coalesce("finished_at", "posted_at", "sync_job__transfer__created_at")
        ).filter(last_touched__lt=limit, sync_job__transfer__state__in=ENDED_STATES)
        ids = old.exclude(payload=None).values("pk")
        emptied = Batch.objects.filter(pk__in=ids).update(payload=None, answer=None, reply="")
    if emptied:
        log.info("forgot the payloads of %s old calls", emptied)
    return emptied


def keep_house() -> None:
    """Everything above, in turn."""
    forget_old_payloads()
    forget_old_uploads()
    forget_old_plans()
    call_command("clearsessions")
    forget_silent_workers()
    send_certificate_reminders()
    refresh_due_catalogues()
