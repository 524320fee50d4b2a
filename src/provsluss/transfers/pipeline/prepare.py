"""Make objects ready for sending: results and batches as rows, some hundreds of objects at a time.

Objects are taken in the order of their ids, and the sync job remembers how far it has come. A crash between two pieces
costs nothing, the first call leaves before the last object has been looked at, and memory stays flat.
"""

import time
import uuid
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from provsluss.provtjanst.packing import Packed, TooLarge, pack
from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.desired.objects import PIECE, Wanted, wanted_objects
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Batch, ObjectResult, ObjectState, Purpose, SyncJob
from provsluss.transfers.pipeline.batch_size import largest_call
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.restoration import Restoration

LOOK_SECONDS = 4.0
"""So long at most we look for changed objects to fill a call with, where most are unchanged."""


@dataclass(slots=True)
class _Piece:
    """What one piece came to."""

    batches: list[Packed[uuid.UUID]] = field(default_factory=list)
    to_send: dict[uuid.UUID, Wanted] = field(default_factory=dict)
    withheld: dict[uuid.UUID, Wanted] = field(default_factory=dict)
    unchanged: set[uuid.UUID] = field(default_factory=set)
    # Unchanged, but somebody is still missing in it: not sent again, and not green either.
    incomplete: dict[uuid.UUID, Wanted] = field(default_factory=dict)


def prepare_piece(
    job: SyncJob, kind: Kind, selection: Selection | Restoration, there: RemoteState, catalogue: Catalogue
) -> bool:
    """Make the next piece of `job` ready. Returns whether there may be more. One transaction; safe to repeat."""
    ids = selection.ids(kind)
    start = bisect_right(ids, job.prepared_until) if job.prepared_until else 0
    piece, end = _Piece(), start
    until_when = time.monotonic() + LOOK_SECONDS
    while end < len(ids) and len(piece.batches) < 2 and (end == start or time.monotonic() < until_when):
        next_ids = ids[end : end + _objects_at_a_time(job, kind)]
        end += len(next_ids)
        if job.transfer.attempt > 1:
            next_ids = without_a_result(job, next_ids)
        if isinstance(selection, Restoration):
            wanted = selection.objects(kind, next_ids)
        else:
            wanted = wanted_objects(selection, kind, next_ids, there, catalogue)
        everything = job.transfer.purpose == Purpose.SEND_EVERYTHING
        _look_at(piece, wanted, kind, there, everything, largest_call(job.transfer.environment))
    is_last = end >= len(ids)
    until = ids[end - 1] if ids else None
    if not is_last and len(piece.batches) > 1:
        until = _leave_last_batch(piece, ids)

    now = timezone.now()
    with transaction.atomic():
        claimed = SyncJob.objects.filter(pk=job.pk, prepared_until=job.prepared_until, prepared_at=None).update(
            prepared_until=until or job.prepared_until,
            prepared_at=now if is_last else None,
            unchanged=F("unchanged") + len(piece.unchanged),
            withheld=F("withheld") + len(piece.withheld),
            warning=F("warning") + len(piece.incomplete),
        )
        if not claimed:  # somebody else prepared this piece
            job.refresh_from_db()
            return job.prepared_at is None
        _store(job, piece)
    job.refresh_from_db()
    return not is_last


def _objects_at_a_time(job: SyncJob, kind: Kind) -> int:
    """Just more than the last call held, so that hardly anything is looked at twice."""
    last = job.batches.order_by("-number").values_list("object_count", flat=True).first()
    return PIECE[kind] if last is None else max(PIECE[kind] // 10, last + last // 30 + 1)


def without_a_result(job: SyncJob, ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Those of `ids` that have no result yet: a resumed job may have sent some before it was cancelled."""
    settled = set(ObjectResult.objects.filter(sync_job=job, object_id__in=ids).values_list("object_id", flat=True))
    return [object_id for object_id in ids if object_id not in settled]


def _look_at(piece: _Piece, wanted: list[Wanted], kind: Kind, there: RemoteState, everything: bool, limit: int) -> None:
    """Sort `wanted` into the piece, and pack what is to be sent: what has changed, or `everything`.

    Calls are filled to `limit` bytes.
    """
    payloads_now = {w.object_id: w.payload for w in wanted if w.payload is not None}
    unchanged = set() if everything else there.unchanged(kind, payloads_now)
    for one in wanted:
        if one.is_withheld:
            piece.withheld[one.object_id] = one
        elif one.object_id in unchanged and one.findings:
            piece.incomplete[one.object_id] = one
        elif one.object_id in unchanged:
            piece.unchanged.add(one.object_id)
        else:
            piece.to_send[one.object_id] = one
    payloads = [(object_id, one.payload or b"") for object_id, one in piece.to_send.items()]
    piece.batches.clear()
    for packed in pack(payloads, limit, settings.MAX_PAYLOAD_BYTES):
        if isinstance(packed, TooLarge):
            one = piece.to_send.pop(packed.id)
            one.hold_back_too_large(packed.size)
            piece.withheld[one.object_id] = one
        else:
            piece.batches.append(packed)


def _leave_last_batch(piece: _Piece, ids: list[uuid.UUID]) -> uuid.UUID:
    """Leave the last, half-filled batch to the next piece. Returns the last id that this piece has dealt with."""
    first_left = piece.batches.pop().ids[0]
    for objects in (piece.to_send, piece.withheld, piece.incomplete):
        for object_id in [i for i in objects if i >= first_left]:
            del objects[object_id]
    piece.unchanged = {i for i in piece.unchanged if i < first_left}
    return ids[bisect_left(ids, first_left) - 1]


def _store(job: SyncJob, piece: _Piece) -> None:
    last = job.batches.aggregate(last=Max("number"))["last"] or 0
    for number, packed in enumerate(piece.batches, start=last + 1):
        batch = Batch.objects.create(
            sync_job=job,
            organisation_id=job.organisation_id,
            number=number,
            object_count=len(packed.ids),
            byte_size=len(packed.body),
            payload=zlib.compress(packed.body, 6),
        )
        _store_results(job, (piece.to_send[i] for i in packed.ids), ObjectState.WAITING, batch)
    _store_results(job, piece.withheld.values(), ObjectState.WITHHELD, None)
    _store_results(job, piece.incomplete.values(), ObjectState.WARNING, None)


def _store_results(job: SyncJob, wanted: Iterable[Wanted], state: ObjectState, batch: Batch | None) -> None:
    ObjectResult.objects.bulk_create(
        [
            ObjectResult(
                sync_job=job,
                organisation_id=job.organisation_id,
                batch=batch,
                object_id=one.object_id,
                state=state,
                findings=one.findings,
                **one.columns,
            )
            for one in wanted
        ],
        batch_size=500,
    )
