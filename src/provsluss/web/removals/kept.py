"""Behålls hos Skolverket: what no provaktivitet needs, and stays there because somebody said so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from provsluss.batching import in_pieces
from provsluss.organisations.decision_log import What, log_decision
from provsluss.organisations.models import Organisation
from provsluss.organisations.reader import Reader
from provsluss.spreadsheet import Cell
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import Accepted
from provsluss.transfers.remote.display_columns import Codes, removed_columns
from provsluss.transfers.removal.obsolete import in_vain
from provsluss.transfers.removal.review import release_kept
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.removals.list import unit_names
from provsluss.wording.counting import counted
from provsluss.wording.kinds import KIND_NAMES

FILTERS = ("slag",)
SORTS = {"slag": ("-kind", "-kept_at"), "sedan": ("-kept_at", "-kind")}  # persons first: they matter most


@dataclass(frozen=True, slots=True)
class Row:
    """One kept object. A `hidden` one tells its kind, and since when."""

    kept: Accepted
    kind_name: str
    name: str
    role: str
    school_unit: str
    hidden: bool
    restricted: bool


@require_safe
def kept_objects(request: Request) -> HttpResponse:
    """The list, a page at a time."""
    organisation: Organisation = request.organisation
    choice = _choice(request)
    page = choice.page_of_ordered(_found(organisation, choice))
    context = {
        "choice": choice,
        "page": page,
        "rows": _rows(organisation, list(page.object_list), request.reader),
        "kinds": KIND_NAMES.items(),
        "query": request.GET.urlencode(),
        "neutral_name": NEUTRAL_NAME,
    }
    return render(request, "removals/kept.html", context)


@require_safe
def export(request: Request) -> FileResponse:
    """The list as Excel, without personnummer."""
    organisation: Organisation = request.organisation
    choice = _choice(request)
    found = _found(organisation, choice)
    kept = Accepted._base_manager.filter(pk__in=found).values_list("object_id", flat=True)
    trace_protected(request.reader, "namn i Excel, behålls hos Skolverket", kept)
    columns = ["Slag", "Namn", "Roll eller typ", "Skolenhet", "Behålls sedan", "Beslutat av", "Id"]
    name = f"behålls hos Skolverket {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Behålls", columns, _cells(organisation, found, request.reader))


@require_POST
def release(request: Request) -> HttpResponse:
    """Let the next transfer remove the chosen ones, or all that the filter shows."""
    organisation: Organisation = request.organisation
    found = _found(organisation, _choice(request, posted=True))
    chosen = {one for one in request.POST.getlist("rad") if one.isdecimal()}
    if request.POST.get("vilka") != "alla":
        found = [pk for pk in found if str(pk) in chosen]
    released = 0
    with transaction.atomic():
        for piece in in_pieces(found):
            rows = Accepted._base_manager.filter(pk__in=piece).values_list("kind", "object_id")
            for kind in KINDS:
                ids = [object_id for one, object_id in rows if one == kind]
                released += release_kept(organisation, organisation.environment, kind, ids)
        if released:
            log_decision(
                What.KEPT,
                "Behålls",
                "Tas bort vid nästa överföring",
                by=request.user,
                organisation=organisation,
                about=counted(released, "uppgift", "uppgifter"),
            )
    if released:
        said = counted(released, "uppgift tas bort", "uppgifter tas bort")
        messages.success(request, f"{said} hos Skolverket vid nästa överföring.")
    elif chosen or request.POST.get("vilka") == "alla":
        messages.info(request, "Det som du valde behålls inte längre. Någon annan kan ha hunnit före.")
    else:
        messages.info(request, "Kryssa i minst en rad.")
    return redirect("kept_objects")


def _choice(request: Request, posted: bool = False) -> Choice:
    return read_choice(request.POST if posted else request.GET, filters=FILTERS, sorts=SORTS)


def _found(organisation: Organisation, choice: Choice) -> list[int]:
    """The keys, in order, of what is kept and wanted by nobody at this moment: the register may have got it back since
    the decision, and only a transfer notes that."""
    kept = Accepted.objects.filter(environment=organisation.environment, kept_at__isnull=False)
    if choice["slag"] in KINDS:
        kept = kept.filter(kind=choice["slag"])
    return list(in_vain(organisation, kept.order_by(*choice.order)))


def _rows(organisation: Organisation, keys: list[int], reader: Reader) -> list[Row]:
    """A row for each of `keys`, some hundreds, with what the register, or what was sent, says of it."""
    found = Accepted._base_manager.filter(pk__in=keys).select_related("kept_by").in_bulk()
    kept, sees = [found[key] for key in keys if key in found], reader.sees_protected
    codes = Codes(organisation, organisation.environment)
    columns: dict[Any, dict[str, Any]] = {}
    for kind in KINDS:
        ids = [one.object_id for one in kept if one.kind == kind]
        columns |= removed_columns(organisation, organisation.environment, kind, ids, codes) if ids else {}
    units = unit_names({one.get("school_unit_code", "") for one in columns.values()}, organisation.environment)
    return [_row(one, columns.get(one.object_id, {}), units, sees) for one in kept]


def _row(kept: Accepted, known: dict[str, Any], units: dict[str, str], sees: bool) -> Row:
    restricted = bool(known.get("restricted"))
    return Row(
        kept=kept,
        kind_name=KIND_NAMES[kept.kind],
        name=known.get("name") or "Okänt namn",
        role=known.get("role") or known.get("group_type") or "",
        school_unit=units.get(known.get("school_unit_code", ""), ""),
        hidden=restricted and not sees,
        restricted=restricted,
    )


def _cells(organisation: Organisation, keys: list[int], reader: Reader) -> Iterator[list[Cell]]:
    for piece in in_pieces(keys):
        for row in _rows(organisation, piece, reader):
            who = row.kept.kept_by.get_full_name() or row.kept.kept_by.username if row.kept.kept_by else ""
            shown = (NEUTRAL_NAME, "", "") if row.hidden else (row.name, row.role, row.school_unit)
            yield [row.kind_name, *shown, row.kept.kept_at, who, "" if row.hidden else str(row.kept.object_id)]
