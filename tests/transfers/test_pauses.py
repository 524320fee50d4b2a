"""Trouble pauses one call; only a Skolverket that is away pauses everything, for longer and longer, with few calls."""

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.errors import TemporaryTrouble, TooManyCalls
from provsluss.transfers.models import Batch, BatchState, SyncJob, Transfer, TransferState
from provsluss.transfers.pipeline import advance, backoff, poll_times
from provsluss.transfers.pipeline.backoff import note_success, note_trouble
from tests.fixtures.free_port import free_port
from tests.fixtures.processes import Running, Start
from tests.transfers.running import counts, new_transfer
from tests.transfers.simulator_control import log, switch
from tests.transfers.small_school import make_school

FAST = ("--delay", "0.1", "--transfer-rate", "0")
CLOSED = 6.0
AWAY = TemporaryTrouble("Skolverket är inte tillgängligt just nu (503).", status_code=503)


@pytest.fixture(autouse=True)
def an_hour_in_seconds(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses from 0.05 s to 1 s instead of from half a second to five minutes."""
    settings.TRANSFER_RATE, settings.LONGEST_PAUSE_SECONDS, settings.MAX_PAYLOAD_BYTES = 0, 1.0, 1500
    monkeypatch.setattr(poll_times, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(backoff, "NOTICEABLE_PAUSE", 0.3)
    monkeypatch.setattr(advance, "SWEEP_SECONDS", 0.1)


class Watched:
    """A transfer carried to its end, and what was seen on the way."""

    def __init__(self, transfer: Transfer, at_first_answer: Callable[[], None]) -> None:
        """Calls `at_first_answer` when Skolverket has answered the first call."""
        advance.begin(transfer.pk, transfer.attempt)
        self.steps_while_retrying = 0
        self.pauses: dict[Any, float] = {}
        self.states: set[str] = set()
        told, deadline = False, time.monotonic() + 60
        while (pause := advance.advance(transfer.pk, transfer.attempt)) is not None:
            assert time.monotonic() < deadline
            if not told and SyncJob.objects.filter(success__gt=0).exists():
                told = True
                at_first_answer()
            transfer.refresh_from_db()
            self.states.add(transfer.state)
            for job in SyncJob.objects.exclude(next_try_at=None):
                self.steps_while_retrying += 1
                left = (job.next_try_at - timezone.now()).total_seconds()  # type: ignore[operator]
                self.pauses.setdefault(job.next_try_at, left)
            time.sleep(pause)
        advance.finish(transfer.pk, transfer.attempt)
        transfer.refresh_from_db()


def test_closed_in_the_middle_costs_few_calls_and_no_work(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST)
    transfer = new_transfer(make_school(scoped, pupils=20))
    watched = Watched(transfer, lambda: switch(url, down_seconds=CLOSED))
    assert transfer.state == TransferState.DONE, "it went on by itself"
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    refused = log(url)["statuses"]["503"]
    # Doubling up to a second, and then about one a second: far from a storm.
    assert 5 <= refused <= 25
    assert watched.steps_while_retrying <= 4 * refused, "between the tries it sleeps"
    assert TransferState.RETRYING in watched.states, "the page says so, and when the next try comes"
    assert max(watched.pauses.values()) <= 1.0
    # Each is jittered between half its ceiling and the whole of it, and the ceiling doubles until it is a second.
    # Between two moments to try lie a try and a pause, which a busy machine makes longer and never shorter.
    assert next(iter(watched.pauses.values())) <= 0.5
    apart = [(later - earlier).total_seconds() for earlier, later in pairwise(watched.pauses)]
    assert min(apart[-4:-1]) >= 0.5, "they grow"


@pytest.mark.usefixtures("skolverket")
def test_nobody_there_at_all_costs_few_tries(
    scoped: Organisation, start_process: Start, settings: Any, tmp_path: Path
) -> None:
    port, state = free_port(), tmp_path / "state.json"
    settings.SIMULATOR_URL = f"http://127.0.0.1:{port}"

    def start() -> Running:
        running = start_process("-m", "provsluss.simulator", "--port", port, "--state", state, *FAST)
        running.wait_until_answers(f"{settings.SIMULATOR_URL}/provisioning/v1/alive")
        return running

    first = start()

    def end_it() -> None:
        first.end()
        threading.Timer(3.0, start).start()

    transfer = new_transfer(make_school(scoped, pupils=20))
    watched = Watched(transfer, end_it)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert 3 <= len(watched.pauses) <= 20
    assert watched.steps_while_retrying <= 4 * len(watched.pauses)


def test_a_storm_of_429_is_met_with_few_calls(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST)
    transfer = new_transfer(make_school(scoped, pupils=20))
    Watched(transfer, lambda: switch(url, storm_seconds=4))
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert 2 <= log(url)["too_many_requests"] <= 15
    assert not Batch.objects.filter(failures__gt=0).exists(), "no call is to blame"


def test_trouble_with_one_call_does_not_hold_up_the_others(scoped: Organisation) -> None:
    job, first, second = _two_calls(scoped)
    note_trouble(job, first, AWAY)
    first.refresh_from_db()
    job.refresh_from_db()
    assert first.next_try_at is not None
    assert first.problem == str(AWAY)
    assert job.next_try_at is None
    assert advance._due(job, BatchState.PREPARED, timezone.now()) == second


def test_three_in_a_row_pause_everything_until_one_goes_well(scoped: Organisation) -> None:
    job, first, second = _two_calls(scoped)
    for batch in (first, second, first):
        batch.refresh_from_db()
        note_trouble(job, batch, AWAY)
        job.refresh_from_db()
    assert job.next_try_at is not None
    assert (job.failures, job.message) == (3, str(AWAY))
    note_success(job, first)
    job.refresh_from_db()
    second.refresh_from_db()
    assert (job.failures, job.next_try_at, job.message, job.state) == (0, None, "", TransferState.RUNNING)
    assert second.next_try_at is not None
    assert second.next_try_at <= timezone.now(), "what waited because nobody answered goes on at once"


def test_the_moment_that_is_shown_is_when_something_is_tried(scoped: Organisation) -> None:
    job, first, second = _two_calls(scoped)
    Batch.objects.filter(pk__in=[first.pk, second.pk]).update(failures=9)
    for batch in (first, second, first):
        batch.refresh_from_db()
        note_trouble(job, batch, AWAY)
        job.refresh_from_db()
    shown = job.next_try_at
    assert shown is not None
    assert advance._due(job, BatchState.PREPARED, shown) is not None
    advance._seconds_to_next(job, timezone.now())
    job.refresh_from_db()
    assert job.next_try_at == shown, "it does not move"


def test_trouble_with_the_last_call_is_shown_although_the_others_went_well(scoped: Organisation) -> None:
    job, first, second = _two_calls(scoped)
    Batch.objects.filter(pk=second.pk).update(state=BatchState.DONE)
    Batch.objects.filter(pk=first.pk).update(failures=6)
    first.refresh_from_db()
    note_trouble(job, first, AWAY)
    advance._seconds_to_next(job, timezone.now())
    job.refresh_from_db()
    assert (job.state, job.message) == (TransferState.RETRYING, str(AWAY))
    assert job.next_try_at is not None


def test_too_many_calls_is_nobodys_fault_and_pauses_everything(scoped: Organisation) -> None:
    job, first, _ = _two_calls(scoped)
    note_trouble(job, first, TooManyCalls("För många anrop (429).", retry_after=7, status_code=429))
    first.refresh_from_db()
    job.refresh_from_db()
    assert (first.failures, first.next_try_at) == (0, None)
    assert job.next_try_at is not None
    assert 6 < (job.next_try_at - timezone.now()).total_seconds() <= 7


def test_pauses_double_up_to_five_minutes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll_times, "FIRST_PAUSE", 0.5)
    settings.LONGEST_PAUSE_SECONDS = 300
    pauses = [poll_times.pause_after_trouble(failures, None) for failures in range(1, 60)]
    ceilings = [min(0.5 * 2**number, 300) for number in range(59)]
    assert all(ceiling / 2 <= pause <= ceiling for pause, ceiling in zip(pauses, ceilings, strict=True))
    # So many tries in an hour that Skolverket is closed: few.
    tries, closed_for = 0, 0.0
    while closed_for < 3600:
        closed_for += pauses[tries]
        tries += 1
    assert tries <= 35
    assert poll_times.pause_after_trouble(1, 60) == 60, "what Skolverket asks for is never undercut"


def _two_calls(organisation: Organisation) -> tuple[SyncJob, Batch, Batch]:
    transfer = Transfer.objects.create(organisation=organisation, environment="simulator", state=TransferState.RUNNING)
    job = SyncJob.objects.create(
        transfer=transfer,
        organisation=organisation,
        kind="persons",
        position=0,
        state=TransferState.RUNNING,
        prepared_at=timezone.now(),
    )
    first, second = (
        Batch.objects.create(sync_job=job, organisation=organisation, number=number, object_count=1, byte_size=1)
        for number in (1, 2)
    )
    return job, first, second
