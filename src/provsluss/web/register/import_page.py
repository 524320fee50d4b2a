"""One inläsning: how the reading goes, the preview, the decision, the result."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.register.imports.fetching import CannotFetch, is_fetched
from provsluss.register.imports.imports import discard_import, progress_of
from provsluss.register.imports.questions import accept
from provsluss.register.imports.reread import take_again
from provsluss.register.imports.section_counts import changes_nothing, section_counts
from provsluss.register.imports.staleness import OUT_OF_DATE, is_out_of_date
from provsluss.register.ingest.school_year_change import school_year_change
from provsluss.register.ingest.spared import spared_in
from provsluss.register.ingest.unusual_endings import mass_endings
from provsluss.register.models import Import, ImportProblem, ImportState, Source
from provsluss.register.questions import Question
from provsluss.register.sources.refusal import SourceRefused
from provsluss.transfers.test_activities.unsent import unsent_with_groups
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import NOTHING_IS_READ, worker_is_alive
from provsluss.wording.counting import Notice
from provsluss.wording.import_outcome import ending_sentence, place_of, share_sentence, spared_sentence
from provsluss.wording.import_questions import questions_in_words, unanswered_in_words
from provsluss.wording.school_year import summary

BUSY = (ImportState.READING, ImportState.STORING)
STORED = (ImportState.DONE, ImportState.DONE_WITH_ERRORS)
FILTERS = ("blad", "slag")
SORTS = {
    "foljd": ("id",),  # they were stored with those that refuse a row first
    "rad": ("row", "sheet", "id"),
    "kolumn": ("column", "row"),
    "blad": ("sheet", "row"),
}
CONFIRMED = "avsluta"
ANSWER = "svar"
REFUSED, NOTED = "utelamnade", "anmarkningar"


@require_safe
def import_page(request: Request, pk: int) -> HttpResponse:
    """The page, whatever state the import is in. 404 in another organisation."""

    import_run = get_object_or_404(Import.objects.select_related("created_by"), pk=pk)
    choice = _choice(request)
    problems = ImportProblem.objects.filter(import_run=import_run)
    sheets = section_counts(import_run)
    year = school_year_change(import_run)
    endings = mass_endings(import_run)
    return render(
        request,
        "register/import.html",
        {
            "run": import_run,
            **_told_by(import_run),
            "busy": import_run.state in BUSY,
            "is_stored": import_run.state in STORED,
            "unsent": unsent_with_groups() if import_run.state in STORED else None,
            "progress": _progress(import_run),
            "silent": _silent(import_run),
            "sheets": sheets,
            "out_of_date": import_run.state == ImportState.PREVIEW and is_out_of_date(import_run),
            "mass_endings": [
                (ending_sentence(one, import_run), share_sentence(one), place_of(one, import_run)) for one in endings
            ],
            "spared": [spared_sentence(one, import_run) for one in spared_in(import_run)],
            "tone": "warning" if endings else "info",
            "questions": questions_in_words(import_run) if import_run.state == ImportState.PREVIEW else [],
            "unanswered": unanswered_in_words(import_run) if import_run.state in STORED else [],
            "answer": ANSWER,
            "confirmed": CONFIRMED,
            "new_school_year": summary(year) if year else "",
            "ends_any": any(counts["ended"] for _, counts in sheets),
            "changes_nothing": changes_nothing(import_run),
            "choice": choice,
            "page": choice.page_of(_chosen(choice, import_run)),
            "problem_count": problems.count(),
            "refused_count": sum(counts["bad"] for _, counts in sheets),
            "not_kept": import_run.counts.get("problems", {}).get("not_kept", 0),
            "problem_sheets": problems.order_by("sheet").values_list("sheet", flat=True).distinct(),
            "refused": REFUSED,
            "noted": NOTED,
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """The moving part, asked for every second; when it has come to rest, the whole page is read anew."""
    import_run = get_object_or_404(Import, pk=pk)
    if import_run.state not in BUSY:
        return HttpResponseClientRefresh()
    shown = {"run": import_run, "progress": _progress(import_run), "silent": _silent(import_run)} | _told_by(import_run)
    return render(request, "register/import_progress.html", shown)


@require_POST
def store(request: Request, pk: int) -> HttpResponse:
    """Läs in: whoever comes first wins, so a second press does nothing. Not what the preview no longer is true of.

    A mass ending has to be confirmed; the page asks for that, so an answer without it was made some other way. The
    questions about rows need no answer: without a yes those rows keep what the register has.
    """

    import_run = get_object_or_404(Import, pk=pk)
    noun = _told_by(import_run)["noun"]
    if import_run.state == ImportState.PREVIEW and is_out_of_date(import_run):
        messages.warning(request, f"{noun} lästes inte in. {OUT_OF_DATE}")
        return redirect("import", pk)
    if CONFIRMED not in request.POST and mass_endings(import_run):
        messages.warning(request, f"{noun} lästes inte in. Kryssa först i att de ska avslutas.")
        return redirect("import", pk)
    said_yes = [one for one in (Question.IDENTITY, Question.PROTECTION) if one in request.POST.getlist(ANSWER)]
    with transaction.atomic():
        accept(import_run, [Question.ENDING, *said_yes], request.user)
        taken = Import.objects.filter(pk=pk, state=ImportState.PREVIEW).update(state=ImportState.STORING)
        if taken:
            order(Task.STORE_IMPORT, import_run)
    return redirect("import", pk)


@require_POST
def read_again(request: Request, pk: int) -> HttpResponse:
    """Läs om: what was uploaded, or the source anew, compared with the register as it is now, as another import."""

    import_run = get_object_or_404(Import.objects.select_related("organisation"), pk=pk)
    if import_run.state != ImportState.PREVIEW:
        return redirect("import", pk)
    try:
        with transaction.atomic():
            again = take_again(import_run, request.user)
            if again.state == ImportState.READING:  # a file that is too large has been refused already
                order(Task.READ_IMPORT, again)
    except (CannotFetch, SourceRefused) as problem:
        messages.warning(request, str(problem))
        return redirect("import", pk)
    return redirect("import", again.pk)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Avbryt: nothing of the file is kept."""

    import_run = get_object_or_404(Import, pk=pk)
    if import_run.state == ImportState.PREVIEW and discard_import(pk):
        messages.success(request, "Inläsningen avbröts. Ingenting i registret har ändrats.")
    return redirect("imports")


