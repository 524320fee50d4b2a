"""The decision about a removal beyond the limit: approve or refuse; and what was kept is released.

Everything else of the transfer has flowed; only its sync jobs that remove wait here (design.md section 3.4).
"""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from provsluss.organisations.decision_log import What, log_decision
from provsluss.organisations.models import Organisation, User
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.lifecycle.changes import went_elsewhere
from provsluss.transfers.lifecycle.move import Why, move_jobs, move_transfers
from provsluss.transfers.lifecycle.outcomes import end_with, outcomes_of
from provsluss.transfers.lifecycle.worst_state import worst_state
from provsluss.transfers.models import (
    ENDED_STATES,
    Accepted,
    Action,
    Cause,
    Decision,
    ObjectResult,
    ObjectState,
    SyncJob,
    Transfer,
    TransferState,
)
from provsluss.transfers.removal.skipped import NOT_DECIDED, REFUSED, leave

_TOO_LATE = "Det finns inget kvar att besluta om. Någon annan kan ha hunnit före."


class AlreadyDecided(Exception):
    """Why nothing was decided: a Swedish sentence for the one who pressed."""


def waiting(transfer: Transfer) -> list[SyncJob]:
    """The sync jobs that wait for a decision, in the order in which they would run. Needs the organisation's scope."""
    jobs = SyncJob.objects.filter(transfer=transfer, action=Action.REMOVE, state=TransferState.NEEDS_REVIEW)
    return list(jobs.order_by("position"))


def approve(transfer: Transfer, user: User | None) -> None:
    """Let the removals run, and keep who decided and when. The caller orders the transfer.

    Raises AlreadyDecided, also when there is nothing left to decide because the environment has another address now.
    What somebody wants again when it comes to it is still not removed.
    """
    if transfer.is_elsewhere:
        raise AlreadyDecided(went_elsewhere(transfer))
    with transaction.atomic():
        approved = Why(Cause.APPROVED)
        if not move_transfers(_undecided(transfer), TransferState.QUEUED, approved, attempt=F("attempt") + 1):
            raise AlreadyDecided(_TOO_LATE)
        _decide(transfer, user, Decision.APPROVED, TransferState.RUNNING, approved)
    transfer.refresh_from_db()


def refuse(transfer: Transfer, user: User | None) -> None:
    """Remove nothing. The objects stay at Skolverket and are not proposed again until they have been wanted again, or
    until somebody releases them. Raises AlreadyDecided."""
    outcomes = outcomes_of(transfer)
    with transaction.atomic():
        jobs = waiting(transfer)
        if not end_with(outcomes, _undecided(transfer), worst_state(_states(transfer)), Cause.REFUSED):
            raise AlreadyDecided(_TOO_LATE)
        for job in jobs:
            _keep(job, user)
        kept = Why(Cause.REFUSED, "Borttagningen nekades. Uppgifterna finns kvar hos Skolverket.")
        _decide(transfer, user, Decision.REFUSED, TransferState.DONE, kept, finished_at=timezone.now())
    transfer.refresh_from_db()


def release_kept(organisation: Organisation, environment: str, kind: Kind, ids: Iterable[uuid.UUID]) -> int:
    """Let the next transfer remove what was kept until now. Returns how many. Needs the organisation's scope."""
    kept = Accepted.objects.filter(organisation=organisation, environment=environment, kind=kind, object_id__in=ids)
    return kept.exclude(kept_at=None).update(kept_at=None, kept_by=None)


def close_older_reviews(transfer: Transfer) -> None:
    """A newer transfer has come as far as its own removals: older ones need no decision any more."""
    older = Transfer.objects.filter(**transfer.place, pk__lt=transfer.pk, state=TransferState.NEEDS_REVIEW)
    for one in older.select_related("organisation"):
        jobs, outcomes = waiting(one), outcomes_of(one)
        with transaction.atomic():
            # Somebody may be deciding at this very moment; whoever comes first has decided.
            if not end_with(outcomes, _undecided(one), worst_state(_states(one)), Cause.SUPERSEDED):
                continue
            for job in jobs:
                for ids in _left_in(job):
                    leave(job, ids, NOT_DECIDED)
            why = Why(Cause.SUPERSEDED, f"Inget beslut togs. Överföring {transfer.pk} prövade borttagningen på nytt.")
            move_jobs(_undecided_jobs(one), TransferState.DONE, why, finished_at=timezone.now())


def _undecided(transfer: Transfer) -> "QuerySet[Transfer]":
    return Transfer.objects.filter(pk=transfer.pk, state=TransferState.NEEDS_REVIEW)


def _undecided_jobs(transfer: Transfer) -> "QuerySet[SyncJob]":
    return SyncJob.objects.filter(transfer=transfer, state=TransferState.NEEDS_REVIEW)


def _decide(
    transfer: Transfer, user: User | None, decision: Decision, to: TransferState, why: Why, **changes: Any
) -> None:
    changes |= {"decision": decision, "decided_by": user, "decided_at": timezone.now()}
    move_jobs(_undecided_jobs(transfer), to, why, **changes)
    log_decision(
        What.REVIEW,
        str(TransferState.NEEDS_REVIEW.label),
        str(decision.label),
        by=user,
        organisation=transfer.organisation,
        about=f"överföring {transfer.pk}",
    )


def _keep(job: SyncJob, user: User | None) -> None:
    for ids in _left_in(job):
        accepted = Accepted.everywhere.filter(**job.transfer.place, kind=job.kind, object_id__in=ids)
        accepted.update(kept_at=timezone.now(), kept_by=user)
        leave(job, ids, REFUSED)


def _left_in(job: SyncJob) -> Iterator[list[uuid.UUID]]:
    """What waits in the sync job, so many ids at a time as fit in a condition."""
    left = ObjectResult.objects.filter(sync_job=job, state=ObjectState.WAITING)
    while ids := list(left.values_list("object_id", flat=True)[:5000]):
        yield ids


def _states(transfer: Transfer) -> set[str]:
    """The states of the sync jobs that have ended."""
    return set(SyncJob.objects.filter(transfer=transfer, state__in=ENDED_STATES).values_list("state", flat=True))
