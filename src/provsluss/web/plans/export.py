"""The list of a preview as Excel, for the page and for `provsluss preview --save`. Never with personnummer."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import Plan, PlannedObject
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import search_export
from provsluss.web.plans.list import PlannedObjects, list_choice
from provsluss.web.plans.people import ids_in, names_of
from provsluss.web.plans.planned_object import ShownChange, shown_changes
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.plan import fate_look
from provsluss.wording.result import to_mend

COLUMNS = [
    "Slag", "Vad som skulle hända", "Namn", "Roll eller typ", "Skolenhetskod", "Skolenhet", "Ändring", "Orsak",
    "Åtgärdas av", "Var", "Så här", "Id",
]  # fmt: skip
TITLE = "Förhandsgranskning"
_AT_A_TIME = 500


@require_safe
@search_export("sok")
def export(request: Request, pk: int) -> FileResponse:
    """The list in the same filter and order."""
    plan = get_object_or_404(Plan, pk=pk)
    rows = PlannedObjects(plan, list_choice(request), request.reader)
    trace_protected(
        request.reader, f"namn i Excel, förhandsgranskning {plan.pk}", (one.object_id for one in rows if one.restricted)
    )
    made = timezone.localtime(plan.created_at)
    file_name = f"förhandsgranskning {made:%Y-%m-%d %H.%M}.xlsx"
    return workbook_response(file_name, TITLE, COLUMNS, cells(rows, plan.environment, request.reader))


def cells(rows: Iterable[PlannedObject], environment: str, reader: Reader) -> Iterator[list[Cell]]:
    """The rows of the sheet; persons that `reader` may not see are neutral. Needs the organisation's scope."""
    units: dict[str, str] = {}
    protected_too = reader.sees_protected
    for piece in _pieces(rows):
        shown = [row for row in piece if protected_too or not row.restricted]
        names = names_of({one for row in shown for one in ids_in(row)}, reader)
        new = {row.school_unit_code for row in piece} - units.keys()
        units |= dict.fromkeys(new, "") | {code: unit.name for code, unit in school_units(environment, new).items()}
        for row in piece:
            head: list[Cell] = [KIND_NAMES[row.kind], fate_look(row)[2]]
            if row.restricted and not protected_too:
                yield [*head, NEUTRAL_NAME]
                continue
            mending = to_mend([], map(_with_skolverkets_words, row.findings))
            yield [
                *head,
                row.name,
                row.role,
                row.school_unit_code,
                units[row.school_unit_code],
                "; ".join(_in_words(change) for change in shown_changes(row, names)),
                mending.what,
                mending.who,
                mending.where,
                mending.how,
                str(row.object_id),
            ]


def _with_skolverkets_words(finding: dict[str, Any]) -> dict[str, Any]:
    said = finding.get("said")
    return finding | {"sentence": f"{finding['sentence']} Skolverket: {said}"} if said else finding


def _in_words(change: ShownChange) -> str:
    """`Förnamn: Ann → Anna`, `Elever: 28 elever → 29 elever (nya: Alva Ek)`."""
    members = [
        f"{word}: {', '.join(names)}" for word, names in (("nya", change.joined), ("borta", change.left)) if names
    ]
    told = f" ({'; '.join(members)})" if members else ""
    return f"{change.attribute}: {change.before or 'tomt'} → {change.after or 'tomt'}{told}"


def _pieces(rows: Iterable[PlannedObject]) -> Iterator[list[PlannedObject]]:
    piece: list[PlannedObject] = []
    for row in rows:
        piece.append(row)
        if len(piece) == _AT_A_TIME:
            yield piece
            piece = []
    if piece:
        yield piece
