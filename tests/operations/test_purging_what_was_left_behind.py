"""Posted calls of a cancelled transfer that nobody asks about any more: what they brought is tracked all the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from provsluss.operations import purging
from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.actions import send
from provsluss.transfers.models import Accepted, Batch, BatchState, ObjectResult, Transfer, TransferState
from provsluss.transfers.pipeline import advance
from provsluss.transfers.removal.obsolete import to_remove
from tests.transfers.running import counts, new_transfer, next_thing, run
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cancelled(scoped: Organisation, skolverket: Callable[..., str]) -> Transfer:
    """Its persons were posted, and nobody has fetched the answer."""
    skolverket()
    transfer = new_transfer(make_school(scoped))
    advance.begin(transfer.pk, transfer.attempt)
    while not Batch.objects.filter(state=BatchState.POSTED).exists():
        next_thing(transfer.sync_jobs.get(kind="persons"), "persons")
    send.cancel(transfer)
    return transfer


def _make_older(transfer: Transfer, than: timedelta) -> None:
    long_ago = timezone.now() - than - timedelta(hours=1)
    Transfer.objects.filter(pk=transfer.pk).update(created_at=long_ago, finished_at=long_ago)
    Batch.objects.update(posted_at=long_ago)


def _all_tracked() -> bool:
    persons = set(Person.objects.exclude(given_name="Karl").values_list("pk", flat=True))
    return set(Accepted.objects.filter(kind="persons").values_list("object_id", flat=True)) == persons


def test_the_payload_is_not_forgotten_without_a_note(cancelled: Transfer) -> None:
    _make_older(cancelled, timedelta(days=settings.PAYLOAD_DAYS))
    assert not Accepted.objects.exists()

    assert purging.forget_old_payloads() == 1

    assert _all_tracked()
    assert not Accepted.objects.exclude(perhaps=True).exists(), "nobody knows whether they are there"
    assert Batch.objects.get().state == BatchState.GIVEN_UP
    Person.objects.update(ended_at=timezone.now())
    assert len(to_remove(cancelled.organisation, "simulator")["persons"]) == 7


def test_nor_are_the_results_that_an_answer_needs(cancelled: Transfer) -> None:
    _make_older(cancelled, timezone.now() - purging.school_year_began(timezone.localdate()))
    purging.forget_old_results()
    assert not ObjectResult.objects.exists()
    assert _all_tracked()


def test_what_an_answer_has_told_of_is_not_doubted(cancelled: Transfer) -> None:
    """UNANSWERED: some have their answer, and are known."""
    known, *_, unknown = ObjectResult.objects.order_by("object_id")
    ObjectResult.objects.exclude(pk=unknown.pk).update(state="received")
    Batch.objects.update(state=BatchState.UNANSWERED)
    Accepted.objects.create(
        organisation=cancelled.organisation, environment="simulator", kind="persons", object_id=known.object_id,
        payload_hash="x", payload="{}",
    )  # fmt: skip
    _make_older(cancelled, timedelta(days=settings.PAYLOAD_DAYS))
    purging.forget_old_payloads()
    there = dict(Accepted.objects.values_list("object_id", "perhaps"))
    assert there == {known.object_id: False, unknown.object_id: True}
    assert Accepted.objects.get(object_id=known.object_id).payload_hash == "x"


def test_a_transfer_that_is_resumed_after_that_sends_them_again(cancelled: Transfer) -> None:
    _make_older(cancelled, timedelta(days=settings.PAYLOAD_DAYS))
    purging.forget_old_payloads()
    send.resume(cancelled)
    run(cancelled)
    assert cancelled.state == TransferState.DONE
    assert counts(cancelled, "persons") == {"wanted": 7, "sent": 7, "success": 7}
