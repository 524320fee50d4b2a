"""Kräver granskning: what a transfer would remove beyond the limit, and somebody's decision about it."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from provsluss.transfers.actions import send
from provsluss.transfers.models import Action, Decision, SyncJob, Transfer, TransferState
from provsluss.transfers.removal import review
from provsluss.transfers.removal.causes import causes_of
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import kept_search, search_export, search_page
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import moves
from provsluss.web.removals.list import (
    COLUMNS,
    FILTERS,
    PUPILS,
    SORTS,
    WHAT,
    UnitRow,
    cells_of,
    found_results,
    rows_of,
    unit_names,
    unit_rows,
)
from provsluss.wording.counting import Notice, counted, in_words, joined, listed
from provsluss.wording.removal import unanswered_sentence, what_did_not_arrive
from provsluss.wording.transfer import job_name

_ONE_AND_MANY = dict(
    zip(
        WHAT,
        (
            ("elev", "elever"),
            ("i personalen", "i personalen"),
            ("tjänstgöring", "tjänstgöringar"),
            ("grupp", "grupper"),
            ("aktivitet", "aktiviteter"),
        ),
        strict=True,
    )
)


@search_page("sok", FILTERS, anchor="#lista", only_names=True)
def removal_review(request: Request, pk: int) -> HttpResponse:
    """The page, before and after the decision. POST is the filter form."""
    transfer = get_object_or_404(Transfer.objects.select_related("organisation"), pk=pk)
    jobs, choice = _reviewed(transfer), _choice(request)
    waits = any(job.state == TransferState.NEEDS_REVIEW for job in jobs)
    units = unit_rows(jobs, transfer.environment, request.reader)
    page = choice.page_of_ordered(found_results(jobs, choice, request.reader))
    causes = causes_of(transfer, request.reader.sees_protected) if waits else None
    everything, totals = list(transfer.sync_jobs.all()), _totals(units)
    context = {
        "transfer": transfer,
        "jobs": [(job_name(job), job) for job in jobs],
        "waits": waits,
        "notice": _decided(jobs),
        "moves": moves(transfer),
        "why_not": _why_not(transfer, jobs),
        "not_arrived": what_did_not_arrive(everything),
        "to_mend": next((job for job in everything if job.error or job.withheld), None),
        "what": listed([counted(number, *_ONE_AND_MANY[name]) for name, number in totals if number]),
        "pupils_to_go": dict(totals)[PUPILS],
        "units": units,
        "titles": WHAT,
        "totals": totals,
        "causes": causes,
        "emptied": _named(causes.emptied_units, transfer.environment) if causes else [],
        "choice": choice,
        "page": page,
        "rows": rows_of(page.object_list, transfer.environment, request.reader),
        "query": request.GET.urlencode(),
        "days": settings.PAYLOAD_DAYS,
        "neutral_name": NEUTRAL_NAME,
    }
    return render(request, "removals/review.html", context)


@require_safe
@search_export("sok")
def export(request: Request, pk: int) -> FileResponse:
    """The list in the same filter and order as Excel."""
    transfer = get_object_or_404(Transfer, pk=pk)
    found = found_results(_reviewed(transfer), _choice(request), request.reader)
    trace_protected(
        request.reader,
        f"namn i Excel, granskning {transfer.pk}",
        found.filter(restricted=True).values_list("object_id", flat=True),
    )
    name = f"att granska {transfer.pk} {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Att ta bort", COLUMNS, cells_of(found, transfer.environment, request.reader))


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Godkänn or Neka: whoever comes first decides."""
    transfer = get_object_or_404(Transfer, pk=pk)
    decision = request.POST.get("beslut", "")
    try:
        if decision == Decision.APPROVED:
            send.approve_removal(transfer, request.user)
        elif decision == Decision.REFUSED:
            review.refuse(transfer, request.user)
        else:
            return HttpResponse("Okänt beslut.", status=400)
    except review.AlreadyDecided as reason:
        messages.warning(request, str(reason))
    return redirect("removal_review", pk=transfer.pk)


def _reviewed(transfer: Transfer) -> list[SyncJob]:
    """The removals that wait for a decision, or that somebody has decided about; otherwise all there are."""
    removals = SyncJob.objects.filter(transfer=transfer, action=Action.REMOVE).select_related("transfer", "decided_by")
    decided = removals.filter(Q(state=TransferState.NEEDS_REVIEW) | ~Q(decision=""))
    return list((decided if decided.exists() else removals).order_by("-position"))


def _decided(jobs: list[SyncJob]) -> Notice | None:
    """Who decided what and when; None before that."""
    job = next((job for job in jobs if job.decision and job.decided_at), None)
    if job is None or job.decided_at is None:
        return None
    who = f" av {job.decided_by.get_full_name() or job.decided_by.username}" if job.decided_by else ""
    when = f"{timezone.localtime(job.decided_at):%Y-%m-%d %H:%M}"
    if job.decision == Decision.APPROVED:
        return Notice("info", f"Borttagningen godkändes{who} {when}.", _how_it_goes(jobs))
    return Notice("info", f"Borttagningen nekades{who} {when}.", "Uppgifterna behålls hos Skolverket.")


def _how_it_goes(jobs: list[SyncJob]) -> str:
    """How far an approved removal has come; the page asks anew while it moves."""
    removed, to_remove = sum(job.removed for job in jobs), sum(job.to_send for job in jobs)
    if any(job.state == TransferState.CANCELLED for job in jobs):
        return joined(f"Den avbröts. {in_words(removed)} hann tas bort.", *map(unanswered_sentence, jobs))
    if not all(job.is_ended for job in jobs):
        held = next((job.transfer.message for job in jobs if job.transfer.message), "")
        return joined(f"{in_words(removed)} av {in_words(to_remove)} är borttagna hittills.", held)
    error, again = sum(job.error for job in jobs), sum(job.unchanged for job in jobs)
    return joined(
        f"{in_words(removed)} togs bort.",
        f"{in_words(error)} gick inte att ta bort." if error else "",
        f"{counted(again, 'behövdes', 'behövdes')} igen och togs därför inte bort." if again else "",
    )


def _why_not(transfer: Transfer, jobs: list[SyncJob]) -> str:
    """Why there is nothing to decide about removals that nobody has decided about."""
    if transfer.state == TransferState.CANCELLED:
        return "Överföringen avbröts innan någon beslutade om borttagningen."
    said = next((job.message for job in jobs if job.is_ended and job.message), "")
    return said or "Borttagningen höll sig inom skyddsgränsen."


def _totals(units: Iterable[UnitRow]) -> list[tuple[str, int]]:
    totals: Counter[str] = Counter()
    for unit in units:
        totals.update(dict(unit.numbers))
    return [(what, totals[what]) for what in WHAT]


def _named(codes: list[str], environment: str) -> list[str]:
    names = unit_names(codes, environment)
    return sorted(names[code] for code in codes)


def _choice(request: Request) -> Choice:
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    choice.filters["sok"] = kept_search(request)
    return choice
