"""The table of allowed steps: from which states a transfer, and a sync job, may come to each.

What is not here does not happen: `move.py` writes the state only of what stands in one of these.
"""

from collections.abc import Mapping
from typing import Final

from provsluss.transfers.models import DONE_STATES, ENDED_STATES, TransferState

S = TransferState
_UNDER_WAY = frozenset({S.RUNNING, S.RETRYING})

TRANSFER: Final[Mapping[TransferState, frozenset[TransferState]]] = {
    # Resumed; its removal approved; or moved, while it ran, to a database where no worker knows of it.
    S.QUEUED: frozenset({S.CANCELLED, S.NEEDS_REVIEW}) | _UNDER_WAY,
    S.RUNNING: frozenset({S.QUEUED, S.RETRYING}),
    S.RETRYING: frozenset({S.RUNNING}),
    S.NEEDS_REVIEW: _UNDER_WAY,
    # From NEEDS_REVIEW when the removal is refused, or when a newer transfer looks at it anew.
    **dict.fromkeys(DONE_STATES, _UNDER_WAY | {S.NEEDS_REVIEW}),
    S.CANCELLED: frozenset(S).difference(ENDED_STATES),
}
"""To → from. QUEUED is also where a transfer begins."""

SYNC_JOB: Final[Mapping[TransferState, frozenset[TransferState]]] = {
    S.QUEUED: frozenset({S.CANCELLED}),
    # From NEEDS_REVIEW when the removal is approved.
    S.RUNNING: frozenset({S.QUEUED, S.RETRYING, S.NEEDS_REVIEW}),
    S.RETRYING: frozenset({S.RUNNING}),
    S.NEEDS_REVIEW: frozenset({S.QUEUED}),
    S.DONE: _UNDER_WAY | {S.NEEDS_REVIEW},
    S.DONE_WITH_WARNINGS: _UNDER_WAY,
    S.DONE_WITH_ERRORS: _UNDER_WAY,
    S.CANCELLED: frozenset(S).difference(ENDED_STATES),
}
"""To → from. QUEUED is also where a sync job begins."""
