"""The button: what is refused with a word, what waits its turn, cancel and resume."""

from collections.abc import Callable

import pytest

from provsluss.organisations.models import Organisation
from provsluss.transfers.actions import send
from provsluss.transfers.actions.send import CannotSend, press_send
from provsluss.transfers.models import ObjectResult, TestActivity, TestActivityGroup, TestActivityState, TransferState
from provsluss.transfers.pipeline import advance
from tests.transfers.running import counts, next_thing, run
from tests.transfers.small_school import make_school

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_press_makes_a_waiting_transfer(scoped: Organisation) -> None:
    activity = make_school(scoped)
    transfer = press_send(scoped, None)
    assert transfer.state == TransferState.QUEUED
    assert transfer.environment == "simulator"
    assert list(transfer.test_activities.all()) == [activity]


def test_the_same_press_again_is_refused_while_the_first_waits(scoped: Organisation) -> None:
    make_school(scoped)
    first = press_send(scoped, None)
    with pytest.raises(CannotSend, match=f"Överföring {first.pk} av samma provaktiviteter väntar redan"):
        press_send(scoped, None)


def test_without_test_activities_nothing_is_started(scoped: Organisation) -> None:
    with pytest.raises(CannotSend, match="ingen aktiv provaktivitet"):
        press_send(scoped, None)


def test_without_groups_nothing_is_started(scoped: Organisation) -> None:
    make_school(scoped)
    TestActivityGroup.objects.all().delete()
    with pytest.raises(CannotSend, match="inga grupper"):
        press_send(scoped, None)


def test_a_paused_test_activity_is_not_sent(scoped: Organisation) -> None:
    activity = make_school(scoped)
    TestActivity.objects.update(state=TestActivityState.PAUSED)
    activity.refresh_from_db()
    with pytest.raises(CannotSend, match="pausad eller arkiverad"):
        press_send(scoped, None, [activity])
    with pytest.raises(CannotSend, match="ingen aktiv"):
        press_send(scoped, None)


def test_a_cancelled_transfer_goes_on_where_it_was(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    make_school(scoped)
    transfer = press_send(scoped, None)
    advance.begin(transfer.pk, transfer.attempt)
    while not transfer.sync_jobs.get(kind="persons").is_ended:
        next_thing(advance._job_to_work_on(transfer.pk, transfer.attempt), "persons")  # type: ignore[arg-type]
    send.cancel(transfer)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.CANCELLED
    assert advance.advance(transfer.pk, transfer.attempt) is None
    assert not ObjectResult.objects.filter(sync_job__kind="duties").exists()

    send.resume(transfer)
    assert transfer.attempt == 2
    assert advance.begin(transfer.pk, 1) is False, "the workflow of the first attempt must not go on"
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 7, "success": 7}
    assert counts(transfer, "duties") == {"wanted": 2, "sent": 2, "success": 2}


def test_a_cancel_while_the_first_job_starts_stays_a_cancel(
    scoped: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_school(scoped)
    transfer = press_send(scoped, None)
    advance.begin(transfer.pk, transfer.attempt)
    selection_of = advance.selection_of

    def slow_selection(*key: int) -> object:
        send.cancel(transfer)
        return selection_of(*key)

    monkeypatch.setattr(advance, "selection_of", slow_selection)
    assert advance.advance(transfer.pk, transfer.attempt) is None
    assert set(transfer.sync_jobs.values_list("state", flat=True)) == {TransferState.CANCELLED}


def test_only_a_cancelled_transfer_is_resumed(scoped: Organisation) -> None:
    make_school(scoped)
    transfer = press_send(scoped, None)
    with pytest.raises(CannotSend, match="avbruten"):
        send.resume(transfer)


def test_no_access_stops_the_transfer_with_a_reason(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket("--token-life", "0")
    make_school(scoped)
    transfer = press_send(scoped, None)
    assert advance.begin(transfer.pk, transfer.attempt)
    assert advance.advance(transfer.pk, transfer.attempt) is None
    transfer.refresh_from_db()
    assert transfer.state == TransferState.CANCELLED
    assert transfer.message
