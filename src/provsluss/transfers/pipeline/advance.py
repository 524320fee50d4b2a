"""The pipeline: begin a transfer, move its sync jobs forward one after the other, end it.

Each function is a short step that the engine may repeat at any time; the tables say what has been done. A step begins
new things for some seconds at the most, so that cancelling and stopping are quick; calls under way are waited for.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.connection.clients import client_for
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import NotAuthorised, TemporaryTrouble, TokenRefused
from provsluss.rules.catalogue_snapshot import Catalogue, catalogue_snapshot
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.desired.one_person import wanted_of
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.desired.selection_cache import shared_selection
from provsluss.transfers.lifecycle.changes import start, stop_what_cannot_go_on, went_elsewhere
from provsluss.transfers.lifecycle.move import Why, move_jobs
from provsluss.transfers.lifecycle.outcomes import category_of, end_transfer
from provsluss.transfers.lifecycle.worst_state import worst_state
from provsluss.transfers.models import (
    AT_REST_STATES,
    ENDED_STATES,
    Action,
    Batch,
    BatchState,
    Category,
    Cause,
    Purpose,
    SyncJob,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import post_and_poll
from provsluss.transfers.pipeline.backoff import first_waiting, note_success, note_trouble, pause_until, why_it_stops
from provsluss.transfers.pipeline.concurrent_calls import SideBySide
from provsluss.transfers.pipeline.prepare import prepare_piece
from provsluss.transfers.pipeline.read_back import look_up
from provsluss.transfers.pipeline.removals import (
    begin_removals,
    forget_lists,
    leave_what_is_wanted_again,
    prepare_removal,
    start_removal,
)
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.restoration import Restoration

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
"""How long one call of `advance` may go on starting new things."""
LONGEST_SLEEP = 10.0
"""Long pauses are slept in pieces of this length, so that a cancelled transfer soon lets the next one through."""


def begin(transfer_id: int, attempt: int) -> bool:
    """Make the four sync jobs and mark the transfer as running. Returns False if it has been cancelled meanwhile."""
    with transaction.atomic():
        if not start(_mine(transfer_id, attempt)):
            return False
        transfer = Transfer.objects.select_related("organisation").get(pk=transfer_id)
        for position, kind in enumerate(KINDS):
            SyncJob.objects.get_or_create(
                transfer=transfer,
                kind=kind,
                action=Action.SEND,
                defaults={"position": position, "organisation": transfer.organisation},
            )
    return True


def advance(transfer_id: int, attempt: int) -> float | None:
    """Do what can be done now for the transfer's next sync job.

    Returns how many seconds to wait before the next call, or None when there is nothing more to do: all sync jobs have
    ended or wait for a decision, or the transfer has been cancelled or resumed as another attempt. Then no call is
    under way any more either; in between there can be some (concurrent_calls.py).
    """
    until = time.monotonic() + SWEEP_SECONDS
    while True:
        if (job := _job_to_work_on(transfer_id, attempt)) is None:
            if not begin_removals(transfer_id, attempt, until):
                _let_calls_end(transfer_id)
                return None
            if time.monotonic() >= until:
                return 0.0
            continue
        if job.transfer.is_elsewhere:
            stop_what_cannot_go_on(transfer_id, attempt, went_elsewhere(job.transfer), Category.NEEDS_DECISION)
            continue
        beside = _beside.setdefault(transfer_id, SideBySide(job.transfer.organisation))
        try:
            beside.settle()
            pause = _next_thing(job, job.kind, beside)  # type: ignore[arg-type]
        except (NotAuthorised, TokenRefused, CertificateProblem) as no:
            why = why_it_stops(job.transfer, no)
            stop_what_cannot_go_on(transfer_id, attempt, why, Category.NEEDS_OPERATOR)
            continue
        if time.monotonic() + pause >= until:
            return min(pause, LONGEST_SLEEP)
        time.sleep(pause)


_beside: dict[int, SideBySide] = {}
"""By transfer: its calls that are under way beside the thread that moves it forward."""


def _let_calls_end(transfer_id: int, timeout: float | None = None) -> None:
    if beside := _beside.pop(transfer_id, None):
        beside.wait_for_all(timeout)


def let_all_calls_end(seconds: float) -> None:
    """Wait until no call is under way beside its transfer's thread, at most so long: before others take over."""
    until = time.monotonic() + seconds
    for transfer_id in list(_beside):
        _let_calls_end(transfer_id, max(until - time.monotonic(), 0.0))


