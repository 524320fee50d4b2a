"""Skolverket's answers, stored: the results, the batch's end and what is now accepted, in one transaction."""

import json
import uuid
import zlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provsluss.provtjanst.answers import JobItem, LogEntry
from provsluss.provtjanst.packing import body_of
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.at_skolverket import AtSkolverket
from provsluss.transfers.models import Action, Batch, BatchState, ObjectResult, ObjectState, Purpose, SyncJob
from provsluss.transfers.restoring import note_restored
from provsluss.transfers.unknown_codes import count_unknown_codes

MAX_TEMPORARY_ERRORS = 8
"""So many times an object is sent again after TemporaryError before it counts as an error."""


def record_answer(batch: Batch, kind: Kind, items: Sequence[JobItem], raw: bytes, there: AtSkolverket) -> None:
    """Store a finished job's answer. Does nothing if the batch has been settled by somebody else.

    Objects with TemporaryError go into a new batch of the same job. Objects without any answer count as errors.
    """
    results = {r.object_id: r for r in ObjectResult.objects.filter(batch=batch)}
    answers = {object_id: item for item in items if (object_id := as_uuid(item.object_id)) in results}
    job = batch.sync_job
    removes = job.action == Action.REMOVE
    accepted = {i for i, item in answers.items() if _is_accepted(item, removes)}
    again = [
        i
        for i, item in answers.items()
        if item.status == "TemporaryError" and results[i].temporary_errors < MAX_TEMPORARY_ERRORS
    ]
    payloads = payloads_of(batch, accepted.union(again))

    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state=BatchState.POSTED).update(
            state=BatchState.DONE, answer=zlib.compress(raw, 6), finished_at=timezone.now(), next_try_at=None
        ):
            return
        _settle(batch, results, answers, set(again))
        if removes:
            there.take_away(kind, job.transfer_id, accepted)
        else:
            received = ((i, payloads[i], answers[i].status == "Warning") for i in accepted)
            there.accept(kind, job.transfer_id, received, batch.posted_at)
        if job.transfer.purpose == Purpose.RESTORE:
            note_restored(job.transfer, kind, accepted)
        if again:
            resend(batch, {i: payloads[i] for i in again}, temporary=True)
        entries = [entry for item in answers.values() for entry in item.entries]
        count_unknown_codes(batch.sync_job.transfer.environment, kind, entries)


def _settle(
    batch: Batch,
    results: dict[uuid.UUID, ObjectResult],
    answers: dict[uuid.UUID, JobItem],
    again: Collection[uuid.UUID],
) -> None:
    now = timezone.now()
    changed: list[ObjectResult] = []
    removes = batch.sync_job.action == Action.REMOVE
    well = ObjectState.REMOVED if removes else ObjectState.RECEIVED
    counts = {well: 0, ObjectState.WARNING: 0, ObjectState.ERROR: 0}
    for object_id, result in results.items():
        if object_id in again:
            continue
        item = answers.get(object_id)
        state = _state(item, result, removes)
        counts[state] += 1
        if state == well:
            continue
        result.state, result.finished_at = state, now
        if item is None:
            result.findings = [
                *result.findings,
                {"code": "unanswered", "sentence": "Skolverket svarade inte om den här uppgiften.", "object_ids": []},
            ]
        else:
            result.messages = [message(entry) for entry in item.entries]
        changed.append(result)
    # By batch, and not by ids alone: the batch is what SQLite can find the rows by.
    of_batch = ObjectResult.objects.filter(batch=batch)
    others = [*(result.pk for result in changed), *(results[object_id].pk for object_id in again)]
    of_batch.exclude(pk__in=others).update(state=well, finished_at=now)
    of_batch.bulk_update(changed, ["state", "finished_at", "messages", "findings"], batch_size=200)
    add_to_counts(batch.sync_job, counts)


def _is_accepted(item: JobItem, removes: bool) -> bool:
    """Whether Skolverket did as it was told. To remove what is gone already is as good (rules.md X1)."""
    return item.status in ("Success", "Warning") or (removes and item.status_code == 404)


def _state(item: JobItem | None, result: ObjectResult, removes: bool) -> ObjectState:
    if item is None or not _is_accepted(item, removes):
        return ObjectState.ERROR
    if removes:
        return ObjectState.REMOVED
    # A group that lacks pupils is not green, whatever Skolverket says of the rest.
    return ObjectState.WARNING if item.status == "Warning" or result.findings else ObjectState.RECEIVED


