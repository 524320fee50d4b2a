"""Whatever is done to a transfer in whatever order: it takes allowed steps only, and each leaves what belongs to it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provsluss.organisations.models import Organisation
from provsluss.transfers.actions import send
from provsluss.transfers.lifecycle import steps
from provsluss.transfers.lifecycle.changes import go_on, pause_job, stop, stop_what_cannot_go_on
from provsluss.transfers.lifecycle.move import Why, move_jobs, move_transfers, note_new
from provsluss.transfers.models import (
    TOLD_STATES,
    Category,
    Cause,
    Outcome,
    SyncJob,
    TestActivity,
    Transfer,
    TransferEvent,
    TransferState,
)
from provsluss.transfers.pipeline import advance
from provsluss.transfers.removal import review
from tests.transfers.running import new_transfer
from tests.transfers.small_school import make_school

Do = Callable[[Transfer, SyncJob], object]


def _start_job(_: Transfer, job: SyncJob) -> None:
    queued = SyncJob.objects.filter(pk=job.pk, state="queued")
    move_jobs(queued, TransferState.RUNNING, Why(Cause.STARTED), started_at=timezone.now())


def _list_job(_: Transfer, job: SyncJob) -> None:
    removal = SyncJob.objects.filter(pk=job.pk, action="remove")
    move_jobs(removal, TransferState.NEEDS_REVIEW, Why(Cause.LISTED, "Mer än gränsen.", Category.NEEDS_DECISION))


def _approve(transfer: Transfer, _: SyncJob) -> None:
    with suppress(review.AlreadyDecided):
        review.approve(transfer, None)


def _refuse(transfer: Transfer, _: SyncJob) -> None:
    with suppress(review.AlreadyDecided):
        review.refuse(transfer, None)


def _resume(transfer: Transfer, _: SyncJob) -> None:
    with suppress(send.CannotSend):
        send.resume(transfer)


def _pause(seconds: int) -> Do:
    until = timezone.now() + timedelta(seconds=seconds)
    return lambda _, job: pause_job(job, until, "Skolverket svarar inte.", shown=seconds > 2)


DOES: dict[str, Do] = {
    "begin": lambda transfer, _: advance.begin(transfer.pk, transfer.attempt),
    "begin an earlier attempt": lambda transfer, _: advance.begin(transfer.pk, transfer.attempt - 1),
    "start a job": _start_job,
    "list a removal": _list_job,
    "long trouble": _pause(60),
    "short trouble": _pause(1),
    "trouble is over": lambda _, job: go_on(job),
    "end a job": lambda _, job: advance._end(job),
    "finish": lambda transfer, _: advance.finish(transfer.pk, transfer.attempt),
    "approve": _approve,
    "refuse": _refuse,
    "supersede": lambda transfer, _: review.close_older_reviews(Transfer(pk=transfer.pk + 1, **transfer.place)),
    "stop": lambda transfer, _: stop(transfer.pk, "Överföringen avbröts."),
    "broken": lambda transfer, _: stop_what_cannot_go_on(
        transfer.pk, transfer.attempt, "Ett fel.", Category.NEEDS_OPERATOR
    ),
    "resume": _resume,
}
_BEGUN = [("begin", 0), *(("start a job", number) for number in range(4))]
_SENT = [*_BEGUN, *(("end a job", number) for number in range(4))]
# Or most walks end before anything has happened.
BEGINNINGS: list[list[tuple[str, int]]] = [[], _BEGUN, _SENT, [*_SENT, ("list a removal", 4), ("finish", 0)]]
WALKS = st.lists(st.tuples(st.sampled_from(sorted(DOES)), st.integers(0, 4)), max_size=15)


@pytest.fixture
def activity(scoped: Organisation) -> TestActivity:
    return make_school(scoped, pupils=1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(beginning=st.sampled_from(BEGINNINGS), walk=WALKS)
def test_each_step_is_allowed_and_whole(
    activity: TestActivity, beginning: list[tuple[str, int]], walk: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        transfer = new_transfer(activity)
        note_new(transfer)
        for does, number in [*beginning, *walk]:
            transfer.refresh_from_db()
            jobs = list(SyncJob.objects.filter(transfer=transfer).order_by("position"))
            if len(jobs) == 4 and number == 4 and not transfer.is_ended:
                jobs.append(
                    SyncJob.objects.create(
                        transfer=transfer,
                        organisation=transfer.organisation,
                        kind="persons",
                        action="remove",
                        position=7,
                    )
                )
            with suppress(SyncJob.DoesNotExist):
                DOES[does](transfer, jobs[number] if number < len(jobs) else SyncJob(transfer=transfer))
            _is_whole(transfer)
        transaction.set_rollback(True)


def _removal(transfer: Transfer) -> SyncJob:
    whose = {"transfer": transfer, "organisation": transfer.organisation}
    return SyncJob.objects.create(**whose, kind="persons", action="remove", position=7)


def _is_whole(transfer: Transfer) -> None:
    transfer.refresh_from_db()
    reached: dict[int | None, str] = {None: ""}
    for number, event in enumerate(TransferEvent.objects.filter(transfer=transfer)):
        table = steps.SYNC_JOB if event.sync_job_id else steps.TRANSFER
        assert event.from_state == reached.get(event.sync_job_id, "queued")
        assert number == 0 or event.from_state in table[TransferState(event.to_state)]
        assert event.from_state != event.to_state
        reached[event.sync_job_id] = event.to_state
    assert reached.pop(None) == transfer.state
    states = dict(SyncJob.objects.filter(transfer=transfer).values_list("pk", "state"))
    assert reached == {job: state for job, state in states.items() if job in reached or state != "queued"}

    assert Outcome.objects.filter(transfer=transfer).count() == (transfer.state in TOLD_STATES)
    assert (transfer.finished_at is not None) == transfer.is_ended
    if transfer.state == TransferState.RETRYING:
        assert transfer.category == Category.WILL_MEND_ITSELF
        assert "retrying" in states.values()
    if transfer.state == TransferState.NEEDS_REVIEW:
        assert transfer.category == Category.NEEDS_DECISION
    if transfer.is_ended:
        assert set(states.values()) <= {"done", "done_with_errors", "done_with_warnings", "cancelled"}


def test_the_table_lets_nothing_leave_what_has_gone_through() -> None:
    for table in (steps.TRANSFER, steps.SYNC_JOB):
        assert set(table) == set(TransferState)
        assert not {state for sources in table.values() for state in sources} & {
            TransferState.DONE,
            TransferState.DONE_WITH_ERRORS,
            TransferState.DONE_WITH_WARNINGS,
        }
        assert all(to not in sources for to, sources in table.items())


def test_a_transfer_does_not_go_through_without_its_outcomes(activity: TestActivity) -> None:
    transfer = new_transfer(activity)
    advance.begin(transfer.pk, 1)
    for state in TOLD_STATES:
        with pytest.raises(ValueError, match=state):
            move_transfers(Transfer.objects.filter(pk=transfer.pk), state, Why(Cause.WENT_THROUGH))


def test_a_late_call_of_an_earlier_attempt_does_not_start_a_step(activity: TestActivity) -> None:
    """It comes back when its transfer has been stopped and resumed, and the step waits for its turn anew."""
    transfer = new_transfer(activity)
    advance.begin(transfer.pk, 1)
    job = SyncJob.objects.get(transfer=transfer, kind="persons")
    _start_job(transfer, job)
    SyncJob.objects.filter(pk=job.pk).update(next_try_at=timezone.now())
    stop(transfer.pk, "Överföringen avbröts.")
    send.resume(transfer)
    go_on(job)
    pause_job(job, timezone.now(), "Skolverket svarar inte.", shown=True)
    job.refresh_from_db()
    transfer.refresh_from_db()
    assert (job.state, transfer.state) == ("queued", "queued")
