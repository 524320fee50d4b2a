"""Historik: every sync job, running and ended, transfer by transfer, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.operations.queue_pause import current_pause
from provsluss.spreadsheet import Cell
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.models import (
    AT_REST_STATES,
    ENDED_STATES,
    Accepted,
    Action,
    SyncJob,
    TestActivity,
    Transfer,
    TransferState,
)
from provsluss.transfers.removal.undo import with_something_to_undo
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import NOTHING_IS_SENT, moves, stands_still
from provsluss.wording.counting import Notice
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.removal import REMOVALS
from provsluss.wording.transfer import job_name, short_counts, transfer_notice

TRANSFERS_PER_PAGE = 20
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
FILTERS = ("status", "steg", "provaktivitet", "fran", "till")
ONGOING = "pagar"
"""A filter of its own: everything that has not ended."""
STATE_CHOICES = [
    (ONGOING, "Pågår eller väntar"),
    *((state.value, state.label) for state in (TransferState.NEEDS_REVIEW, *ENDED_STATES)),
]
STEP_CHOICES = [*KIND_NAMES.items(), (REMOVALS, "Borttagningar")]


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A sync job with the words of its row."""

    job: SyncJob
    name: str
    counts: str


@dataclass(frozen=True, slots=True)
class ShownTransfer:
    """A transfer with those of its sync jobs that fit the filter."""

    transfer: Transfer
    test_activities: list[TestActivity]
    jobs: list[ShownJob]
    has_jobs: bool
    """Whether it has any at all."""
    notice: Notice
    can_undo: bool

    @property
    def is_running(self) -> bool:
        return moves(self.transfer)


@require_safe
def history(request: Request) -> HttpResponse:
    """The list, a page at a time."""
    choice = history_choice(request.GET)
    page = history_page(request, choice)
    environment = request.organisation.environment
    return render(
        request,
        "history/history.html",
        {
            "page": page,
            "choice": choice,
            "transfers": shown_transfers(page),
            "states": STATE_CHOICES,
            "steps": STEP_CHOICES,
            "kept": Accepted.objects.filter(environment=environment, kept_at__isnull=False).exists(),
            "test_activities": TestActivity.objects.all(),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def transfer_fragment(request: Request, pk: int) -> HttpResponse:
    """One transfer of the list, again: running ones are asked for every other second."""
    choice = history_choice(request.GET)
    transfer = get_object_or_404(_with_jobs(Transfer.objects.all(), choice), pk=pk)
    context = {"shown": shown_transfers([transfer])[0], "query": request.GET.urlencode()}
    return render(request, "history/_transfer.html", context)


@require_safe
def export(request: Request) -> FileResponse:
    """The sync jobs that fit the filter, as Excel."""
    columns = [
        "Överföring", "Provaktiviteter", "Steg", "Status", "Miljö", "Startade", "Slutade", "Önskade", "Oförändrade",
        "Skickade", "Mottagna", "Varningar", "Fel", "Hålls inne", "Borttagna", "Startad av",
    ]  # fmt: skip
    transfers = _with_jobs(_found(request, history_choice(request.GET)), history_choice(request.GET))
    name = f"historik {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Historik", columns, _rows(transfers.iterator(chunk_size=200)))


def history_choice(query: QueryDict, test_activity: TestActivity | None = None) -> Choice:
    """What the address asks for; `test_activity` overrides its filter of that name."""
    choice = read_choice(query, filters=FILTERS, sorts={"tid": ("-created_at",)})
    if test_activity is not None:
        choice.filters["provaktivitet"] = str(test_activity.pk)
    return choice


def history_page(request: Request, choice: Choice) -> Page[Transfer]:
    """The page of transfers that was asked for, with their sync jobs as `shown_jobs`."""
    found = _with_jobs(_found(request, choice), choice)
    return Paginator(found, TRANSFERS_PER_PAGE).get_page(choice.page)


def shown_transfers(transfers: Iterable[Transfer]) -> list[ShownTransfer]:
    """Transfers from `history_page` with their words."""
    transfers = list(transfers)
    undoable, is_paused = with_something_to_undo(transfers), current_pause() is not None
    return [_shown(transfer, transfer.pk in undoable, is_paused) for transfer in transfers]


def _shown(transfer: Transfer, can_undo: bool, queue_is_paused: bool) -> ShownTransfer:
    every = list(transfer.sync_jobs.all())
    jobs = [ShownJob(job, job_name(job), short_counts(job)) for job in transfer.shown_jobs]  # type: ignore[attr-defined]
    notice = NOTHING_IS_SENT if stands_still(transfer) else transfer_notice(transfer, every, queue_is_paused)
    return ShownTransfer(transfer, list(transfer.test_activities.all()), jobs, bool(every), notice, can_undo)


def _found(request: Request, choice: Choice) -> QuerySet[Transfer]:
    """The transfers that have something to show. Environments are never mixed (design.md section 5)."""
    environment = request.organisation.environment
    found = Transfer.objects.filter(environment=environment)
    if choice["status"] or choice["steg"]:
        fits = Q(pk__in=_jobs(choice).values("transfer"))
        if choice["status"] and not choice["steg"]:  # one that has not begun has no steps yet
            steps = SyncJob.objects.filter(transfer=OuterRef("pk"))
            fits |= _in_state(choice["status"]) & ~Q(Exists(steps))
        found = found.filter(fits)
    if choice["provaktivitet"]:
        asked = as_uuid(choice["provaktivitet"])
        found = found.filter(test_activities=asked) if asked else found.none()
    if first := _day(choice["fran"]):
        found = found.filter(created_at__gte=_at(first, time.min))
    if last := _day(choice["till"]):
        found = found.filter(created_at__lte=_at(last, time.max))
    return found


def _jobs(choice: Choice) -> QuerySet[SyncJob]:
    jobs = SyncJob.objects.order_by("position")
    if choice["steg"] == REMOVALS:
        jobs = jobs.filter(action=Action.REMOVE)
    elif choice["steg"]:
        jobs = jobs.filter(kind=choice["steg"], action=Action.SEND)
    return jobs.filter(_in_state(choice["status"])) if choice["status"] else jobs


def _in_state(wanted: str) -> Q:
    """What the filter Status asks for, of a transfer or of a step."""
    return ~Q(state__in=AT_REST_STATES) if wanted == ONGOING else Q(state=wanted)


def _with_jobs(transfers: QuerySet[Transfer], choice: Choice) -> QuerySet[Transfer]:
    return transfers.select_related("created_by").prefetch_related(
        "sync_jobs", "test_activities", Prefetch("sync_jobs", queryset=_jobs(choice), to_attr="shown_jobs")
    )


def _rows(transfers: Iterable[Any]) -> Iterator[list[Cell]]:
    for transfer in transfers:
        names = ", ".join(activity.name for activity in transfer.test_activities.all())
        who = transfer.created_by.get_full_name() or transfer.created_by.username if transfer.created_by else ""
        for job in transfer.shown_jobs:
            yield [
                transfer.pk, names, job_name(job), TransferState(job.state).label,
                transfer.get_environment_display(),
                job.started_at, job.finished_at, job.wanted, job.unchanged, job.sent, job.success + job.warning,
                job.warning, job.error, job.withheld, job.removed, who,
            ]  # fmt: skip


def _day(text: str) -> date | None:
    """The day, moved to where a moment of it can be reckoned with: nothing was sent before or will be after that."""
    try:
        return min(max(date.fromisoformat(text), _FIRST_DAY), _LAST_DAY)
    except ValueError:
        return None


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
