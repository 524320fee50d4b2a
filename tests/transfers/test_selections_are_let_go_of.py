"""A worker keeps the selection of a large transfer no longer than it needs it."""

from collections.abc import Callable

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import TransferState
from provsluss.transfers.pipeline import advance
from tests.transfers.running import new_transfer, run
from tests.transfers.small_school import make_school


def test_when_the_last_transfer_has_ended(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    assert advance.selection_of.cache_info().currsize == 0


def test_not_while_another_is_under_way(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    other = new_transfer(activity)
    other.state = TransferState.RUNNING
    other.save(update_fields=["state"])
    run(new_transfer(activity))
    assert advance.selection_of.cache_info().currsize == 1
