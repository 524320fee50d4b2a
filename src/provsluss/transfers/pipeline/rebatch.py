"""A batch's objects put into new batches: after a call that was too large, a TemporaryError or a missing answer."""

import uuid
import zlib
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provsluss.provtjanst.packing import body_of
from provsluss.transfers.batch_content import payloads_of
from provsluss.transfers.models import Batch, BatchState, ObjectResult, ObjectState, SyncJob
from provsluss.transfers.remote.unconfirmed import note_never_answered


def split(batch: Batch) -> None:
    """Put the batch's objects into two new batches of half the size. Does nothing if it is already settled."""
    payloads = payloads_of(batch)
    ids = list(payloads)
    with transaction.atomic():
        if not was_posted_once(batch):  # refused this time; the halves know nothing of an earlier time
            note_never_answered(batch)
        if Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            state=BatchState.SPLIT, finished_at=timezone.now()
        ):
            for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
                _new_batch(batch, {i: payloads[i] for i in half})


def send_again_later(batch: Batch, payloads: dict[uuid.UUID, bytes]) -> None:
    """These objects of `batch` got TemporaryError: a new batch after a pause. Call inside a transaction."""
    results = _send_again(batch, payloads, timezone.now() + _pause_after_temporary_error(batch))
    results.update(temporary_errors=F("temporary_errors") + 1)


def send_again_now(batch: Batch, payloads: dict[uuid.UUID, bytes]) -> None:
    """These objects of `batch` got no answer, and are not there: a new batch. Call inside a transaction."""
    _send_again(batch, payloads, None)


def _send_again(batch: Batch, payloads: dict[uuid.UUID, bytes], not_before: datetime | None) -> Any:
    new = _new_batch(batch, payloads, not_before)
    SyncJob.objects.filter(pk=batch.sync_job_id).update(sent=F("sent") - len(payloads))
    results = ObjectResult.objects.filter(batch=new)
    results.update(state=ObjectState.WAITING)
    return results


def was_posted_once(batch: Batch) -> bool:
    """Whether all that Skolverket has heard of the batch's objects through it is the one call that was just made."""
    return Batch.objects.filter(pk=batch.pk, attempts=1, forgotten=0).exists()


def _new_batch(batch: Batch, payloads: dict[uuid.UUID, bytes], not_before: datetime | None = None) -> Batch:
    """A new batch of the same sync job, with these objects in it. Call inside a transaction."""
    body = body_of(payloads.values())
    # The lock lets one at a time take the next number.
    job = SyncJob.objects.select_for_update(no_key=True).get(pk=batch.sync_job_id)
    new = Batch.objects.create(
        sync_job=job,
        organisation_id=batch.organisation_id,
        number=(job.batches.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        object_count=len(payloads),
        byte_size=len(body),
        payload=zlib.compress(body, 6),
        next_try_at=not_before,
    )
    ObjectResult.objects.filter(sync_job=job, object_id__in=payloads).update(batch=new)
    return new


def _pause_after_temporary_error(batch: Batch) -> timedelta:
    tries = (
        ObjectResult.objects.filter(batch=batch)
        .order_by("-temporary_errors")
        .values_list("temporary_errors", flat=True)
    )
    return timedelta(seconds=min(2 ** (tries.first() or 0), 300))
