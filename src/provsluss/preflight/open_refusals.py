"""Which objects Skolverket refused in the latest transfers and has not accepted since."""

from collections.abc import Iterator

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import (
    AT_REST_STATES,
    Action,
    ObjectResult,
    ObjectState,
    Purpose,
    SyncJob,
    TestActivityState,
    Transfer,
    TransferState,
    at_todays_addresses,
)

_ARRIVED = (ObjectState.RECEIVED, ObjectState.WARNING, ObjectState.UNCHANGED, ObjectState.REMOVED)
"""An object of which a later transfer says this is no longer refused."""


def refused_objects(organisation: Organisation) -> Iterator[tuple[SyncJob, "QuerySet[ObjectResult]"]]:
    """The sync jobs that refused something, the latest first, with what is still refused. Needs an active scope.

    An object can stand in several; the first of them counts.
    """
    for job in _jobs(organisation).order_by("-transfer_id", "position"):
        yield job, _still_refused(organisation.environment).filter(sync_job=job)


def refused_state(organisation: Organisation) -> str:
    """A fingerprint of it: another one when a transfer has refused something, or brought there what was refused."""
    jobs = list(_jobs(organisation).values_list("pk", flat=True))
    counted = _still_refused(organisation.environment).filter(sync_job__in=jobs).order_by()
    numbers = counted.values_list("sync_job").annotate(number=Count("pk"))
    return " ".join(f"{job}:{number}" for job, number in sorted(numbers)) if jobs else ""


def _jobs(organisation: Organisation) -> "QuerySet[SyncJob]":
    """Those of the last whole transfer of each active test activity, and of what was broken off or about one person
    since."""
    at_rest = Transfer.objects.filter(
        at_todays_addresses(), environment=organisation.environment, state__in=AT_REST_STATES
    )
    parts = Q(state=TransferState.CANCELLED) | Q(purpose=Purpose.ONE_PERSON)
    whole = at_rest.exclude(parts).filter(test_activities__state=TestActivityState.ACTIVE).order_by()
    latest = set(whole.values("test_activities").annotate(latest=Max("pk")).values_list("latest", flat=True))
    since = at_rest.filter(parts, pk__gt=min(latest, default=0)).values_list("pk", flat=True)
    return SyncJob.objects.filter(transfer__in=latest.union(since), action=Action.SEND, error__gt=0)


def _still_refused(environment: str) -> "QuerySet[ObjectResult]":
    later = ObjectResult.objects.filter(
        at_todays_addresses("sync_job__transfer__"),
        object_id=OuterRef("object_id"),
        state__in=_ARRIVED,
        sync_job__transfer__gt=OuterRef("sync_job__transfer"),
        sync_job__transfer__environment=environment,
    )
    return ObjectResult.objects.filter(state=ObjectState.ERROR).exclude(Exists(later))
