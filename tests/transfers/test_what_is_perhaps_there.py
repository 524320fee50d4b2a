"""Calls that were posted and never answered: what they were about may be at Skolverket, and is not forgotten."""

from collections.abc import Callable
from typing import Any

import pytest

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.actions import send
from provsluss.transfers.models import (
    Accepted,
    ObjectResult,
    PlannedObject,
    TestActivity,
    TestActivityState,
    TransferState,
)
from provsluss.transfers.pipeline import poll_times, post_and_poll
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.read_back import verify
from tests.transfers.fates import new_plan
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.simulator_control import switch
from tests.transfers.small_school import make_school

FAST = ("--delay", "0.02", "--transfer-rate", "0", "--read-rate", "0")


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRANSFER_RATE, settings.LONGEST_PAUSE_SECONDS = 0, 0.1
    monkeypatch.setattr(poll_times, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(post_and_poll, "MAX_FORGOTTEN", 0)


@pytest.fixture
def simulator(skolverket: Callable[..., str]) -> str:
    """A Skolverket that works every call off and forgets its job."""
    return skolverket(*FAST, "--forget-share", "1")


@pytest.fixture
def lost(scoped: Organisation, simulator: str) -> TestActivity:
    """A school whose persons Skolverket has got, in a call that it will never answer for."""
    activity = make_school(scoped)
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    persons = ObjectResult.objects.filter(sync_job__kind="persons")
    assert {(one.state, one.findings[0]["code"]) for one in persons} == {("error", "job_lost")}
    switch(simulator, forget_share=0)
    return activity


def _ids() -> list[Any]:
    return list(Person.objects.values_list("pk", flat=True))


def test_they_are_removed_when_nobody_wants_them(scoped: Organisation, lost: TestActivity) -> None:
    client = client_for(scoped, "simulator")
    assert len(client.lookup("persons", _ids())) == 7
    TestActivity.objects.update(state=TestActivityState.ARCHIVED)
    removal = run(send.press_send(scoped, None))
    assert counts(removal, "persons", "remove")["removed"] == 7
    assert client.lookup("persons", _ids()) == []
    assert not Accepted.objects.exists()


def test_nothing_refers_to_them_until_they_have_been_sent_again(scoped: Organisation, lost: TestActivity) -> None:
    assert Accepted.objects.filter(kind="persons", perhaps=True, payload_hash="").count() == 7
    assert RemoteState(scoped, "simulator").present("persons", _ids()) == set()
    assert not Accepted.objects.filter(kind="duties").exists()
    verified = verify(scoped)["persons"]
    assert (verified.accepted, verified.missing) == (0, [])

    plan = new_plan(new_transfer(lost))
    assert (plan.counts["persons"]["new"], plan.counts["persons"]["again"]) == (0, 7)
    assert plan.counts["persons"]["removed"] == 0
    row = PlannedObject.objects.filter(plan=plan, kind="persons")[0]
    assert "inte säkert vad Skolverket har" in row.findings[0]["sentence"]
    again = run(new_transfer(lost))
    assert again.state == TransferState.DONE
    assert counts(again, "persons") == {"wanted": 7, "sent": 7, "success": 7}
    assert not Accepted.objects.filter(perhaps=True).exists()
    assert len(RemoteState(scoped, "simulator").present("persons", _ids())) == 7


def test_what_was_accepted_before_stays_so(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST)
    activity = make_school(scoped)
    run(new_transfer(activity))
    Person.objects.update(given_name="Nytt")
    switch(url, forget_share=1)
    run(new_transfer(activity))
    assert not Accepted.objects.filter(perhaps=True).exists()
    assert Accepted.objects.filter(kind="persons", payload_hash="").count() == 7
    assert len(RemoteState(scoped, "simulator").present("persons", _ids())) == 7


def test_what_was_refused_at_posting_is_not_there(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST)
    switch(url, max_bytes=50)
    assert run(new_transfer(make_school(scoped))).state == TransferState.DONE_WITH_ERRORS
    assert not Accepted.objects.exists()
