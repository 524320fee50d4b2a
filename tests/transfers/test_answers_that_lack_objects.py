"""An answer that leaves objects out: they are marked, looked up, and sent again if they are not there."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.actions.send import resume
from provsluss.transfers.lifecycle.changes import stop
from provsluss.transfers.models import (
    Accepted,
    Batch,
    BatchState,
    ObjectResult,
    ObjectState,
    SyncJob,
    TestActivity,
    TestActivityState,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import advance, read_back
from provsluss.transfers.pipeline.read_back import is_as_sent, look_up
from provsluss.transfers.remote.accepted import RemoteState
from tests.transfers.running import counts, new_transfer, next_thing, run
from tests.transfers.simulator_control import calls_of, switch
from tests.transfers.small_school import make_school

FAST = ("--seed", "7")


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Short pauses."""
    settings.TRANSFER_RATE, settings.LONGEST_PAUSE_SECONDS = 0, 0.3


def codes(transfer: Transfer, kind: str = "persons") -> list[str]:
    """The codes of all findings of one kind."""
    findings = ObjectResult.objects.filter(sync_job__transfer=transfer, sync_job__kind=kind).values_list("findings")
    return [finding["code"] for (each,) in findings for finding in each]


def test_what_is_there_as_it_was_sent_counts_as_received(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST, "--partial-share", "1")
    transfer = run(new_transfer(make_school(scoped, pupils=20)))
    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert codes(transfer) == ["found_by_lookup"] * 5
    assert Accepted.objects.exclude(payload_hash="").count() == 22 + 2 + 2 + 1
    assert calls_of(url, "/persons/bulk", "/persons/lookup") == 2, "nothing was sent again"
    assert set(Batch.objects.values_list("state", flat=True)) == {BatchState.DONE}


