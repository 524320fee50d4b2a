"""The sync jobs that remove: activities first, persons last (rules.md X1–X2), with the guard before each.

A removal is listed before anything is sent: each object has its row, so that a page can show what is about to happen.
Where one kind is beyond its limit, all of them then wait for the same decision (review.py). Otherwise the rows are
packed into calls, and the pipeline sends them like any other.
"""

import uuid
import zlib
from bisect import bisect_right
from datetime import datetime
from functools import lru_cache
from math import inf

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from provsluss.provtjanst.packing import Packed, body_of, pack
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.batch_content import payloads_of
from provsluss.transfers.lifecycle.move import Why, move_jobs
from provsluss.transfers.lifecycle.outcomes import category_of
from provsluss.transfers.models import (
    AT_REST_STATES,
    ENDED_STATES,
    Accepted,
    Action,
    Batch,
    BatchState,
    Cause,
    Decision,
    ObjectResult,
    ObjectState,
    SyncJob,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline.batch_size import largest_call
from provsluss.transfers.pipeline.orphaned_calls import ask_for_left_behind
from provsluss.transfers.pipeline.prepare import without_a_result
from provsluss.transfers.remote.display_columns import Codes, removed_columns
from provsluss.transfers.removal.guard import LISTED_AT_A_TIME, beyond_limits, limits
from provsluss.transfers.removal.obsolete import release_wanted, still_to_remove, to_remove
from provsluss.transfers.removal.review import close_older_reviews
from provsluss.transfers.removal.skipped import WANTED_AGAIN, leave

PACKED_AT_A_TIME = 5000
"""An id takes 39 bytes in a call of at most 200 000."""
WAITS_WITH_THE_OTHERS = "Väntar på samma beslut: det som ska tas bort tas bort tillsammans, eller inte alls."


def begin_removals(transfer_id: int, attempt: int, until: float = inf) -> bool:
    """Make the sync jobs that remove, once the transfer's four steps have ended. Returns whether there is any.

    Calls that were left behind are asked for first, until that time (time.monotonic): it returns True too where there
    are more of them, and is to be called again. Earlier removals that still wait for a decision are closed: what they
    were about is looked at anew here.
    """
    transfer = Transfer.objects.select_related("organisation").filter(pk=transfer_id, attempt=attempt).first()
    if transfer is None or transfer.state in AT_REST_STATES or not transfer.removes:
        return False
    jobs = list(transfer.sync_jobs.values_list("action", "state"))
    if any(action == Action.REMOVE or state not in ENDED_STATES for action, state in jobs):
        return False
    if ask_for_left_behind(transfer, until):
        return True
    release_wanted(transfer.organisation, transfer.environment)
    ids = removals_of(transfer_id, attempt)
    found = [kind for kind in reversed(KINDS) if ids[kind]]
    close_older_reviews(transfer)
    with transaction.atomic():
        for kind in found:
            SyncJob.objects.get_or_create(
                transfer=transfer,
                kind=kind,
                action=Action.REMOVE,
                defaults={
                    "organisation": transfer.organisation,
                    "position": 2 * len(KINDS) - 1 - KINDS.index(kind),
                    "wanted": len(ids[kind]),
                },
            )
    return bool(found)


@lru_cache(maxsize=8)
def removals_of(transfer_id: int, attempt: int) -> dict[Kind, list[uuid.UUID]]:
    """What the transfer is to remove. Worked out once in each process and attempt."""
    transfer = Transfer.objects.select_related("organisation").get(pk=transfer_id, attempt=attempt)
    return to_remove(transfer.organisation, transfer.environment)


@lru_cache(maxsize=8)
def _codes(transfer_id: int) -> Codes:
    transfer = Transfer.objects.select_related("organisation").get(pk=transfer_id)
    return Codes(transfer.organisation, transfer.environment)


def forget_lists() -> None:
    """Let go of what `removals_of` and its like remember in this process."""
    removals_of.cache_clear()
    _codes.cache_clear()


def start_removal(job: SyncJob, kind: Kind, now: datetime) -> None:
    """List the next objects of a waiting sync job; after the last, let it run or wait for a decision."""
    ids = removals_of(job.transfer_id, job.transfer.attempt)[kind]
    start = bisect_right(ids, job.prepared_until) if job.prepared_until else 0
    piece = ids[start : start + LISTED_AT_A_TIME]
    mine = SyncJob.objects.filter(pk=job.pk, state=TransferState.QUEUED, prepared_until=job.prepared_until)
    if not piece:
        _after_listing(job, kind)
        return
    new = without_a_result(job, piece)
    organisation, environment = job.transfer.organisation, job.transfer.environment
    columns = removed_columns(organisation, environment, kind, new, _codes(job.transfer_id))
    results = [
        ObjectResult(sync_job=job, organisation_id=job.organisation_id, object_id=object_id, **columns[object_id])
        for object_id in new
        if object_id in columns
    ]
    with transaction.atomic():
        if mine.update(prepared_until=piece[-1], started_at=job.started_at or now):
            ObjectResult.objects.bulk_create(results, batch_size=500)


def _after_listing(job: SyncJob, kind: Kind) -> None:
    listed = ObjectResult.objects.filter(sync_job=job).count()
    why = _why_it_waits(job, kind)
    # From here on `prepared_until` says how far the rows have been packed into calls.
    state = TransferState.NEEDS_REVIEW if why else TransferState.RUNNING
    move_jobs(
        SyncJob.objects.filter(pk=job.pk, state=TransferState.QUEUED),
        state,
        Why(Cause.LISTED, why, category_of(state)),
        wanted=listed,
        prepared_until=None,
    )


def _why_it_waits(job: SyncJob, kind: Kind) -> str:
    """The reason in Swedish, or nothing."""
    if job.decision == Decision.APPROVED:
        return ""
    organisation, environment = job.transfer.organisation, job.transfer.environment
    removals = SyncJob.objects.filter(transfer=job.transfer_id, action=Action.REMOVE)
    left = removals.exclude(state__in=ENDED_STATES).values_list("kind", flat=True)
    to_go = removals_of(job.transfer_id, job.transfer.attempt)
    beyond = beyond_limits(organisation, environment, {one: len(to_go[one]) for one in KINDS if one in left})
    if kind not in beyond:
        return WAITS_WITH_THE_OTHERS if beyond else ""
    there = Accepted.objects.filter(organisation=organisation, environment=environment, kind=kind).count()
    limit = limits(organisation)[kind]
    return (
        f"{len(to_go[kind])} av {there} skulle tas bort hos Skolverket. Det är mer än skyddsgränsen, "
        f"{limit.percent} % och {limit.count} stycken."
    )


def prepare_removal(job: SyncJob) -> None:
    """Pack the next listed objects into a call. One transaction; safe to repeat."""
    listed = ObjectResult.objects.filter(sync_job=job, state=ObjectState.WAITING, batch=None).order_by("object_id")
    if job.prepared_until:
        listed = listed.filter(object_id__gt=job.prepared_until)
    ids = list(listed.values_list("object_id", flat=True)[:PACKED_AT_A_TIME])
    first = next(pack(((i, _in_a_call(i)) for i in ids), largest_call(job.transfer.environment)), None)
    packed = first if isinstance(first, Packed) else None
    now = timezone.now()
    with transaction.atomic():
        if (
            SyncJob.objects.filter(
                pk=job.pk, state=TransferState.RUNNING, prepared_until=job.prepared_until, prepared_at=None
            ).update(
                prepared_until=packed.ids[-1] if packed else job.prepared_until, prepared_at=None if packed else now
            )
            and packed
        ):
            _store_batch(job, packed)


def leave_what_is_wanted_again(batch: Batch, job: SyncJob, kind: Kind) -> bool:
    """Take out of a call that is about to be made what somebody wants by now. Returns whether anything is left in it.

    Hours can have passed since it was listed: a decision was waited for, or Skolverket was closed.
    """
    organisation, environment = job.transfer.organisation, job.transfer.environment
    ids = list(payloads_of(batch))
    still = still_to_remove(organisation, environment, kind, ids)
    stay = [i for i in ids if i not in still]
    if not stay:
        return True
    left = [i for i in ids if i in still]
    body = body_of(map(_in_a_call, left))
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            object_count=len(left),
            byte_size=len(body),
            payload=zlib.compress(body, 6),
            state=BatchState.PREPARED if left else BatchState.SPLIT,
            finished_at=None if left else timezone.now(),
        ):
            return False
        leave(job, stay, WANTED_AGAIN)
    batch.refresh_from_db()
    return bool(left)


def _in_a_call(object_id: uuid.UUID) -> bytes:
    return f'"{object_id}"'.encode()


def _store_batch(job: SyncJob, packed: Packed[uuid.UUID]) -> None:
    batch = Batch.objects.create(
        sync_job=job,
        organisation_id=job.organisation_id,
        number=(job.batches.aggregate(last=Max("number"))["last"] or 0) + 1,
        object_count=len(packed.ids),
        byte_size=len(packed.body),
        payload=zlib.compress(packed.body, 6),
    )
    ObjectResult._base_manager.filter(sync_job=job, object_id__in=packed.ids).update(batch=batch)
