"""One sync job: how it went, and every object in it, worst first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units, test_title
from provsluss.organisations.reader import Reader
from provsluss.transfers.actions.send_again import can_run_again
from provsluss.transfers.models import Batch, ObjectResult, ObjectState, SyncJob, TransferState
from provsluss.transfers.removal.undo import with_something_to_undo
from provsluss.web.frame.protected import NEUTRAL_NAME
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import kept_search, passing_search, search_page
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import NOTHING_IS_SENT, moves, stands_still
from provsluss.web.history.sync_job_results import (
    BY_STATE,
    SORTS,
    STATES_TO_MEND,
    TO_MEND,
    WORST_FIRST,
    Results,
    counts_by_state,
)
from provsluss.wording.removal import removal_figures, removes
from provsluss.wording.transfer import job_name, sync_job_notice

COLUMNS: dict[str, list[tuple[str, str]]] = {
    "persons": [
        ("Namn", "namn"), ("Roll", "roll"), ("Personnummer", ""), ("EPPN", ""), ("Årskurs", "arskurs"),
        ("Skolform", "skolform"), ("Skolenhet", "skolenhet"),
    ],
    "duties": [("Namn", "namn"), ("Personalkategori", "roll"), ("Skolenhet", "skolenhet")],
    "groups": [
        ("Namn", "namn"), ("Typ", "typ"), ("Skolform", "skolform"), ("Skolenhet", "skolenhet"), ("Elever", "elever"),
    ],
    "activities": [
        ("Namn", "namn"), ("Nationellt prov", "prov"), ("Grupp", "roll"), ("Lärare", "larare"),
        ("Skolenhet", "skolenhet"),
    ],
}  # fmt: skip
"""After Status: the columns of each kind, and the word that each is ordered by, if it is (design.md section 8)."""


FILTERS = ("status", "sok")


@dataclass(frozen=True, slots=True)
class Row:
    """One object as the list shows it. A `hidden` one tells its state and nothing else."""

    result: ObjectResult
    hidden: bool
    school_unit: str
    national_test: str


@search_page("sok", FILTERS, anchor="#lista")
def sync_job(request: Request, pk: int) -> HttpResponse:
    """The page. POST is the filter form."""
    job = get_object_or_404(SyncJob.objects.select_related("transfer"), pk=pk)
    choice = list_choice(request)
    context = _list_context(request, job, choice) | _progress_context(job)
    test_activities = list(job.transfer.test_activities.all()[:2])
    context["needs_review"] = removes(job) and job.transfer.state == TransferState.NEEDS_REVIEW
    context["can_undo"] = removes(job) and job.transfer_id in with_something_to_undo([job.transfer])
    context["moves"], context["passing"] = context["live"], passing_search(request)
    context["live"] = context["live"] and not context["passing"] and request.GET.get("uppdatera") != "nej"
    context["test_activities"] = test_activities
    context["can_run_again"] = bool(job.error or job.withheld) and can_run_again(job.transfer)
    context["calls"] = Batch.objects.filter(sync_job=job).defer("payload", "answer", "reply")[:50]
    context["call_count"] = Batch.objects.filter(sync_job=job).count()
    return render(request, "history/sync_job.html", context)


@require_safe
@never_cache
def progress(request: Request, pk: int) -> HttpResponse:
    """The notice and the figures, again; 204 while nothing has changed since `sett`."""
    job = get_object_or_404(SyncJob.objects.select_related("transfer"), pk=pk)
    context = _progress_context(job)
    if request.GET.get("sett") == context["version"]:
        return HttpResponse(status=204)
    context["state_changed"] = not request.GET.get("sett", "").startswith(f"{context['shown_state']}-")
    return render(request, "history/_progress.html", context)


@require_safe
@never_cache
def list_fragment(request: Request, pk: int) -> HttpResponse:
    """The list, again, while the job runs."""
    job = get_object_or_404(SyncJob.objects.select_related("transfer"), pk=pk)
    context = _list_context(request, job, list_choice(request))
    return render(request, "history/_list.html", context | {"is_fragment": True})


def list_choice(request: Request) -> Choice:
    """What the address asks of the list. Raises SearchForgotten."""
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS, default=BY_STATE)
    choice.filters["sok"] = kept_search(request)
    return choice


def results_of(request: Request, job: SyncJob, choice: Choice) -> Results:
    """The objects that `choice` asks for."""
    return Results(
        sync_job=job,
        reader=request.reader,
        state=choice["status"],
        text=choice["sok"],
        sort=choice.sort,
        descending=choice.descending,
    )


def rows_of(job: SyncJob, results: Iterable[ObjectResult], reader: Reader) -> list[Row]:
    """`results` made ready to show, with the names of their school units and tests."""
    results = list(results)
    units = school_units(job.transfer.environment, {r.school_unit_code for r in results if r.school_unit_code})
    rows = []
    for result in results:
        unit = units.get(result.school_unit_code)
        unit_name = (unit and unit.name) or result.school_unit_code
        test = test_title(result.national_test) if result.national_test else ""
        rows.append(Row(result, result.restricted and not reader.sees_protected, unit_name, test))
    return rows


def _list_context(request: Request, job: SyncJob, choice: Choice) -> dict[str, object]:
    results = results_of(request, job, choice)
    page: Page[ObjectResult] = Paginator(results, choice.page_size).get_page(choice.page)
    counts = counts_by_state(job)
    states = [(state, ObjectState(state).label, counts[state]) for state in WORST_FIRST if counts.get(state)]
    to_mend = sum(counts.get(state, 0) for state in STATES_TO_MEND)
    return {
        "job": job,
        "kind_name": job_name(job),
        "choice": choice,
        "page": page,
        "rows": rows_of(job, page.object_list, results.reader),
        "columns": COLUMNS[job.kind],
        "total": sum(counts.values()),
        "states": ([(TO_MEND, "Att åtgärda", to_mend)] if to_mend else []) + states,
        "query": request.GET.urlencode(),
        "live": moves(job),
        "neutral_name": NEUTRAL_NAME,
    }


def _progress_context(job: SyncJob) -> dict[str, object]:
    figures = removal_figures(job) if removes(job) else _figures(job)
    counts = "-".join(str(number) for _, number in figures)
    nobody_works = moves(job) and stands_still(job.transfer)
    state = f"stilla_{job.state}" if nobody_works else job.state
    return {
        "job": job,
        "kind_name": job_name(job),
        "notice": NOTHING_IS_SENT if nobody_works else sync_job_notice(job),
        "shown_state": state,
        "figures": figures,
        "live": moves(job),
        "jobs": [(job_name(other), other) for other in job.transfer.sync_jobs.all()],
        "version": f"{state}-{counts}-{job.next_try_at:%H%M%S}" if job.next_try_at else f"{state}-{counts}",
    }


def _figures(job: SyncJob) -> list[tuple[str, int]]:
    figures = [
        ("Skickade", job.sent),
        ("Mottagna", job.success + job.warning - job.still_warned),
        ("Svar saknas", job.unanswered),
        ("Varningar", job.warning),
        ("Fel", job.error),
        ("Hålls inne", job.withheld),
        ("Oförändrade", job.unchanged + job.still_warned),
    ]
    always = {"Skickade", "Mottagna", "Fel"}
    return [(name, number) for name, number in figures if number or name in always]