def add_to_counts(job: SyncJob, counts: dict[ObjectState, int]) -> None:
    """Add newly settled objects to the sync job's totals."""
    SyncJob.objects.filter(pk=job.pk).update(
        success=F("success") + counts.get(ObjectState.RECEIVED, 0),
        warning=F("warning") + counts.get(ObjectState.WARNING, 0),
        error=F("error") + counts.get(ObjectState.ERROR, 0),
        removed=F("removed") + counts.get(ObjectState.REMOVED, 0),
    )


def record_refusal(batch: Batch, entries: Sequence[LogEntry], sentence: str, code: str) -> None:
    """The whole batch ended without answers per object: every object in it is an error, for the same reason."""
    now = timezone.now()
    messages = [message(entry) for entry in entries]
    finding = {"code": code, "sentence": sentence, "object_ids": []}
    job = batch.sync_job
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state__in=[BatchState.PREPARED, BatchState.POSTED]).update(
            state=BatchState.REFUSED, problem=sentence, finished_at=now, next_try_at=None
        ):
            return
        results = list(ObjectResult.objects.filter(batch=batch))
        for result in results:
            result.state, result.finished_at, result.messages = ObjectState.ERROR, now, messages
            result.findings = [*result.findings, finding]
        ObjectResult.objects.filter(batch=batch).bulk_update(
            results, ["state", "finished_at", "messages", "findings"], batch_size=200
        )
        add_to_counts(job, {ObjectState.ERROR: len(results)})
        count_unknown_codes(job.transfer.environment, job.kind, entries)  # type: ignore[arg-type]


def split(batch: Batch) -> None:
    """Put the batch's objects into two new batches of half the size. Does nothing if it is already settled."""
    payloads = payloads_of(batch)
    ids = list(payloads)
    with transaction.atomic():
        if Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            state=BatchState.SPLIT, finished_at=timezone.now()
        ):
            for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
                resend(batch, {i: payloads[i] for i in half}, temporary=False)


def resend(batch: Batch, payloads: dict[uuid.UUID, bytes], temporary: bool) -> None:
    """A new batch with these objects of `batch`. Call inside a transaction."""
    body = body_of(payloads.values())
    job = batch.sync_job
    new = Batch.objects.create(
        sync_job=job,
        organisation_id=batch.organisation_id,
        number=(job.batches.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
        object_count=len(payloads),
        byte_size=len(body),
        payload=zlib.compress(body, 6),
        next_try_at=timezone.now() + _pause_after_temporary_error(batch) if temporary else None,
    )
    results = ObjectResult.objects.filter(sync_job=job, object_id__in=payloads)
    if temporary:
        results.update(batch=new, state=ObjectState.WAITING, temporary_errors=F("temporary_errors") + 1)
        SyncJob.objects.filter(pk=job.pk).update(sent=F("sent") - len(payloads))
    else:
        results.update(batch=new)


def _pause_after_temporary_error(batch: Batch) -> timedelta:
    tries = (
        ObjectResult.objects.filter(batch=batch)
        .order_by("-temporary_errors")
        .values_list("temporary_errors", flat=True)
    )
    return timedelta(seconds=min(2 ** (tries.first() or 0), 300))


def payloads_of(batch: Batch, ids: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, bytes]:
    """What the batch says of each object (of `ids`, or of all): id → compact JSON, in the order sent.

    A call that removes only says the ids.
    """
    data = json.loads(zlib.decompress(bytes(batch.payload or b"")))["data"]
    pairs = ((uuid.UUID(one if isinstance(one, str) else one["id"]), one) for one in data)
    return {i: compact_json(one) for i, one in pairs if ids is None or i in ids}


def compact_json(value: Any) -> bytes:
    """Compact UTF-8 JSON; of a record's own JSON it gives the same bytes back."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def message(entry: LogEntry) -> dict[str, Any]:
    """A log entry as ObjectResult.messages keeps it."""
    return {
        "code": entry.code,
        "message": entry.message,
        "message_type": entry.message_type,
        "attribute": entry.attribute,
        "value": entry.value,
        "severity": entry.severity,
        "status_code": entry.status_code,
    }
