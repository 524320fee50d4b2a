"""What is pressed is a row in the outbox in the same transaction; the worker alone hands it to the engine."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from sqlalchemy.exc import OperationalError

from provsluss.operations import claims, workflows
from provsluss.organisations.models import Organisation
from provsluss.outbox.models import OutboxEntry, Task
from provsluss.outbox.orders import order
from provsluss.preflight.status import new_control
from provsluss.register.models import Import, ImportState
from provsluss.transfers.actions.request_plan import ask_for_plan
from provsluss.transfers.actions.send import approve_removal, cancel, press_send, resume
from provsluss.transfers.models import Control, ControlState, Plan, Transfer, TransferState
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db

Handed = list[tuple[str, Any]]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> Handed:
    """What the engine has been given; the engine itself has tests of its own."""
    given: Handed = []

    def taker(name: str) -> Callable[[Any], None]:
        return lambda row: given.append((name, row.pk))

    for name in ("transfer", "import_reading", "import_storing", "plan", "control"):
        monkeypatch.setattr(workflows, f"enqueue_{name}", taker(name))
    return given


def test_a_press_is_a_row_and_nothing_else(scoped: Organisation, handed: Handed) -> None:
    make_school(scoped)
    transfer = press_send(scoped, None)
    assert OutboxEntry.objects.values_list("task", "object_id").get() == (Task.TRANSFER, transfer.pk)
    assert handed == []


def test_what_is_rolled_back_was_never_ordered(scoped: Organisation) -> None:
    make_school(scoped)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        press_send(scoped, None)
        raise ZeroDivisionError
    assert not OutboxEntry.objects.exists()


def test_everything_that_is_ordered_is_handed_over_once(scoped: Organisation, handed: Handed) -> None:
    make_school(scoped)
    transfer, plan, (control, _) = press_send(scoped, None), ask_for_plan(scoped, None), new_control(scoped)
    read, stored = (
        Import.objects.create(organisation=scoped, source="a", file_name="a", state=state)
        for state in (ImportState.READING, ImportState.STORING)
    )
    order(Task.READ_IMPORT, read)
    order(Task.STORE_IMPORT, stored)
    assert claims.hand_over() == 5
    assert claims.hand_over() == 0
    assert handed == [
        ("transfer", transfer.pk),
        ("plan", plan.pk),
        ("control", control.pk),
        ("import_reading", read.pk),
        ("import_storing", stored.pk),
    ]


def test_what_the_engine_cannot_take_now_stands_there(
    scoped: Organisation, handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Transfer) -> None:
        raise OperationalError("", None, Exception("database is locked"))

    make_school(scoped)
    transfer = press_send(scoped, None)
    with monkeypatch.context() as busy:
        busy.setattr(workflows, "enqueue_transfer", refuse)
        with pytest.raises(OperationalError):
            claims.hand_over()
    assert claims.hand_over() == 1
    assert handed == [("transfer", transfer.pk)]


def test_what_another_worker_has_claimed_is_left_alone_until_it_must_be_dead(
    scoped: Organisation, handed: Handed
) -> None:
    make_school(scoped)
    press_send(scoped, None)
    OutboxEntry.objects.update(claimed_at=timezone.now())
    assert claims.hand_over() == 0
    OutboxEntry.objects.update(claimed_at=timezone.now() - claims.CLAIM_LASTS - timedelta(seconds=1))
    assert claims.hand_over() == 1


def test_what_has_been_cancelled_meanwhile_is_not_handed_over(scoped: Organisation, handed: Handed) -> None:
    make_school(scoped)
    transfer = press_send(scoped, None)
    cancel(transfer)
    assert claims.hand_over() == 1
    assert handed == []
    resume(transfer)
    assert claims.hand_over() == 1
    assert handed == [("transfer", transfer.pk)]


def test_an_approved_removal_is_ordered(scoped: Organisation, handed: Handed) -> None:
    transfer = Transfer.objects.create(organisation=scoped, environment="simulator", state=TransferState.NEEDS_REVIEW)
    approve_removal(transfer, None)
    claims.hand_over()
    assert handed == [("transfer", transfer.pk)]


def test_a_control_that_somebody_makes_at_once_is_not_ordered(scoped: Organisation, handed: Handed) -> None:
    Control.objects.create(organisation=scoped, environment="simulator", state=ControlState.WORKING)
    assert claims.hand_over() == 0
    assert not Plan.objects.exists()
