"""What an inläsning would change, object by object, before anything is stored."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from provsluss.register.models import Import, ImportChange, ImportState
from provsluss.register.out_of_date import is_out_of_date
from provsluss.web.tables import read_choice

FILTERS = ("blad", "vad")
SORTS = {"rad": ("id",), "vem": ("label", "id")}
WHAT = {"new": "Ny", "changed": "Ändras", "ended": "Avslutas"}


@require_safe
def import_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, a page at a time. Empty when the import has ended: then the register itself says what it says."""
    import_run = get_object_or_404(Import, pk=pk)
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    changes = ImportChange.objects.filter(import_run=import_run)
    found = changes
    if choice["blad"]:
        found = found.filter(sheet=choice["blad"])
    if choice["vad"] in WHAT:
        found = found.filter(what=choice["vad"])
    return render(
        request,
        "register/import_changes.html",
        {
            "run": import_run,
            "is_preview": import_run.state == ImportState.PREVIEW and not is_out_of_date(import_run),
            "choice": choice,
            "page": choice.page_of(found),
            "sheets": changes.order_by("sheet").values_list("sheet", flat=True).distinct(),
            "what": WHAT,
        },
    )
