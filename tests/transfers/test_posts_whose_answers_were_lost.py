"""What a call brought to Skolverket is never forgotten, though its answer was lost or nobody waited for it."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.client import Posted, ProvisioningClient
from provsluss.provtjanst.errors import Refused, TemporaryTrouble
from provsluss.register.models import Import, Membership, Person
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.actions import send
from provsluss.transfers.desired.selection_cache import shared_selection
from provsluss.transfers.models import (
    Accepted,
    Batch,
    BatchState,
    SyncJob,
    TestActivity,
    TestActivityState,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import advance, post_and_poll, read_back
from provsluss.transfers.pipeline.backoff import note_trouble
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.restoration import left_to_restore
from provsluss.visibility.accepted_graph import accepted_graph, accepted_persons
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.running import new_transfer, next_thing, run
from tests.transfers.simulator_control import calls_of, switch
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = b'{"a":1}', b'{"a":2}'


@pytest.fixture
def posted_in_vain(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> tuple[Transfer, ProvisioningClient]:
    """A cancelled transfer whose first call came to Skolverket, and whose answer never came back."""
    skolverket("--seed", "7")
    transfer = new_transfer(make_school(scoped))
    _until(transfer, BatchState.PREPARED)
    with monkeypatch.context() as broken:
        broken.setattr(ProvisioningClient, "post_bulk", _lost_on_the_way())
        next_thing(_job(transfer), "persons")
    send.cancel(transfer)
    transfer.refresh_from_db()
    assert list(Batch.objects.values_list("state", "attempts")) == [(BatchState.PREPARED, 1)]
    client = client_for(scoped, "simulator")
    deadline = time.monotonic() + 10
    while len(client.lookup("persons", _ids())) < 7:  # Skolverket works it off
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return transfer, client


def _until(transfer: Transfer, state: BatchState) -> None:
    advance.begin(transfer.pk, transfer.attempt)
    for _ in range(100):
        if Batch.objects.filter(state=state).exists():
            return
        next_thing(_job(transfer), "persons")
    pytest.fail(f"no call came to {state}")


def _job(transfer: Transfer) -> SyncJob:
    job = advance._job_to_work_on(transfer.pk, transfer.attempt)
    assert job is not None
    return job


def _lost_on_the_way(then: Exception | None = None) -> Callable[..., Posted]:
    """A POST that arrives and whose answer does not; with `then` that is what each later one meets."""
    real, made = ProvisioningClient.post_bulk, []

    def post(client: ProvisioningClient, kind: Kind, body: bytes) -> Posted:
        if made and then is not None:
            raise then
        made.append(real(client, kind, body))
        raise TemporaryTrouble("Inget svar kom.")

    return post


def _ids() -> list[Any]:
    return list(Person.objects.values_list("pk", flat=True))


def test_it_is_removed_when_nobody_wants_it(
    scoped: Organisation, posted_in_vain: tuple[Transfer, ProvisioningClient]
) -> None:
    TestActivity.objects.update(state=TestActivityState.ARCHIVED)
    run(send.press_send(scoped, None))
    assert posted_in_vain[1].lookup("persons", _ids()) == []
    assert not Accepted.objects.exists()


def test_resuming_forgets_nobody_who_has_left_meanwhile(
    scoped: Organisation, posted_in_vain: tuple[Transfer, ProvisioningClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer, client = posted_in_vain
    gone = Person.objects.filter(role="pupil")[0]
    Membership.objects.filter(person=gone).delete()
    Person.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    Import.objects.create(organisation=scoped, source="a", file_name="a", state="done", finished_at=timezone.now())
    send.resume(transfer)
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert client.lookup("persons", [gone.pk]) == []


def test_a_second_call_that_is_refused_says_nothing_of_the_first(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    skolverket("--seed", "7")
    transfer = new_transfer(make_school(scoped))
    post = _lost_on_the_way(then=Refused("Nej.", status_code=400, body=""))
    monkeypatch.setattr(ProvisioningClient, "post_bulk", post)
    assert run(transfer).state == TransferState.DONE_WITH_ERRORS
    assert Accepted.objects.filter(kind="persons", perhaps=True).count() == 7
    assert RemoteState(scoped, "simulator").present("persons", _ids()) == set()


def test_who_was_refused_in_the_only_call_is_not_there(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket("--seed", "7")
    activity = make_school(scoped)
    pupil = Person.objects.filter(role="pupil")[0]
    switch(url, refused_ids=[str(pupil.pk)])
    assert run(new_transfer(activity)).state == TransferState.DONE_WITH_ERRORS
    assert not Accepted.objects.filter(object_id=pupil.pk).exists()
    assert not Accepted.objects.filter(perhaps=True).exists()


def test_a_lookup_after_a_cancellation_loses_nobody(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer left some out, and Skolverket has them in another form than they were sent in."""
    skolverket("--seed", "7", "--partial-share", "1")
    transfer = new_transfer(make_school(scoped, pupils=15))
    _until(transfer, BatchState.UNANSWERED)
    send.cancel(transfer)
    TestActivity.objects.update(state=TestActivityState.ARCHIVED)
    with monkeypatch.context() as otherwise:
        otherwise.setattr(read_back, "is_as_sent", lambda sent, found: False)
        run(send.press_send(scoped, None))
    assert client_for(scoped, "simulator").lookup("persons", _ids()) == []


