"""Skolverket's answers, stored: the results, the batch's end and what is now accepted, in one transaction."""

import uuid
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provsluss.provtjanst.answers import JobItem, LogEntry, fates
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.batch_content import payloads_of
from provsluss.transfers.models import Action, Batch, BatchState, ObjectResult, ObjectState, Purpose, SyncJob
from provsluss.transfers.pipeline.rebatch import send_again_later, was_posted_once
from provsluss.transfers.pipeline.unconfirmed import Finding, mark_unanswered, settled_findings
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.restoration import note_restored
from provsluss.transfers.remote.unconfirmed import note_never_answered
from provsluss.transfers.remote.unknown_codes import count_unknown_codes

MAX_TEMPORARY_ERRORS = 8
"""So many times an object is sent again after TemporaryError before it counts as an error."""


def record_answer(batch: Batch, kind: Kind, items: Sequence[JobItem], raw: bytes, there: RemoteState) -> None:
    """Store a finished job's answer. Does nothing if the batch has been settled by somebody else.

    Objects with TemporaryError go into a new batch of the same job. If there are objects without any answer, the batch
    is UNANSWERED until they have been looked up.
    """
    results = {r.object_id: r for r in ObjectResult.objects.filter(batch=batch)}
    answers = {i: item for i, item in fates(items).items() if i in results}
    unanswered = [result for i, result in results.items() if i not in answers]
    job = batch.sync_job
    removes = job.action == Action.REMOVE
    done = {i for i, item in answers.items() if _is_done(item, removes)}
    again = [
        i
        for i, item in answers.items()
        if item.status == "TemporaryError" and results[i].temporary_errors < MAX_TEMPORARY_ERRORS
    ]
    payloads = payloads_of(batch, done.union(again))

    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state=BatchState.POSTED).update(
            state=BatchState.UNANSWERED if unanswered else BatchState.DONE,
            answer=zlib.compress(raw, 6),
            finished_at=None if unanswered else timezone.now(),
            next_try_at=None,
            problem="",
        ):
            return
        _settle(batch, results, {i: item for i, item in answers.items() if i not in again})
        ObjectResult.objects.bulk_update(mark_unanswered(unanswered), ["findings", "unanswered"], batch_size=200)
        warned = {i for i, item in answers.items() if item.status == "Warning"}
        note_done(batch, kind, there, {i: payloads[i] for i in done}, warned)
        if again:
            send_again_later(batch, {i: payloads[i] for i in again})
        entries = [entry for item in answers.values() for entry in item.entries]
        count_unknown_codes(job.transfer, kind, entries, results.values())


def note_done(
    batch: Batch,
    kind: Kind,
    there: RemoteState,
    payloads: Mapping[uuid.UUID, bytes],
    warned: Collection[uuid.UUID] = (),
) -> None:
    """Skolverket has done with these objects of the batch as it was told: that is what it has now.

    Call in a transaction.
    """
    job = batch.sync_job
    assert batch.posted_at is not None  # nothing is answered that was not posted
    if job.action == Action.REMOVE:
        there.take_away(kind, job.transfer_id, payloads.keys(), batch.posted_at)
    else:
        answers = [(i, payload, i in warned) for i, payload in payloads.items()]
        there.accept(kind, job.transfer_id, answers, batch.posted_at)
    if job.transfer.purpose == Purpose.RESTORE:
        note_restored(job.transfer, kind, payloads.keys())


def _settle(batch: Batch, results: dict[uuid.UUID, ObjectResult], answers: dict[uuid.UUID, JobItem]) -> None:
    now = timezone.now()
    removes = batch.sync_job.action == Action.REMOVE
    well = ObjectState.REMOVED if removes else ObjectState.RECEIVED
    plain: list[int] = []
    remarkable: list[ObjectResult] = []
    states: Counter[str] = Counter()
    for object_id, item in answers.items():
        result, findings = results[object_id], settled_findings(results[object_id])
        state = _state(item, findings, removes)
        states[state] += 1
        if state == well and not result.findings:
            plain.append(result.pk)
            continue
        result.state, result.finished_at, result.findings = state, now, findings
        result.messages = [message(entry) for entry in item.entries]
        remarkable.append(result)
    # By batch, and not by ids alone: the batch is what SQLite can find the rows by.
    of_batch = ObjectResult.objects.filter(batch=batch)
    of_batch.filter(pk__in=plain).update(state=well, finished_at=now)
    of_batch.bulk_update(remarkable, ["state", "finished_at", "messages", "findings"], batch_size=200)
    add_to_counts(batch.sync_job, states.elements())


def _is_done(item: JobItem, removes: bool) -> bool:
    """Whether Skolverket did as it was told. To remove what is gone already is as good (rules.md X1)."""
    return item.status in ("Success", "Warning") or (removes and item.status_code == 404)


def _state(item: JobItem, findings: Sequence[Finding], removes: bool) -> ObjectState:
    if not _is_done(item, removes):
        return ObjectState.ERROR
    if removes:
        return ObjectState.REMOVED
    # A group that lacks pupils is not green, whatever Skolverket says of the rest.
    return ObjectState.WARNING if item.status == "Warning" or findings else ObjectState.RECEIVED


def add_to_counts(job: SyncJob, settled: Iterable[str]) -> None:
    """Add newly settled objects, by their states, to the sync job's totals."""
    states = Counter(settled)
    SyncJob.objects.filter(pk=job.pk).update(
        success=F("success") + states[ObjectState.RECEIVED],
        warning=F("warning") + states[ObjectState.WARNING],
        error=F("error") + states[ObjectState.ERROR],
        removed=F("removed") + states[ObjectState.REMOVED],
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
            result.findings = [*settled_findings(result), finding]
        ObjectResult.objects.filter(batch=batch).bulk_update(
            results, ["state", "finished_at", "messages", "findings"], batch_size=200
        )
        add_to_counts(job, [ObjectState.ERROR] * len(results))
        # Refused at the only posting it came to nothing; else Skolverket may have worked it off all the same.
        if batch.state == BatchState.POSTED or not was_posted_once(batch):
            note_never_answered(batch)
        count_unknown_codes(job.transfer, job.kind, entries, results)  # type: ignore[arg-type]


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
