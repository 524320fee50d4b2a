"""Which transfer of a provaktivitet a page speaks of: the one that goes on, otherwise the last one that began."""

from django.db.models import F, QuerySet

from provsluss.transfers.models import (
    AT_REST_STATES,
    TestActivity,
    TestActivityState,
    Transfer,
    TransferState,
    at_todays_addresses,
)


def ongoing_transfer(test_activity: TestActivity, environment: str) -> Transfer | None:
    """The transfer of `test_activity` that runs, otherwise the first one that waits for its turn.

    One that needs review has come as far as it can by itself, and keeps nobody from sending again.
    """
    ongoing = _transfers(test_activity, environment).exclude(state__in=AT_REST_STATES)
    return ongoing.order_by(F("started_at").asc(nulls_last=True), "pk").first()


def all_are_ongoing(environment: str) -> bool:
    """Whether there are active test activities, and each of them is part of a transfer that has not ended."""
    active = TestActivity.objects.filter(state=TestActivityState.ACTIVE)
    ongoing = Transfer.objects.filter(at_todays_addresses(), environment=environment)
    ongoing = ongoing.exclude(state__in=AT_REST_STATES)
    return active.exists() and not active.exclude(transfers__in=ongoing).exists()


def latest_transfer(test_activity: TestActivity, environment: str) -> Transfer | None:
    """What to show of `test_activity`: its ongoing transfer, otherwise the newest.

    One that was cancelled before it began has changed nothing at Skolverket, so it never hides one that did.
    """
    transfers = _transfers(test_activity, environment)
    return (
        ongoing_transfer(test_activity, environment)
        or began_or_waits(transfers).order_by("-created_at", "-pk").first()
        or transfers.order_by("-created_at", "-pk").first()
    )


def cancelled_since(test_activity: TestActivity, shown: Transfer) -> Transfer | None:
    """The newest transfer after `shown` that was cancelled before it began."""
    newer = _transfers(test_activity, shown.environment).filter(pk__gt=shown.pk)
    return newer.filter(state=TransferState.CANCELLED, started_at=None).order_by("-pk").first()


def began_or_waits(transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """Without those that were cancelled before they began."""
    return transfers.exclude(state=TransferState.CANCELLED, started_at=None)


def _transfers(test_activity: TestActivity, environment: str) -> QuerySet[Transfer]:
    found = Transfer.objects.filter(at_todays_addresses(), test_activities=test_activity, environment=environment)
    return found.select_related("created_by")