@require_safe
def export_problems(request: Request, pk: int) -> FileResponse:
    """The problems as Excel, in the same filter and order; values that were personnummer are masked already."""
    import_run = get_object_or_404(Import, pk=pk)
    choice = _choice(request)
    found = _chosen(choice, import_run).order_by(*choice.order)
    rows = (
        [p.sheet, p.row, p.column, p.value, p.reason, "Nej" if p.row_refused else "Ja"]
        for p in found.iterator(chunk_size=1000)
    )
    columns = ["Blad", "Rad", "Kolumn", "Värde", "Vad som är fel", "Raden lästes in"]
    return workbook_response(f"att rätta {timezone.localdate():%Y-%m-%d}.xlsx", "Att rätta", columns, rows)


def _told_by(import_run: Import) -> dict[str, Any]:
    """What the import comes from, in words; the source where it is one that is fetched."""
    source = Source.objects.filter(key=import_run.source).first()
    if source is None or not is_fetched(source):
        words = {"noun": "Filen", "reads": "Filen läses", "part": "Blad", "column": "Kolumn", "value": "Värde"}
        return {"source": None, **words}
    words = {"noun": "Källan", "reads": "Källan läses", "part": "Del", "column": "Uppgift", "value": "Id i källan"}
    return {"source": source, **words}


def _progress(import_run: Import) -> int:
    """How many per cent of the file has been read or stored; 0 when it is not known."""

    done, total = progress_of(import_run) or (0, 0)
    return min(100, 100 * done // max(1, total))


def _silent(import_run: Import) -> Notice | None:
    """What to say when nobody reads. An import that nobody is named for is read by a command, not by a worker."""
    by_worker = import_run.state in BUSY and import_run.created_by_id is not None
    return NOTHING_IS_READ if by_worker and not worker_is_alive() else None


def _choice(request: Request) -> Choice:
    return read_choice(request.GET, filters=FILTERS, sorts=SORTS)


def _chosen(choice: Choice, import_run: Import) -> Any:
    problems = ImportProblem.objects.filter(import_run=import_run)
    if choice["blad"]:
        problems = problems.filter(sheet=choice["blad"])
    if choice["slag"] in {REFUSED, NOTED}:
        problems = problems.filter(row_refused=choice["slag"] == REFUSED)
    return problems
