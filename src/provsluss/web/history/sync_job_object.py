"""One object of a sync job: what is wrong, who mends it, what was sent and what was answered."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provsluss.organisations.reader import Reader
from provsluss.register.models import Person, Reveal
from provsluss.rules.explanations import Explanation
from provsluss.rules.who import Who
from provsluss.transfers.models import ObjectResult, ObjectState, TransferState
from provsluss.transfers.quoted_persons import without_ids, without_values
from provsluss.web.frame.protected import NEUTRAL_NAME, hidden_ids, is_restricted
from provsluss.web.frame.request import Request
from provsluss.web.history.call_content import answer_about, pretty, sent_object, without_civic_numbers
from provsluss.web.history.refusals import hidden_in, shown_reply
from provsluss.web.history.sync_job import rows_of
from provsluss.wording.removal import removes
from provsluss.wording.result import explanation_of
from provsluss.wording.transfer import job_name

MOST_NAMED = 30
"""So many missing persons are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Said:
    """One of Skolverket's messages, masked."""

    code: str
    status_code: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One explanation, with everything of Skolverket's that it explains."""

    explanation: Explanation
    said: list[Said]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that a finding speaks of, with its row in the same transfer if it has one."""

    name: str
    result_id: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One of our own findings, with the names it is about, and who mends it where, if that is known."""

    title: str
    sentence: str
    who: str
    where: str
    how: str
    named: list[Named]
    unnamed: int


_TITLES = {
    "members_missing": "Saknas i gruppen",
    "teachers_missing": "Saknas i aktiviteten",
    "unanswered": "Svaret saknas",
    "found_by_lookup": "Hittad hos Skolverket",
}
_NOT_SENT = "Skickades inte"
_NO_ANSWER = "Inget godkänt svar"


@require_safe
@never_cache
def sync_job_object(request: Request, pk: int) -> HttpResponse:
    """The object: a fragment under its row for htmx, otherwise a page of its own that can be linked to.

    404 for a neutral row: beyond the row there is nothing.
    """
    result = get_object_or_404(ObjectResult.objects.select_related("sync_job__transfer", "batch"), pk=pk)
    row = rows_of(result.sync_job, [result], request.reader)[0]
    if row.hidden:
        raise Http404
    context: dict[str, Any] = {"row": row, "result": result, "job": result.sync_job}
    context["kind_name"] = job_name(result.sync_job)
    context |= _content(result, request.reader)
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "history/_object.html" if is_fragment else "history/object.html", context)


@require_POST
@never_cache
def civic_number(request: Request, pk: int) -> HttpResponse:
    """The whole personnummer of one person; that it was looked at is written down."""
    result = get_object_or_404(ObjectResult.objects.filter(sync_job__kind="persons").exclude(civic_number=""), pk=pk)
    if result.restricted and not request.reader.sees_protected:
        raise Http404
    Reveal.objects.create(
        organisation_id=result.organisation_id,
        user_id=request.user.pk,
        person_id=result.object_id,
        what=f"personnummer, synkjobb {result.sync_job_id}",
    )
    return render(request, "history/_civic_number.html", {"result": result})


def _content(result: ObjectResult, reader: Reader) -> dict[str, Any]:
    batch = result.batch
    sent = sent_object(batch, result.object_id) if batch else None
    answer = answer_about(batch, result.object_id) if batch else None
    hidden = hidden_in(batch, reader) if batch else []
    ids = hidden_ids(reader)
    return {
        "entries": _entries(result, hidden, ids),
        "findings": [_finding(finding, result, reader) for finding in result.findings],
        "sent": pretty(without_ids(without_civic_numbers(sent), ids)) if sent is not None else "",
        "answer": pretty(without_ids(without_civic_numbers(answer), ids)) if answer is not None else "",
        "batch": batch,
        "is_purged": batch is not None and batch.payload is None,
        "in_register": result.sync_job.kind == "persons" and Person.objects.filter(pk=result.object_id).exists(),
        "is_removal": removes(result.sync_job),
        "is_withheld": result.state == ObjectState.WITHHELD,
        # Held back for what others lack, and not for what is wrong in it: only then does it go by itself one day.
        "waits_for_others": bool(result.findings) and all(finding.get("object_ids") for finding in result.findings),
        "is_stopped": result.sync_job.state == TransferState.CANCELLED,
        "is_tried": batch is not None and batch.attempts > 0 and result.sync_job.is_ended,
        "batch_reply": shown_reply(batch, hidden, ids) if batch else "",
    }


def _entries(result: ObjectResult, hidden: list[ObjectResult], ids: frozenset[str]) -> list[Entry]:
    """Skolverket's messages, those with the same explanation together, and nothing in them of `hidden` persons."""
    entries: dict[Explanation, Entry] = {}
    for message in result.messages:
        code, text = str(message.get("code") or ""), without_values(str(message.get("message") or ""), hidden, ids)
        explanation = explanation_of(message, text, result.sync_job.kind, result.role)
        entry = entries.setdefault(explanation, Entry(explanation, []))
        entry.said.append(Said(code, message.get("status_code"), text))
    return list(entries.values())


def _finding(finding: dict[str, Any], result: ObjectResult, reader: Reader) -> Finding:
    ids = [uuid.UUID(str(one)) for one in finding.get("object_ids") or []]
    shown = ids[:MOST_NAMED]
    otherwise = _NOT_SENT if result.state == ObjectState.WITHHELD else _NO_ANSWER
    return Finding(
        title=_TITLES.get(str(finding.get("code")), otherwise),
        sentence=str(finding.get("sentence") or ""),
        who=Who(finding["who"]).label if finding.get("who") else "",
        where=str(finding.get("where") or ""),
        how=str(finding.get("how") or ""),
        named=_named(shown, result, reader),
        unnamed=len(ids) - len(shown),
    )


def _named(ids: Iterable[uuid.UUID], result: ObjectResult, reader: Reader) -> list[Named]:
    """The names behind `ids`: their rows in the same transfer, otherwise the register's persons."""
    ids = list(ids)
    rows = {
        row.object_id: row
        for row in ObjectResult.objects.filter(object_id__in=ids, sync_job__transfer=result.sync_job.transfer_id)
    }
    persons = Person.objects.in_bulk([one for one in ids if one not in rows])
    named = []
    for one in ids:
        if row := rows.get(one):
            hidden = row.restricted and not reader.sees_protected
            named.append(Named(NEUTRAL_NAME if hidden else row.name, None if hidden else row.pk))
        elif person := persons.get(one):
            named.append(Named(NEUTRAL_NAME if is_restricted(person, reader) else person.full_name, None))
    return named
