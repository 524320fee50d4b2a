"""Where Skolverket takes its time to answer, calls are made side by side; the end and the promises are the same."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.errors import NotAuthorised, TemporaryTrouble
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.actions.send import cancel
from provsluss.transfers.models import Batch, BatchState, ObjectResult, ObjectState, SyncJob, Transfer, TransferState
from provsluss.transfers.pipeline import concurrent_calls, poll_times, post_and_poll
from provsluss.transfers.pipeline.backoff import IN_A_ROW, note_trouble
from provsluss.transfers.pipeline.concurrent_calls import SideBySide, at_once
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.simulator_control import calls_of, log
from tests.transfers.small_school import make_classes

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = ("--delay", "0.1", "--transfer-rate", "0", "--seed", "7", "--answer-delay", "0.25")


@pytest.fixture(autouse=True)
def many_small_calls(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE, settings.CALLS_AT_ONCE = 1500, 0, 6
    settings.LONGEST_PAUSE_SECONDS = 0.4
    monkeypatch.setattr(poll_times, "FIRST_PAUSE", 0.05)


def test_several_calls_are_under_way_and_none_twice(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    activity = make_classes(scoped, 2, 12)
    url = skolverket(*SLOW)
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE
    assert log(url)["most_at_once"] >= 3
    assert counts(transfer, "persons") == {"wanted": 27, "sent": 27, "success": 27}
    assert {batch.attempts for batch in Batch.objects.all()} == {1}
    assert_steps_do_not_overlap(transfer)


def assert_steps_do_not_overlap(transfer: Transfer) -> None:
    ended = None
    for kind in KINDS:
        job = transfer.sync_jobs.get(kind=kind)
        posted = [batch.posted_at for batch in job.batches.all() if batch.posted_at]
        assert ended is None or min(posted) >= ended
        ended = max(batch.finished_at for batch in job.batches.all() if batch.finished_at)


def test_faults_among_them_change_nothing_at_the_end(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    activity = make_classes(scoped, 1, 10)
    faults = ("--fail-share", "0.1", "--drop-share", "0.1", "--partial-share", "0.2", "--temporary-share", "0.2")
    skolverket(*SLOW, *faults, "--max-bytes", "1200")
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons")["success"] == 12
    assert not ObjectResult.objects.exclude(state=ObjectState.RECEIVED).exists()
    assert not Batch.objects.filter(finished_at=None).exists()


def test_a_failure_of_several_at_the_same_moment_is_one(scoped: Organisation) -> None:
    """Three calls that a short breakdown hits together do not mean that Skolverket has been away for long."""
    transfer = new_transfer(make_classes(scoped, 1, 1))
    started = SyncJob.objects.create(
        transfer=transfer, organisation=scoped, kind="persons", position=0, state=TransferState.RUNNING
    )
    for number in range(IN_A_ROW):
        batch = Batch.objects.create(
            sync_job=started, organisation=scoped, number=number, object_count=1, byte_size=100
        )
        note_trouble(started, batch, TemporaryTrouble("Skolverket bröt förbindelsen."))
    started.refresh_from_db()
    assert (started.failures, started.next_try_at) == (1, None)


def test_no_call_is_under_way_when_a_cancelled_transfer_has_been_left(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    url = skolverket(*SLOW)
    transfer = new_transfer(make_classes(scoped, 2, 12))
    cancelling = threading.Timer(1.0, lambda: _cancel(transfer))
    cancelling.start()
    run(transfer)
    cancelling.join()
    assert transfer.state == TransferState.CANCELLED
    posts = calls_of(url, "/bulk", "/{id}")
    time.sleep(0.5)
    assert calls_of(url, "/bulk", "/{id}") == posts
    # What was under way when it was cancelled is known to have been posted, so that its answer can be asked for.
    assert not Batch.objects.filter(state=BatchState.PREPARED, attempts__gt=0).exists()


def _cancel(transfer: Transfer) -> None:
    with scope(organisation=transfer.organisation):
        cancel(transfer)


def test_certificate_trouble_in_one_of_them_stops_the_transfer(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main, post = threading.get_ident(), post_and_poll.post

    def refused_beside(*arguments: Any) -> None:
        if threading.get_ident() != main:
            raise NotAuthorised("Skolverket nekar.", status_code=403)
        post(*arguments)

    monkeypatch.setattr(post_and_poll, "post", refused_beside)
    skolverket(*SLOW)
    transfer = run(new_transfer(make_classes(scoped, 2, 12)))
    assert transfer.state == TransferState.CANCELLED
    assert "Skolverket nekar." in transfer.message


def test_the_slower_the_answers_the_more_at_once(settings: Any) -> None:
    settings.TRANSFER_RATE, settings.CALLS_AT_ONCE = 5, 8
    assert [at_once(seconds) for seconds in (0, 0.1, 0.2, 0.5, 1, 3)] == [1, 1, 2, 4, 6, 8]


def test_who_gets_no_thread_makes_its_own_calls(
    scoped: Organisation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concurrent_calls, "_free", threading.Semaphore(1))
    go_on, settings.CALLS_AT_ONCE = threading.Event(), 6
    one, other = SideBySide(scoped), SideBySide(scoped)
    assert one.take(lambda: go_on.wait(10) and None, 1, 2.0)
    assert one.batches == [1]
    assert not other.take(lambda: None, 2, 2.0)
    go_on.set()
    one.wait_for_all()
    assert one.batches == []
    assert other.take(lambda: None, 2, 2.0)
    other.wait_for_all()
