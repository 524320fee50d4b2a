"""Everything that was sent about a person and its duties, and what was answered, the newest first."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provsluss.organisations.reader import Reader
from provsluss.register.models import Duty, Person
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import ObjectResult, ObjectState, Purpose
from provsluss.transfers.quoted_persons import without_values
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import demand_visible, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.history.refusals import hidden_ids_in, hidden_in
from provsluss.wording.result import explanation_of
from provsluss.wording.transfer import job_name

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Event:
    """One result: when, what it was about, and what became of it in plain words."""

    result: ObjectResult
    at: datetime
    what: str
    answers: Sequence[str]
    was_alone: bool
    """Whether somebody pressed Skicka nu for it."""


def timeline_of(ids: Iterable[uuid.UUID], reader: Reader) -> list[Event]:
    """The newest MOST_SHOWN results of the objects `ids`, in all environments. Needs the organisation's scope."""
    results = (
        ObjectResult.objects.filter(object_id__in=list(ids))
        .select_related("sync_job__transfer", "batch")
        .defer("batch__payload", "batch__answer")
        .order_by("-sync_job__transfer_id", "-sync_job__position", "pk")
    )
    shown = list(results[:MOST_SHOWN])
    hidden = hidden_ids_in(shown, reader)
    return [_event(result, hidden, reader) for result in shown]


def folded(events: Iterable[Event]) -> list[tuple[Event, int]]:
    """The newest of each run of the same error about the same object, and how many times it was answered."""
    rows: list[tuple[Event, int]] = []
    latest: dict[uuid.UUID, int] = {}
    for event in events:
        at = latest.get(event.result.object_id)
        if at is not None and _is_same_error(rows[at][0], event):
            rows[at] = (rows[at][0], rows[at][1] + 1)
        else:
            latest[event.result.object_id] = len(rows)
            rows.append((event, 1))
    return rows


def _is_same_error(newer: Event, older: Event) -> bool:
    if newer.result.state != ObjectState.ERROR or older.result.state != ObjectState.ERROR:
        return False
    environments = {event.result.sync_job.transfer.environment for event in (newer, older)}
    return len(environments) == 1 and (newer.what, newer.answers) == (older.what, older.answers)


@require_safe
@never_cache
def export(request: Request, pk: uuid.UUID) -> FileResponse:
    """The timeline as Excel, without personnummer."""
    one = get_object_or_404(Person, pk=pk)
    demand_visible(one, request.reader)
    trace_protected(request.reader, "Excel, skickat om en person", [one.pk])
    duties = Duty.objects.filter(person=one).values_list("pk", flat=True)
    rows: Iterator[list[Cell]] = (
        [
            event.at,
            event.what,
            event.result.get_state_display(),
            " ".join(event.answers),
            event.result.sync_job.transfer_id,
            event.result.sync_job.transfer.get_environment_display(),
        ]
        for event in timeline_of([one.pk, *duties], request.reader)
    )
    columns = ["När", "Vad", "Vad det blev", "Svar", "Överföring", "Miljö"]
    return workbook_response(f"skickat om en person {timezone.localdate():%Y-%m-%d}.xlsx", "Skickat", columns, rows)


def _event(result: ObjectResult, ids: frozenset[str], reader: Reader) -> Event:
    job = result.sync_job
    posted = result.batch.posted_at if result.batch else None
    return Event(
        result=result,
        at=result.finished_at or posted or job.started_at or job.transfer.created_at,
        what=f"{job_name(job)} ({result.role})" if job.kind == "duties" and result.role else job_name(job),
        answers=_answers(result, ids, reader),
        was_alone=job.transfer.purpose == Purpose.ONE_PERSON,
    )


def _answers(result: ObjectResult, ids: frozenset[str], reader: Reader) -> list[str]:
    """What the object's own page says at greater length, each thing once."""
    answers = [str(finding.get("sentence") or "") for finding in result.findings]
    if result.messages:
        hidden = hidden_in(result.batch, reader) if result.batch else []
        for message in result.messages:
            text = without_values(str(message.get("message") or ""), hidden, ids)
            explained = explanation_of(message, text, result.sync_job.kind, result.role)
            answers.append(f"{explained.title.rstrip('.')}. {explained.meaning}")
    return list(dict.fromkeys(answer for answer in answers if answer))
