"""What an inläsning would change, object by object, before anything is stored."""

from collections.abc import Iterator

from django.db.models import Case, QuerySet, Value, When
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.register.imports.staleness import is_out_of_date
from provsluss.register.ingest.unusual_endings import mass_endings
from provsluss.register.models import Import, ImportChange, ImportState
from provsluss.register.sources.registry import has_rows
from provsluss.spreadsheet import Cell
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import SORT, Choice, read_choice

FILTERS = ("blad", "vad")
SORTS = {"rad": ("id",), "vem": ("label", "id")}
WHAT = {"new": "Ny", "changed": "Ändras", "ended": "Avslutas"}


@require_safe
def import_changes(request: Request, pk: int) -> HttpResponse:
    """The list, a page at a time. Empty when the import has ended: then the register itself says what it says.

    In a mass ending, those that end come first, until another order is asked for.
    """
    import_run = get_object_or_404(Import, pk=pk)
    choice, found = _asked(request, import_run)
    if SORT not in request.GET and mass_endings(import_run):
        page = choice.page_of_ordered(found.order_by(Case(When(what="ended", then=Value(0)), default=Value(1)), "id"))
    else:
        page = choice.page_of(found)
    return render(
        request,
        "register/import_changes.html",
        {
            "run": import_run,
            "has_rows": has_rows(import_run.source),
            "is_preview": import_run.state == ImportState.PREVIEW and not is_out_of_date(import_run),
            "choice": choice,
            "page": page,
            "sheets": ImportChange.objects.filter(import_run=import_run)
            .order_by("sheet")
            .values_list("sheet", flat=True)
            .distinct(),
            "what": WHAT,
        },
    )


@require_safe
def export(request: Request, pk: int) -> FileResponse:
    """The changes as Excel, in the same filter and order, a row for each attribute; empty where the list is."""
    import_run = get_object_or_404(Import, pk=pk)
    choice, found = _asked(request, import_run)
    is_preview = import_run.state == ImportState.PREVIEW and not is_out_of_date(import_run)
    columns = ["Ändring", "Vem eller vad", "Uppgift", "Före", "Efter", "Blad", "Rad"]
    rows = _cells(found.order_by(*choice.order)) if is_preview else iter(())
    return workbook_response(f"ändringar {timezone.localdate():%Y-%m-%d}.xlsx", "Ändringar", columns, rows)


def _asked(request: Request, import_run: Import) -> tuple[Choice, QuerySet[ImportChange]]:
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    found: QuerySet[ImportChange] = ImportChange.objects.filter(import_run=import_run)
    if choice["blad"]:
        found = found.filter(sheet=choice["blad"])
    if choice["vad"] in WHAT:
        found = found.filter(what=choice["vad"])
    return choice, found


def _cells(changes: QuerySet[ImportChange]) -> Iterator[list[Cell]]:
    for change in changes.iterator(chunk_size=1000):
        for label, before, after in change.attributes if change.what == "changed" else [("", "", "")]:
            yield [WHAT.get(change.what, change.what), change.label, label, before, after, change.sheet, change.row]