@pytest.mark.parametrize("accepted_before", [True, False])
def test_nobody_knows_which_of_two_calls_came_last_when_one_is_never_answered(
    scoped: Organisation, accepted_before: bool
) -> None:
    transfer, other = (new_transfer(make_school(scoped)), Transfer.objects.create(organisation=scoped))
    there, long_ago = RemoteState(scoped, scoped.environment), timezone.now() - timedelta(days=1)
    pupil = Person.objects.filter(role="pupil")[0].pk
    if accepted_before:
        there.accept("persons", transfer.pk, [(pupil, FIRST, False)], long_ago)
        Accepted.objects.update(accepted_at=long_ago)
    posted_at = timezone.now()
    there.never_answered("persons", transfer.pk, {pupil: FIRST})
    there.accept("persons", other.pk, [(pupil, SECOND, False)], posted_at)
    assert there.unchanged("persons", {pupil: SECOND}) == set(), "the older call may be worked off last"
    assert there.present("persons", [pupil]) == {pupil}


def test_what_was_never_accepted_is_not_offered_back(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    there = RemoteState(scoped, scoped.environment)
    pupil = Person.objects.filter(role="pupil")[0].pk
    there.never_answered("persons", transfer.pk, {pupil: FIRST})
    there.take_away("persons", transfer.pk, [pupil], timezone.now())
    assert not left_to_restore([transfer]).exists()
    assert not Accepted.objects.exists()


def test_what_is_only_perhaps_there_lets_nobody_see_anything(scoped: Organisation) -> None:
    activity = make_school(scoped)
    accept_everything(scoped, activity)
    Accepted.objects.update(perhaps=True, payload_hash="")
    assert not accepted_persons(scoped, scoped.environment)
    assert not accepted_graph(scoped, scoped.environment).activities


def test_nothing_is_called_for_a_transfer_that_has_been_stopped(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    """A call that has waited for its place begins after the stop, which has looked for calls already."""
    url = skolverket("--seed", "7")
    transfer = new_transfer(make_school(scoped))
    _until(transfer, BatchState.PREPARED)
    batch, job = Batch.objects.select_related("sync_job__transfer").get(), _job(transfer)
    send.cancel(transfer)
    post_and_poll.post(batch, job, "persons", client_for(scoped, "simulator"), RemoteState(scoped, "simulator"))
    batch.refresh_from_db()
    assert (batch.attempts, calls_of(url, "/persons/bulk")) == (0, 0)


def test_a_late_failure_does_not_end_the_row_of_failures(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    advance.begin(transfer.pk, 1)
    job = transfer.sync_jobs.get(kind="persons")
    batch = Batch.objects.create(sync_job=job, organisation=scoped, number=1, object_count=1, byte_size=1)
    late = SyncJob.objects.get(pk=job.pk)  # of a call begun before the trouble, and still under way
    for _ in range(5):
        note_trouble(SyncJob.objects.get(pk=job.pk), batch, TemporaryTrouble("Borta."))
    note_trouble(late, batch, TemporaryTrouble("Borta."))
    job.refresh_from_db()
    assert job.failures == 5


def test_a_selection_is_never_older_than_its_key(scoped: Organisation) -> None:
    activity = make_school(scoped)
    read_before = [TestActivity.objects.get(pk=activity.pk)]
    TestActivity.objects.filter(pk=activity.pk).update(all_staff=not activity.all_staff, changed_at=timezone.now())
    held = shared_selection(scoped, read_before)
    assert shared_selection(scoped, TestActivity.objects.all())._activities[activity.pk].all_staff != activity.all_staff
    assert held is shared_selection(scoped, read_before)
