"""The worker reads a row, asks the engine, and finds the workflow gone: it may have ended just as it should."""

import pytest

from provsluss.operations import worker, workflows
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Control, ControlState, Transfer, TransferState
from tests.transfers.running import new_transfer
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moving(scoped: Organisation) -> Transfer:
    transfer = new_transfer(make_school(scoped))
    Transfer.objects.filter(pk=transfer.pk).update(state=TransferState.RUNNING)
    return transfer


@pytest.mark.parametrize(
    ("meanwhile", "then"),
    [
        ({"state": TransferState.NEEDS_REVIEW}, TransferState.NEEDS_REVIEW),
        ({"state": TransferState.DONE}, TransferState.DONE),
        ({"state": TransferState.QUEUED, "attempt": 2}, TransferState.QUEUED),  # approved, or cancelled and resumed
        ({}, TransferState.CANCELLED),
    ],
)
def test_a_transfer_is_stopped_only_where_nobody_moves_it(
    moving: Transfer, monkeypatch: pytest.MonkeyPatch, meanwhile: dict[str, object], then: str
) -> None:
    def gone(transfer: Transfer) -> bool:
        Transfer.objects.filter(pk=transfer.pk).update(**meanwhile) if meanwhile else None
        return True

    monkeypatch.setattr(workflows, "is_lost", gone)
    worker._end_what_broke()
    moving.refresh_from_db()
    assert moving.state == then


def test_a_control_that_became_ready_stays_so(scoped: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Control.objects.create(
        organisation=scoped, environment="simulator", made_from="x", state=ControlState.WORKING
    )

    def broken(of: Control) -> bool:
        Control.objects.filter(pk=of.pk).update(state=ControlState.READY)
        return True

    monkeypatch.setattr(workflows, "is_broken", broken)
    worker._end_what_broke()
    control.refresh_from_db()
    assert control.state == ControlState.READY
