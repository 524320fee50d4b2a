"""Jobs that never end, jobs that are forgotten, and a Skolverket that lets nobody in."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import (
    Accepted,
    Batch,
    BatchState,
    ObjectResult,
    ObjectState,
    TestActivity,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import advance, poll_times, post_and_poll
from tests.provtjanst.scripted_server import Reply, scripted_server
from tests.transfers.running import counts, new_transfer, next_thing, run
from tests.transfers.simulator_control import calls_of, switch
from tests.transfers.small_school import make_school

FAST = ("--seed", "7")
HOUR = 1 / 3600


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short pauses, and one thing in each step of the pipeline."""
    monkeypatch.setattr(advance, "SWEEP_SECONDS", 0)
    settings.TRANSFER_RATE, settings.LONGEST_PAUSE_SECONDS = 0, 0.3
    monkeypatch.setattr(poll_times, "FIRST_PAUSE", 0.05)


def test_what_never_ended_is_sent_again_and_nothing_else(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> None:
    settings.MAX_PAYLOAD_BYTES, settings.JOB_PATIENCE_HOURS = 1500, HOUR
    url = skolverket(*FAST, "--never-share", "0.5")
    activity = make_school(scoped, pupils=10)
    first = run(new_transfer(activity))
    assert first.state == TransferState.DONE_WITH_ERRORS
    lost = ObjectResult.objects.filter(sync_job__transfer=first, sync_job__kind="persons", state=ObjectState.ERROR)
    assert {result.findings[0]["code"] for result in lost} == {"never_completed"}
    assert 0 < lost.count() < 12
    assert all("Skicka igen" in result.findings[0]["sentence"] for result in lost)

    switch(url, never_share=0)
    second = run(new_transfer(activity))
    assert second.state == TransferState.DONE
    assert counts(second, "persons") == {
        "wanted": 12, "unchanged": 12 - lost.count(), "sent": lost.count(), "success": lost.count(),
    }  # fmt: skip
    sent = ObjectResult.objects.filter(sync_job__transfer=second, sync_job__kind="persons")
    assert set(sent.values_list("object_id")) == set(lost.values_list("object_id"))


def test_nothing_is_given_up_while_nobody_answers(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> None:
    """Closed for longer than a job is waited for: the job may have ended long ago, and Skolverket is asked first."""
    url = skolverket(*FAST)
    transfer = new_transfer(make_school(scoped))
    advance.begin(transfer.pk, transfer.attempt)
    while not Batch.objects.filter(state=BatchState.POSTED).exists():
        job = advance._job_to_work_on(transfer.pk, transfer.attempt)
        assert job is not None
        next_thing(job, "persons")
    switch(url, down_seconds=1.5)
    Batch.objects.update(posted_at=timezone.now() - timedelta(hours=settings.JOB_PATIENCE_HOURS + 1))
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 7}


def test_a_forgotten_job_is_posted_again(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST, "--forget-share", "1")
    transfer = _until_a_job_is_forgotten(make_school(scoped))
    switch(url, forget_share=0)
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 7}
    persons = transfer.sync_jobs.get(kind="persons").batches.get()
    assert persons.attempts == calls_of(url, "/persons/bulk") == persons.forgotten + 1 >= 2


def test_a_job_that_is_forgotten_time_after_time_is_given_up(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    url = skolverket(*FAST, "--forget-share", "1")
    activity = make_school(scoped)
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "error": 7}
    result = ObjectResult.objects.filter(sync_job__transfer=transfer, state=ObjectState.ERROR).first()
    assert result is not None
    assert result.findings[0]["code"] == "job_lost"
    assert calls_of(url, "/persons/bulk") == post_and_poll.MAX_FORGOTTEN + 1
    assert not Accepted.objects.exclude(payload_hash="").exists()
    switch(url, forget_share=0)
    assert run(new_transfer(activity)).state == TransferState.DONE


def test_calls_that_met_trouble_do_not_count_as_forgotten_jobs(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    """A batch that was posted after many tries has its whole number of second chances left."""
    activity = make_school(scoped)
    url = skolverket(*FAST, "--forget-share", "1")
    client_for(scoped, "simulator").authorise()  # trouble with the token is no call about the batch
    switch(url, down_seconds=3)
    transfer = _until_a_job_is_forgotten(activity)
    assert Batch.objects.get().attempts > post_and_poll.MAX_FORGOTTEN
    switch(url, forget_share=0)
    assert run(transfer).state == TransferState.DONE


@pytest.mark.usefixtures("skolverket")
def test_403_with_a_fresh_token_stops_and_says_what_to_check(scoped: Organisation, settings: Any) -> None:
    activity = make_school(scoped)
    refusal = [{"id": "5002", "statusCode": 403, "message": "Behörighet saknas", "severityLevel": "Error"}]
    token = {"access_token": {"value": "hemlig-token", "expires_in": 3600, "flags": ["bearer"]}}
    with scripted_server() as server:
        server.paths["/transaction"] = [Reply(body=token)]
        server.replies = [Reply(403, refusal)]
        settings.SIMULATOR_URL = server.address
        transfer = run(new_transfer(activity))
        assert len([call for call in server.seen if call.path == "/transaction"]) == 2, "asked for a fresh token once"
        assert len([call for call in server.seen if call.path != "/transaction"]) == 2, "and tried once more"
        again = run(new_transfer(activity))
    assert transfer.state == again.state == TransferState.CANCELLED
    for said in ("403, kod 5002", scoped.number, "certifikatet", "organisationsnummer", "Anslutning", "Återuppta"):
        assert said in transfer.message
    assert "hemlig-token" not in transfer.message
    assert not Accepted.objects.exists()


def _until_a_job_is_forgotten(activity: TestActivity) -> Transfer:
    transfer = new_transfer(activity)
    advance.begin(transfer.pk, transfer.attempt)
    while not Batch.objects.filter(forgotten=1).exists():
        pause = advance.advance(transfer.pk, transfer.attempt)
        assert pause is not None, "the transfer ended"
        time.sleep(pause)
    return transfer