def test_they_are_marked_until_they_are_found(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket(*FAST, "--partial-share", "1")
    transfer = _until_unanswered(make_school(scoped, pupils=20))
    marked = ObjectResult.objects.filter(sync_job__transfer=transfer, unanswered=1)
    assert {(result.state, result.findings[0]["code"]) for result in marked} == {(ObjectState.SENT, "unanswered")}
    assert marked.count() == 5
    job = transfer.sync_jobs.get(kind="persons")
    assert (job.success, job.error) == (17, 0)
    assert Accepted.objects.count() == 17


def test_what_is_not_there_is_sent_again(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST, "--lost-share", "1")
    transfer = run(new_transfer(make_school(scoped, pupils=20)))
    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    # 22 persons, of whom five are lost, then one of the five.
    assert [batch.object_count for batch in transfer.sync_jobs.get(kind="persons").batches.all()] == [22, 5, 1]
    assert codes(transfer) == [], "their answer came in the end"
    assert calls_of(url, "/persons/lookup") == 2


def test_what_is_never_there_is_an_error_after_three_times(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    activity = make_school(scoped)
    lost = Person.objects.filter(role="pupil").first()
    assert lost is not None
    url = skolverket(*FAST, "--lost-ids", lost.pk)
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 6, "error": 1}
    result = ObjectResult.objects.get(sync_job__transfer=transfer, object_id=lost.pk)
    assert (result.state, result.unanswered, result.findings[0]["code"]) == (ObjectState.ERROR, 3, "never_answered")
    assert "skickades 3 gånger" in result.findings[0]["sentence"]
    assert calls_of(url, "/persons/bulk") == 3
    assert Accepted.objects.get(object_id=lost.pk).perhaps, "it may come, and is removed when nobody wants it"
    # The class goes without that pupil, and says so.
    assert counts(transfer, "groups") == {"wanted": 2, "sent": 2, "warning": 2}

    switch(url, lost_ids=[])
    again = run(new_transfer(activity))
    assert again.state == TransferState.DONE
    assert counts(again, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "success": 1}


def test_what_is_there_but_otherwise_is_sent_again(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old name is there; the call with the new one was lost."""
    activity = make_school(scoped)
    url = skolverket(*FAST)
    run(new_transfer(activity))
    pupil = Person.objects.filter(role="pupil").first()
    assert pupil is not None
    Person.objects.filter(pk=pupil.pk).update(given_name="Ny")
    switch(url, lost_ids=[str(pupil.pk)])
    monkeypatch.setattr(read_back, "MAX_UNANSWERED", 2)
    transfer = run(new_transfer(activity))
    assert counts(transfer, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "error": 1}
    assert Accepted.objects.get(object_id=pupil.pk).payload_hash == "", "nobody knows what Skolverket has"


@pytest.mark.parametrize("trouble", [{"fail_share": 0.6}, {"html_share": 0.6}, {"drop_share": 0.6}])
def test_lookups_that_meet_trouble_are_tried_again(
    scoped: Organisation, skolverket: Callable[..., str], trouble: dict[str, float]
) -> None:
    url = skolverket(*FAST, "--partial-share", "1")
    transfer = _until_unanswered(make_school(scoped, pupils=20))
    switch(url, **trouble)
    run(transfer)
    assert transfer.state == TransferState.DONE, transfer.message
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}


def test_many_are_looked_up_some_at_a_time(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_back, "IDS_PER_LOOKUP", 2)
    url = skolverket(*FAST, "--partial-share", "1")
    transfer = run(new_transfer(make_school(scoped, pupils=20)))
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert calls_of(url, "/persons/lookup") == 3


def test_two_workers_settle_an_object_once(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    """A worker that stopped for a while goes on when another has taken over."""
    skolverket(*FAST, "--partial-share", "1")
    transfer = _until_unanswered(make_school(scoped, pupils=20))
    job = transfer.sync_jobs.get(kind="persons")
    there, client = RemoteState(scoped, "simulator"), client_for(scoped, "simulator")
    same = [Batch.objects.select_related("sync_job").get(state=BatchState.UNANSWERED) for _ in range(2)]
    for batch in same:
        look_up(batch, job, "persons", client, there)
    assert SyncJob.objects.get(pk=job.pk).success == 22
    assert Batch.objects.get(pk=same[0].pk).state == BatchState.DONE


def test_a_cancelled_transfer_goes_on_with_the_lookups(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket(*FAST, "--partial-share", "1")
    transfer = _until_unanswered(make_school(scoped, pupils=20))
    stop(transfer.pk, "")
    resume(transfer)
    run(transfer)
    assert counts(transfer, "persons") == {"wanted": 22, "sent": 22, "success": 22}
    assert calls_of(url, "/persons/bulk") == 1


def test_removals_without_an_answer_are_looked_up_too(
    scoped: Organisation, skolverket: Callable[..., str], settings: Any
) -> None:
    settings.REMOVAL_COUNT = 100
    url = skolverket(*FAST)
    activity = make_school(scoped, pupils=8)
    run(new_transfer(activity))
    TestActivity.objects.filter(pk=activity.pk).update(state=TestActivityState.ARCHIVED)
    lost = Person.objects.filter(role="pupil").first()
    assert lost is not None
    switch(url, partial_share=1, lost_ids=[str(lost.pk)])
    empty = TestActivity.objects.create(organisation=scoped, name="Tom", national_test="GRGRMAT01_6")
    transfer = run(new_transfer(empty))
    # Ten persons; what the answer left out is gone, but for the one whose removal was lost each time.
    assert counts(transfer, "persons", "remove") == {"wanted": 10, "sent": 10, "removed": 9, "error": 1}
    assert "found_by_lookup" in codes(transfer)
    assert list(Accepted.objects.filter(kind="persons").values_list("object_id", flat=True)) == [lost.pk]


def _until_unanswered(activity: TestActivity) -> Transfer:
    """A transfer whose persons have been answered in part, before anything has been looked up."""
    transfer = new_transfer(activity)
    advance.begin(transfer.pk, transfer.attempt)
    while not Batch.objects.filter(state=BatchState.UNANSWERED).exists():
        job = advance._job_to_work_on(transfer.pk, transfer.attempt)
        assert job is not None
        next_thing(job, "persons")
    return transfer


VALUES = st.booleans() | st.integers() | st.text() | st.uuids().map(str)
MEMBERS = st.fixed_dictionaries({"person": st.fixed_dictionaries({"id": st.uuids().map(str)}), "startDate": st.text()})
OBJECTS = st.dictionaries(
    st.text(), VALUES | st.lists(VALUES, max_size=5) | st.lists(MEMBERS, max_size=5) | MEMBERS, max_size=5
)


def _told_otherwise(sent: Any, shuffled: Callable[[Sequence[Any]], list[Any]]) -> Any:
    """The same, with more said, lists in another order and ids in capitals."""
    if isinstance(sent, dict):
        return {**{name: _told_otherwise(value, shuffled) for name, value in sent.items()}, "provisioningStatus ": 1}
    if isinstance(sent, list):
        return [_told_otherwise(element, shuffled) for element in shuffled(sent)]
    if isinstance(sent, str):
        try:
            return str(uuid.UUID(sent)).upper() if str(uuid.UUID(sent)) == sent.lower() else sent
        except ValueError:
            return sent
    return sent


@given(OBJECTS, st.randoms(use_true_random=False))
def test_the_same_object_told_otherwise_is_the_same(sent: Any, chance: Any) -> None:
    assert is_as_sent(sent, _told_otherwise(sent, lambda elements: chance.sample(list(elements), len(elements))))


@pytest.mark.parametrize(
    "found",
    [
        {"id": "a", "givenName": "Yngve", "enrolments": [{"schoolYear": 6}]},
        {"id": "a", "givenName": "Ylva"},
        {"id": "a", "givenName": "Ylva", "enrolments": []},
        {"id": "a", "givenName": "Ylva", "enrolments": [{"schoolYear": 7}]},
        {"id": "a", "givenName": "Ylva", "enrolments": [{"schoolYear": 6}, {"schoolYear": 6}]},
        {"id": "a", "givenName": "ylva", "enrolments": [{"schoolYear": 6}]},
        {"id": "a", "givenName": "Ylva", "enrolments": {"schoolYear": 6}},
    ],
)
def test_another_value_is_another_object(found: dict[str, Any]) -> None:
    assert not is_as_sent({"id": "a", "givenName": "Ylva", "enrolments": [{"schoolYear": 6}]}, found)


def test_an_empty_list_need_not_be_said() -> None:
    assert is_as_sent({"id": "a", "enrolments": []}, {"id": "a"})
