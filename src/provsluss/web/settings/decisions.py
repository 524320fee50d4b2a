"""Inställningar, Ändringar: who has decided what, in one list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.organisations.decision_log import What, decisions_of
from provsluss.organisations.models import LoggedDecision
from provsluss.spreadsheet import Cell
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.wording.kinds import KIND_NAMES

_NOTHING = "Inget"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as it is shown."""

    at: datetime
    who: str
    what: str
    before: str
    after: str


def decision_rows(decisions: Iterable[LoggedDecision]) -> list[DecisionRow]:
    """`decisions` as they are shown."""
    return [_row(one) for one in decisions]


@require_safe
def decisions(request: Request) -> HttpResponse:
    """The whole list, a page at a time, the newest first."""
    choice = _choice(request)
    page = choice.page_of(_found(request, choice))
    context = {
        "choice": choice,
        "page": page,
        "rows": decision_rows(page.object_list),
        "kinds": What.choices,
        "query": request.GET.urlencode(),
    }
    return render(request, "settings/decisions.html", context)


@require_safe
def export(request: Request) -> FileResponse:
    """The list as Excel, in the same filter and order."""
    choice = _choice(request)
    rows: Iterator[list[Cell]] = (
        [row.at, row.who, row.what, row.before, row.after]
        for row in map(_row, _found(request, choice).order_by(*choice.order).iterator(chunk_size=1000))
    )
    name = f"ändringar {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Ändringar", ["När", "Vem", "Vad", "Från", "Till"], rows)


def _found(request: Request, choice: Choice) -> QuerySet[LoggedDecision]:
    found = decisions_of(request.organisation)
    return found.filter(what=choice["vad"]) if choice["vad"] in What.values else found


def _choice(request: Request) -> Choice:
    return read_choice(request.GET, filters=("vad",), sorts={"nar": ("at",), "vem": ("by_name", "at")}, default="-nar")


def _row(one: LoggedDecision) -> DecisionRow:
    # A later version may have logged what this one has no words for.
    what = str(What(one.what).label) if one.what in What.values else one.what
    about = KIND_NAMES.get(one.about, one.about)
    return DecisionRow(
        one.at, one.by_name, f"{what}: {about}" if about else what, one.before or _NOTHING, one.after or _NOTHING
    )
