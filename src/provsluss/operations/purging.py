"""Gallring: what is no longer needed is forgotten, and what was forgotten is told (design.md section 7).

Payloads, answers and controls are kept settings.PAYLOAD_DAYS, the fate of each object to the end of the school year,
totals settings.TOTALS_DAYS. What Skolverket has accepted is kept while it is wanted, because every comparison needs it;
of those who have left, and of an environment or address that is no longer used, only id and fingerprint are kept after
the school year, so that they can still be removed.
"""

import logging
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.organisations.models import KNOWN_FOR, KnownAddress
from provsluss.preflight.run import forget_controls
from provsluss.register.imports.imports import forget_old_uploads
from provsluss.register.models import Duty, Person
from provsluss.transfers.lifecycle.changes import give_up_answers
from provsluss.transfers.models import (
    AT_REST_STATES,
    ENDED_STATES,
    Accepted,
    Batch,
    Control,
    ObjectResult,
    PurgeReport,
    RemovedObject,
    Transfer,
    at_todays_addresses,
)
from provsluss.transfers.plan.store import forget_old_plans

log = logging.getLogger(__name__)

SCHOOL_YEAR_BEGINS = (7, 1)
"""Month and day: the spring term ends in June (skolförordningen 3 kap. 2 §), so everything of it is before July."""
_TRANSFERS_AT_A_TIME = 20


def school_year_began(today: date) -> datetime:
    """When the school year that `today` is in began, at midnight."""
    year = today.year if (today.month, today.day) >= SCHOOL_YEAR_BEGINS else today.year - 1
    return timezone.make_aware(datetime(year, *SCHOOL_YEAR_BEGINS))


def purge() -> PurgeReport | None:
    """Forget everything that is too old. Returns the report that it leaves, or None when there was nothing."""
    steps: dict[str, Callable[[], int]] = {
        "call_payloads": forget_old_payloads,
        "removed_payloads": forget_removed_payloads,
        "results": forget_old_results,
        "accepted_payloads": forget_left_payloads,
        "transfers": forget_old_transfers,
        "plans": forget_old_plans,
        "controls": forget_old_controls,
        "uploads": forget_old_uploads,
        "known_addresses": forget_known_addresses,
    }
    counts = {what: count for what, forget in steps.items() if (count := forget())}
    PurgeReport.objects.filter(purged_at__lt=_days_ago(settings.TOTALS_DAYS)).delete()
    if not counts:
        return None
    log.info("purged %s", ", ".join(f"{count} {what}" for what, count in counts.items()))
    return PurgeReport.objects.create(counts=counts)


def forget_known_addresses() -> int:
    """Delete from where somebody logged in so long ago that it counts no longer. Returns how many."""
    return KnownAddress.objects.filter(seen_at__lt=timezone.now() - KNOWN_FOR).delete()[0]


def forget_old_payloads() -> int:
    """Empty what was sent and answered more than settings.PAYLOAD_DAYS ago. Returns how many calls.

    Of a cancelled transfer too, whose calls never ended; of one that still runs nothing, however old it is. What such
    calls may have brought to Skolverket is noted first: nobody can ask for it afterwards.
    """
    with scopes_disabled():
        old = Batch.objects.alias(
            last_touched=Coalesce("finished_at", "posted_at", "sync_job__transfer__created_at")
        ).filter(last_touched__lt=_days_ago(settings.PAYLOAD_DAYS), sync_job__transfer__state__in=ENDED_STATES)
        give_up_answers(old)
        ids = old.exclude(payload=None).values("pk")
        return Batch.objects.filter(pk__in=ids).update(payload=None, answer=None, reply="")


def forget_removed_payloads() -> int:
    """Empty what would bring removed objects back, as old as that. Returns how many; they can no longer be undone."""
    with scopes_disabled():
        old = RemovedObject.objects.filter(removed_at__lt=_days_ago(settings.PAYLOAD_DAYS)).exclude(payload="")
        return old.update(payload="", was_in=[])


def forget_old_results() -> int:
    """Delete the fate of each object in the transfers of past school years; their totals stay. Returns how many.

    Also of one that nobody has reviewed since: what it wanted to remove is worked out anew by the next transfer.
    """
    with scopes_disabled():
        old = _last_touched_before(school_year_began(timezone.localdate()), AT_REST_STATES)
        give_up_answers(Batch.objects.filter(sync_job__transfer__in=old.values("pk")))  # an answer needs its results
        return _deleted(old, lambda ids: ObjectResult.objects.filter(sync_job__transfer__in=ids))


def forget_left_payloads() -> int:
    """Empty what Skolverket accepted before this school year of those who have left, or where we no longer send.

    Id and fingerprint stay. Returns how many.
    """
    began = school_year_began(timezone.localdate())
    with scopes_disabled():
        left_persons = Person.objects.filter(ended_at__lt=began).values("pk")
        left_duties = Duty.objects.filter(Q(ended_at__lt=began) | Q(person__ended_at__lt=began)).values("pk")
        elsewhere = ~Q(environment=F("organisation__environment")) | ~at_todays_addresses()
        left = Q(kind="persons", object_id__in=left_persons) | Q(kind="duties", object_id__in=left_duties)
        old = Accepted.everywhere.filter(elsewhere | left, accepted_at__lt=began).exclude(payload="")
        return Accepted.everywhere.filter(pk__in=old.values("pk")).update(payload="")


def forget_old_transfers() -> int:
    """Delete the transfers that ended more than settings.TOTALS_DAYS ago, with all their totals. Returns how many."""
    with scopes_disabled():
        old = list(_last_touched_before(_days_ago(settings.TOTALS_DAYS)).values_list("pk", flat=True))
        for start in range(0, len(old), _TRANSFERS_AT_A_TIME):
            Transfer.objects.filter(pk__in=old[start : start + _TRANSFERS_AT_A_TIME]).delete()
    return len(old)


def forget_old_controls() -> int:
    """Delete the controls that were asked for more than settings.PAYLOAD_DAYS ago. Returns how many.

    They name whom something is wrong with, also in an environment that is no longer used. A new one is soon made.
    """
    with scopes_disabled():
        old = Control.objects.filter(created_at__lt=_days_ago(settings.PAYLOAD_DAYS))
        ids = list(old.values_list("pk", flat=True))
        for control_id in ids:
            forget_controls([control_id])
    return len(ids)


def _last_touched_before(limit: datetime, states: Collection[str] = ENDED_STATES) -> "QuerySet[Transfer]":
    ended = Transfer.objects.filter(state__in=states).order_by("pk")
    return ended.alias(end=Coalesce("finished_at", "created_at")).filter(end__lt=limit)


def _deleted(transfers: "QuerySet[Transfer]", rows_of: Callable[[list[int]], "QuerySet[Any]"]) -> int:
    """Deletes a few transfers' rows at a time, so that nobody waits long for the database."""
    ids, deleted = list(transfers.values_list("pk", flat=True)), 0
    for start in range(0, len(ids), _TRANSFERS_AT_A_TIME):
        number, _ = rows_of(ids[start : start + _TRANSFERS_AT_A_TIME]).delete()
        deleted += number
    return deleted


def _days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
