"""What Skolverket refused in the latest transfers: a control looks at the register, and cannot know of it."""

import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Exists, Max, OuterRef

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import (
    ENDED_STATES,
    Action,
    ObjectResult,
    ObjectState,
    SyncJob,
    TestActivity,
    TestActivityState,
    Transfer,
)

_ARRIVED = (
    ObjectState.RECEIVED, ObjectState.WARNING, ObjectState.IN_TEST_PLATFORM, ObjectState.UNCHANGED, ObjectState.REMOVED
)  # fmt: skip
"""An object of which a later transfer says this is no longer refused."""


@dataclass(frozen=True, slots=True)
class Refused:
    """How many objects of each kind were refused and have not arrived since, the job that tells why, and where."""

    jobs: list[tuple[SyncJob, int]] = field(default_factory=list)
    units: Counter[str] = field(default_factory=Counter)
    """By school unit code, where it is known."""


def refused_lately(
    organisation: Organisation, test_activity: TestActivity | None = None, protected_too: bool = False
) -> Refused:
    """What was refused in the last ended transfer of each active test activity, or of one. Needs an active scope.

    Without `protected_too` no school unit counts its protected persons: the number would tell where they are.
    """
    transfers = Transfer.objects.filter(environment=organisation.environment, state__in=ENDED_STATES)
    transfers = transfers.filter(test_activities__state=TestActivityState.ACTIVE)
    if test_activity is not None:
        transfers = transfers.filter(test_activities=test_activity)
    latest = transfers.order_by().values("test_activities").annotate(latest=Max("pk")).values_list("latest", flat=True)
    refused = Refused()
    seen: set[uuid.UUID] = set()
    jobs = SyncJob.objects.filter(transfer__in=set(latest), action=Action.SEND, error__gt=0)
    for job in jobs.order_by("-transfer", "position"):
        number = 0
        for object_id, unit, restricted in _still_refused(job, organisation.environment):
            if object_id in seen:
                continue
            seen.add(object_id)
            number += 1
            if unit and (protected_too or not restricted):
                refused.units[unit] += 1
        if number:
            refused.jobs.append((job, number))
    return refused


def _still_refused(job: SyncJob, environment: str) -> list[tuple[uuid.UUID, str, bool]]:
    """The objects of `job` that no later transfer has brought there, with school unit and protection."""
    later = ObjectResult.objects.filter(
        object_id=OuterRef("object_id"),
        state__in=_ARRIVED,
        sync_job__transfer__gt=job.transfer_id,
        sync_job__transfer__environment=environment,
    )
    found = ObjectResult.objects.filter(sync_job=job, state=ObjectState.ERROR).exclude(Exists(later))
    return list(found.values_list("object_id", "school_unit_code", "restricted"))
