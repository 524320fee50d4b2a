"""Handing over to the engine what has been ordered (outbox/): the worker alone does it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.operations import workflows
from provsluss.outbox.models import OutboxEntry, Task
from provsluss.register.models import Import, ImportState
from provsluss.transfers.models import Control, ControlState, Plan, PlanState, Transfer, TransferState

_Row = TypeVar("_Row")

CLAIM_LASTS = timedelta(seconds=15)
"""A worker that has claimed an entry for so long without handing it over has died in the middle."""


def hand_over() -> int:
    """Give the engine what stands in the outbox. Returns how many entries. Raises the engine's TROUBLE.

    An entry is claimed, handed over, and deleted; a crash in between repeats the handing over, which the engine knows
    from the workflow's id. What the engine cannot take now stands there until the next time.
    """
    handed = 0
    free = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM_LASTS)
    for entry in OutboxEntry.objects.filter(free):
        if OutboxEntry.objects.filter(free, pk=entry.pk).update(claimed_at=timezone.now()):
            try:
                _give_to_engine(entry)
            except workflows.TROUBLE:
                OutboxEntry.objects.filter(pk=entry.pk).update(claimed_at=None)
                raise
            entry.delete()
            handed += 1
    return handed


def _give_to_engine(entry: OutboxEntry) -> None:
    """Nothing happens where the row is gone or has gone on: somebody has cancelled or discarded it meanwhile."""
    with scopes_disabled():
        match entry.task:
            case Task.TRANSFER:
                waiting = Transfer.objects.filter(pk=entry.object_id, state=TransferState.QUEUED)
                _each(waiting.first(), workflows.enqueue_transfer)
            case Task.READ_IMPORT:
                reading = Import.objects.filter(pk=entry.object_id, state=ImportState.READING)
                _each(reading.first(), workflows.enqueue_import_reading)
            case Task.STORE_IMPORT:
                storing = Import.objects.filter(pk=entry.object_id, state=ImportState.STORING)
                _each(storing.first(), workflows.enqueue_import_storing)
            case Task.PLAN:
                asked = Plan.objects.filter(pk=entry.object_id, state=PlanState.WORKING)
                _each(asked.first(), workflows.enqueue_plan)
            case Task.CONTROL:
                queued = Control.objects.filter(pk=entry.object_id, state=ControlState.QUEUED)
                _each(queued.first(), workflows.enqueue_control)


def _each(row: _Row | None, enqueue: Callable[[_Row], None]) -> None:
    if row is not None:
        enqueue(row)
