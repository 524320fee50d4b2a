"""Notes what Skolverket may have of a call that it never answered."""

from typing import cast

from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.batch_content import payloads_of
from provsluss.transfers.models import Action, Batch, BatchState, ObjectResult, ObjectState
from provsluss.transfers.remote.accepted import RemoteState


def note_never_answered(batch: Batch) -> None:
    """Nobody will know what came of a call about the batch: see RemoteState. Call inside a transaction.

    Of one that was answered in part, only what the answer left out is meant.
    """
    job = batch.sync_job
    if job.action != Action.SEND:
        return
    there = RemoteState.of(job.transfer)
    ids = None
    if batch.state == BatchState.UNANSWERED:
        ids = set(
            ObjectResult._base_manager.filter(batch=batch, state=ObjectState.SENT).values_list("object_id", flat=True)
        )
    there.never_answered(cast("Kind", job.kind), job.transfer_id, payloads_of(batch, ids))
