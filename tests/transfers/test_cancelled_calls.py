"""What a cancelled transfer had sent, and what it had not: neither may make a later page lie."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import Refused
from provsluss.register.models import Person
from provsluss.transfers.actions import send
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.models import Accepted, ObjectState, Transfer, TransferState
from provsluss.transfers.pipeline import advance
from provsluss.transfers.pipeline.orphaned_calls import left_behind
from tests.transfers.prepared import prepare
from tests.transfers.running import counts, new_transfer, next_thing, run
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)
NAME = {"family_name": "Nummer00001"}


def test_what_went_out_without_an_answer_is_sent_again(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket("--delay", "0.1")
    activity = make_school(scoped)
    run(new_transfer(activity))
    # A wrong name goes out, the transfer is cancelled before the answer, and the register is put right.
    Person.objects.filter(**NAME).update(given_name="Felaktig")
    wrong = new_transfer(activity)
    _post_persons(wrong)
    send.cancel(wrong)
    Person.objects.filter(**NAME).update(given_name="Elev")

    right = run(new_transfer(activity))
    assert counts(right, "persons") == {"wanted": 7, "unchanged": 6, "sent": 1, "success": 1}
    pupil = Person.objects.get(**NAME)
    (there,) = client_for(scoped, "simulator").lookup("persons", [pupil.pk])
    assert there["givenName"] == "Elev"


def test_a_resumed_transfer_sends_what_the_register_says_now(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    skolverket("--delay", "0.1")
    prepare(scoped)
    activity = make_school(scoped)
    transfer = new_transfer(activity)
    advance.begin(transfer.pk, transfer.attempt)
    job = transfer.sync_jobs.get(kind="persons")
    while not job.batches.exists():
        next_thing(advance._job_to_work_on(transfer.pk, transfer.attempt), "persons")  # type: ignore[arg-type]
    send.cancel(transfer)
    Person.objects.filter(**NAME).update(given_name="Ny", security_marking="Sekretessmarkering")

    send.resume(transfer)
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 7}
    accepted = Accepted.objects.get(kind="persons", object_id=Person.objects.get(**NAME).pk)
    assert '"givenName":"Ny"' in accepted.payload
    assert '"Sekretessmarkering"' in accepted.payload


def test_a_resumed_transfer_sends_nothing_twice(
    scoped: Organisation, skolverket: Callable[..., str], settings: object
) -> None:
    settings.MAX_PAYLOAD_BYTES = 1500  # type: ignore[attr-defined]
    skolverket("--delay", "0.1")
    transfer = new_transfer(make_school(scoped))
    _post_persons(transfer)
    send.cancel(transfer)
    send.resume(transfer)
    run(transfer)
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 7}
    persons = transfer.sync_jobs.get(kind="persons")
    assert persons.results.count() == 7
    assert set(persons.results.values_list("state", flat=True)) == {ObjectState.RECEIVED}
    assert sum(batch.attempts for batch in persons.batches.all()) == persons.batches.count()


def test_an_old_transfer_is_not_resumed_when_a_newer_has_started(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    skolverket("--delay", "0.1")
    activity = make_school(scoped)
    old = new_transfer(activity)
    _post_persons(old)
    send.cancel(old)
    run(new_transfer(activity))
    with pytest.raises(CannotSend, match="nyare överföring"):
        send.resume(old)


def test_a_refused_question_ends_the_call_and_not_the_transfer(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    skolverket("--delay", "0.1")

    def refused(*_: object) -> bool:
        raise Refused("Skolverket godtog inte frågan.", status_code=400)

    monkeypatch.setattr(ProvisioningClient, "is_completed", refused)
    monkeypatch.setattr(ProvisioningClient, "job", refused)
    transfer = run(new_transfer(make_school(scoped)))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert counts(transfer, "persons")["error"] == 7


def test_what_was_left_behind_is_asked_for_a_little_at_a_time(
    scoped: Organisation, skolverket: Callable[..., str], settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that asked for all of it could take a minute, and nobody could cancel or stop meanwhile."""
    settings.MAX_PAYLOAD_BYTES = 1500  # type: ignore[attr-defined]
    skolverket("--delay", "0.1")
    activity = make_school(scoped, pupils=12)
    cancelled = new_transfer(activity)
    _post_persons(cancelled)
    send.cancel(cancelled)
    left = [left_behind("simulator").count()]
    assert left[0] > 2
    monkeypatch.setattr(advance, "SWEEP_SECONDS", 0)
    transfer = new_transfer(activity)
    advance.begin(transfer.pk, transfer.attempt)
    while left[-1] > 1:
        assert advance.advance(transfer.pk, transfer.attempt) is not None
        left.append(left_behind("simulator").count())
    assert {before - after for before, after in pairwise(left)} == {0, 1}, "one question a step"
    send.cancel(transfer)
    assert advance.advance(transfer.pk, transfer.attempt) is None
    assert left_behind("simulator").count() == 1
    run(new_transfer(activity))
    assert left_behind("simulator").count() == 0


def _post_persons(transfer: Transfer) -> None:
    """Take the transfer so far that all persons have been posted and nothing has been answered."""
    advance.begin(transfer.pk, transfer.attempt)
    while True:
        job = advance._job_to_work_on(transfer.pk, transfer.attempt)
        assert job is not None
        if job.prepared_at and not job.batches.filter(state="prepared").exists():
            return
        next_thing(job, "persons")