def finish(transfer_id: int, attempt: int) -> None:
    """End the transfer, with the worst state of its sync jobs; or let it wait for a decision about what to remove."""
    jobs = set(SyncJob.objects.filter(transfer=transfer_id).values_list("state", flat=True))
    if not jobs <= set(AT_REST_STATES) or TransferState.CANCELLED in jobs:
        return
    state = TransferState.NEEDS_REVIEW if TransferState.NEEDS_REVIEW in jobs else worst_state(jobs)
    end_transfer(_mine(transfer_id, attempt), state)
    _let_go_of_selections()


def _let_go_of_selections() -> None:
    """When nothing is under way: one of 140 000 pupils takes 50 MB, and would stay until eight others have come."""
    with scopes_disabled():
        under_way = Transfer.objects.filter(state__in=[TransferState.RUNNING, TransferState.RETRYING]).exists()
    if not under_way:
        selection_of.cache_clear()
        forget_lists()


def _mine(transfer_id: int, attempt: int) -> "QuerySet[Transfer]":
    return Transfer.objects.filter(pk=transfer_id, attempt=attempt).exclude(state__in=ENDED_STATES)


def _job_to_work_on(transfer_id: int, attempt: int) -> SyncJob | None:
    """The first sync job that has neither ended nor waits for a decision."""
    return (
        SyncJob.objects.select_related("transfer__organisation")
        .filter(transfer=transfer_id, transfer__attempt=attempt)
        .exclude(Q(state__in=AT_REST_STATES) | Q(transfer__state__in=AT_REST_STATES))
        .order_by("position")
        .first()
    )


def _next_thing(job: SyncJob, kind: Kind, beside: SideBySide) -> float:
    """Do the most urgent thing. Returns the seconds until the next one (0 = at once)."""
    now = timezone.now()
    if job.next_try_at and job.next_try_at > now:
        return (job.next_try_at - now).total_seconds()
    transfer = job.transfer
    there = RemoteState.of(transfer)
    if job.state == TransferState.QUEUED:
        if job.action == Action.REMOVE:
            start_removal(job, kind, now)
        else:
            _start(job, kind, now)
        return 0.0
    if batch := _due(job, BatchState.PREPARED, now, beside.batches):
        if job.action == Action.SEND or leave_what_is_wanted_again(batch, job, kind):
            _make(post_and_poll.post, batch, job, kind, there, beside)
    elif job.prepared_at is None:
        _prepare(job, kind, there)
    elif batch := _due(job, BatchState.POSTED, now, beside.batches):
        _make(post_and_poll.ask, batch, job, kind, there, beside)
    elif batch := _due(job, BatchState.UNANSWERED, now, beside.batches):
        _make(look_up, batch, job, kind, there, beside)
    elif beside.batches:
        beside.wait_for_one()
    else:
        return _seconds_to_next(job, now)
    return 0.0


Call = Callable[[Batch, SyncJob, Kind, ProvisioningClient, RemoteState], None]


def _make(call: Call, batch: Batch, job: SyncJob, kind: Kind, there: RemoteState, beside: SideBySide) -> None:
    """Make one call about `batch`, here or beside, and note how it went."""
    client = _client(job.transfer)

    def make() -> None:
        try:
            call(batch, job, kind, client, there)
        except TemporaryTrouble as trouble:
            note_trouble(job, batch, trouble)
        else:
            note_success(job, batch)

    # While there is trouble, one call at a time finds out whether it is over.
    if job.failures or not beside.take(make, batch.pk, client.answer_seconds):
        make()


