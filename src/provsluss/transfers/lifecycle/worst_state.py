"""How a transfer ends: as its worst sync job did."""

from collections.abc import Collection

from provsluss.transfers.models import TransferState

_BY_GRAVITY = (TransferState.DONE_WITH_ERRORS, TransferState.DONE_WITH_WARNINGS, TransferState.DONE)


def worst_state(states: Collection[str]) -> TransferState:
    """The gravest of `states`, all of them ended; none at all is DONE."""
    return next((state for state in _BY_GRAVITY if state in states), TransferState.DONE)
