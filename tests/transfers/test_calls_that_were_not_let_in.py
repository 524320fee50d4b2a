"""A call that Skolverket never looked at has changed nothing, neither there nor in what we know of it."""

from collections.abc import Callable
from typing import Any

import pytest

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import NotAuthorised, ProvtjanstError, TokenRefused, TooManyCalls
from provsluss.register.models import Person
from provsluss.transfers.actions import send
from provsluss.transfers.models import Accepted, Batch, BatchState, TransferState
from provsluss.transfers.pipeline import advance
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.fates import new_plan
from tests.transfers.running import new_transfer, next_thing
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)
NO = [NotAuthorised("Skolverket nekar.", status_code=403), TokenRefused("Ingen behörighet."), TooManyCalls("Vänta.")]


def _known() -> dict[tuple[str, object], tuple[str, object]]:
    return {(row.kind, row.object_id): (row.payload_hash, row.posted_at) for row in Accepted.objects.all()}


@pytest.mark.usefixtures("skolverket")
@pytest.mark.parametrize("no", NO, ids=lambda no: type(no).__name__)
def test_what_was_accepted_is_still_known(
    scoped: Organisation, monkeypatch: pytest.MonkeyPatch, no: ProvtjanstError
) -> None:
    activity = make_school(scoped)
    accept_everything(scoped, activity)
    before = _known()
    Person.objects.filter(role="pupil").update(given_name="Ny")
    transfer = new_transfer(activity)

    def refuse(*_: Any) -> None:
        assert set(Accepted.objects.filter(kind="persons", payload_hash="").values_list("object_id", flat=True)) == set(
            Person.objects.filter(role="pupil").values_list("pk", flat=True)
        ), "as long as nobody has answered, nobody knows"
        raise no

    monkeypatch.setattr(ProvisioningClient, "post_bulk", refuse)
    advance.begin(transfer.pk, transfer.attempt)
    try:
        while not Batch.objects.exists():
            next_thing(transfer.sync_jobs.get(kind="persons"), "persons")
        next_thing(transfer.sync_jobs.get(kind="persons"), "persons")
    except (NotAuthorised, TokenRefused):
        pass
    send.cancel(transfer)

    assert list(Batch.objects.values_list("state", "attempts")) == [(BatchState.PREPARED, 0)]
    assert _known() == before
    Person.objects.filter(role="pupil").update(given_name="Elev")
    assert new_plan(transfer).counts["persons"]["unchanged"] == 7


@pytest.mark.usefixtures("skolverket")
def test_what_another_call_was_about_meanwhile_stays_unknown(
    scoped: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make_school(scoped)
    accept_everything(scoped, activity)
    Person.objects.filter(role="pupil").update(given_name="Ny")
    (sent_alone, *_) = Person.objects.filter(role="pupil")
    transfer = new_transfer(activity)

    def refuse_late(*_: Any) -> None:
        row = Accepted.objects.get(kind="persons", object_id=sent_alone.pk)
        row.posted_at = row.posted_at + (row.posted_at - row.accepted_at)  # one person's transfer, beside ours
        row.save()
        raise NotAuthorised("Skolverket nekar.", status_code=403)

    monkeypatch.setattr(ProvisioningClient, "authorise", lambda _: None)
    monkeypatch.setattr(ProvisioningClient, "post_bulk", refuse_late)
    advance.begin(transfer.pk, transfer.attempt)
    while advance.advance(transfer.pk, transfer.attempt) is not None:
        pass

    transfer.refresh_from_db()
    assert transfer.state == TransferState.CANCELLED
    assert list(Accepted.objects.filter(payload_hash="").values_list("object_id", flat=True)) == [sent_alone.pk]


def test_an_old_attempt_does_not_stop_a_new_one(
    scoped: Organisation, skolverket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    skolverket()
    transfer = new_transfer(make_school(scoped))

    def resumed_meanwhile(*_: Any) -> None:
        send.cancel(transfer)
        monkeypatch.setattr("provsluss.operations.workflows.enqueue_transfer", lambda _: None)
        send.resume(transfer)
        raise NotAuthorised("Skolverket nekar.", status_code=403)

    monkeypatch.setattr(ProvisioningClient, "post_bulk", resumed_meanwhile)
    old = transfer.attempt
    advance.begin(transfer.pk, old)
    while advance.advance(transfer.pk, old) is not None:
        pass
    transfer.refresh_from_db()
    assert (transfer.state, transfer.attempt) == (TransferState.QUEUED, old + 1)