def _client(transfer: Transfer) -> ProvisioningClient:
    """Somebody waits at the screen for one person's transfer, so its calls go first."""
    urgent = transfer.purpose == Purpose.ONE_PERSON
    return client_for(transfer.organisation, transfer.environment, urgent=urgent)


def _prepare(job: SyncJob, kind: Kind, there: RemoteState) -> None:
    if job.action == Action.REMOVE:
        prepare_removal(job)
        return
    selection, catalogue = selection_of(job.transfer_id, job.transfer.attempt)
    prepare_piece(job, kind, selection, there, catalogue)


def _start(job: SyncJob, kind: Kind, now: datetime) -> None:
    earlier = SyncJob.objects.filter(transfer=job.transfer_id, position__lt=job.position).order_by("-position").first()
    # Only a job that still waits: it may have been cancelled while the selection was worked out.
    move_jobs(
        SyncJob.objects.filter(pk=job.pk, state=TransferState.QUEUED),
        TransferState.RUNNING,
        Why(Cause.STARTED),
        started_at=job.started_at or now,
        wanted=len(selection_of(job.transfer_id, job.transfer.attempt)[0].ids(kind)),
        job_seconds=earlier.job_seconds if earlier else None,
    )
    job.refresh_from_db()


@lru_cache(maxsize=8)
def selection_of(transfer_id: int, attempt: int) -> tuple[Selection | Restoration, Catalogue]:
    """What the transfer wants, and the catalogue it is checked against.

    Worked out once in each process; the same register gives the same selection again.
    """
    transfer = Transfer.objects.select_related("organisation").get(pk=transfer_id, attempt=attempt)
    catalogue = catalogue_snapshot(transfer.environment)
    if transfer.purpose == Purpose.RESTORE:
        return Restoration(transfer), catalogue
    if transfer.purpose == Purpose.ONE_PERSON and transfer.person_id:
        sent_to = "" if transfer.unsent_tests_too else transfer.environment
        return wanted_of(transfer.organisation, transfer.person_id, sent_to), catalogue
    return shared_selection(transfer.organisation, transfer.test_activities.all()), catalogue


def _due(job: SyncJob, state: BatchState, now: datetime, busy: Sequence[int] = ()) -> Batch | None:
    """The batch in `state` that has waited longest for its turn; not one that a call is under way about (`busy`)."""
    return (
        Batch.objects.select_related("sync_job")
        .filter(Q(next_try_at=None) | Q(next_try_at__lte=now), sync_job=job, state=state)
        .exclude(pk__in=busy)
        .order_by("next_try_at", "number")
        .first()
    )


def _seconds_to_next(job: SyncJob, now: datetime) -> float:
    """How long until one of the open batches is due; ends the sync job when there is none."""
    first = first_waiting(job)
    if first is None:
        _end(job)
        return 0.0
    if first.failures and first.next_try_at:
        pause_until(job, first.next_try_at, first.problem)
    return max(((first.next_try_at or now) - now).total_seconds(), 0.01)


def _end(job: SyncJob) -> None:
    job.refresh_from_db()
    if job.error or job.withheld:
        state = TransferState.DONE_WITH_ERRORS
    elif job.warning:
        state = TransferState.DONE_WITH_WARNINGS
    else:
        state = TransferState.DONE
    move_jobs(
        SyncJob.objects.filter(pk=job.pk),
        state,
        Why(Cause.WENT_THROUGH, category=category_of(state)),
        # What the register lost between selection and sending was never there.
        wanted=job.unchanged + job.withheld + job.answered,
        finished_at=timezone.now(),
        next_try_at=None,
    )
