"""The only place that writes the state of a transfer or a sync job, with all that must agree with it.

In one transaction: the state by conditional UPDATE from a state that the table allows (steps.py), what is said of it
and who must act, the outcomes of a transfer whose steps have gone through, and an event row. So no state is without the
event that led to it, and no transfer that has gone through is without outcomes.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from provsluss.batching import AT_A_TIME
from provsluss.transfers.lifecycle import steps
from provsluss.transfers.models import (
    TOLD_STATES,
    Category,
    Cause,
    Outcome,
    SyncJob,
    Transfer,
    TransferEvent,
    TransferState,
)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a state changes: the cause, what is said of it in Swedish, and who must act."""

    cause: Cause
    message: str = ""
    category: Category | None = None

    @property
    def fields(self) -> dict[str, str]:
        """As transfers and sync jobs keep it."""
        return {"message": self.message, "category": self.category or ""}


def move_transfers(
    which: "QuerySet[Transfer]",
    to: TransferState,
    why: Why,
    *,
    outcomes: Sequence[Outcome] | None = None,
    stay: bool = False,
    **changes: Any,
) -> list[int]:
    """Bring the transfers of `which` that may come there to the state `to`, and write `changes` with it.

    With `stay` those that are there already count too: they are changed, but it is no step. Returns the ids of all that
    were changed. `outcomes` are those of the one transfer that it is about, and come with the TOLD_STATES alone, in
    which they are kept; ValueError says that somebody has forgotten them.
    """
    if (to in TOLD_STATES) != (outcomes is not None):
        raise ValueError(f"{to} and outcomes {outcomes is not None}")
    with transaction.atomic(using=which.db):
        moved = _move(which, steps.TRANSFER, to, why, stay, changes)
        told = [one.pk for one in moved if to in TOLD_STATES or one.state in TOLD_STATES]
        if told:
            Outcome._base_manager.using(which.db).filter(transfer__in=told).delete()
        if moved and outcomes:
            Outcome._base_manager.using(which.db).bulk_create(outcomes, batch_size=AT_A_TIME)
        _note(which.db, to, why, [(one, one.pk, None) for one in moved])
    return [one.pk for one in moved]


def move_jobs(
    which: "QuerySet[SyncJob]", to: TransferState, why: Why, *, stay: bool = False, **changes: Any
) -> list[int]:
    """The same for sync jobs."""
    with transaction.atomic(using=which.db):
        moved = _move(which, steps.SYNC_JOB, to, why, stay, changes)
        _note(which.db, to, why, [(one, one.transfer_id, one.pk) for one in moved if one.transfer_id])
    return [one.pk for one in moved]


def note_new(transfer: Transfer) -> None:
    """The first event of a transfer that has just been made. Call in the transaction that made it."""
    TransferEvent._base_manager.create(
        organisation_id=transfer.organisation_id, transfer=transfer, to_state=transfer.state, cause=Cause.PRESSED
    )


@dataclass(frozen=True, slots=True)
class _Moved:
    pk: int
    state: str  # that it left
    organisation_id: uuid.UUID
    transfer_id: int | None  # of a sync job


def _move(
    which: "QuerySet[Transfer] | QuerySet[SyncJob]",
    table: Mapping[TransferState, frozenset[TransferState]],
    to: TransferState,
    why: Why,
    stay: bool,
    changes: Mapping[str, object],
) -> list[_Moved]:
    """Each row by an UPDATE from the state in which it was seen; whom somebody else moves meanwhile is seen again."""
    sources = {*table[to], to} if stay else table[to]
    columns = ["pk", "state", "organisation_id", *(["transfer_id"] if which.model is SyncJob else [])]
    moved: list[_Moved] = []
    while seen := list(
        which.filter(state__in=sources).exclude(pk__in=[one.pk for one in moved]).order_by().values_list(*columns)
    ):
        for pk, state, organisation_id, *rest in seen:
            # All of `which` again in the WHERE: its attempt can be another by now, in the same state.
            if which.filter(pk=pk, state=state).update(state=to, **why.fields, **changes):
                moved.append(_Moved(pk, state, organisation_id, rest[0] if rest else None))
    return moved


def _note(database: str, to: TransferState, why: Why, moved: Sequence[tuple[_Moved, int, int | None]]) -> None:
    TransferEvent._base_manager.using(database).bulk_create(
        TransferEvent(
            organisation_id=one.organisation_id,
            transfer_id=transfer_id,
            sync_job_id=sync_job_id,
            from_state=one.state,
            to_state=to,
            category=why.category or "",
            cause=why.cause,
        )
        for one, transfer_id, sync_job_id in moved
        if one.state != to
    )
