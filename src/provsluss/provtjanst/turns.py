"""Who is let through next: the callers in turn, and each caller's own threads in the order they came."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A place in the line."""

    caller: str


class Line:
    """A line in which nobody with many threads keeps out somebody with one. For one thread at a time."""

    def __init__(self) -> None:
        # A dict keeps its order: the first caller in it is next.
        self._callers: dict[str, deque[Turn]] = {}

    def join(self, caller: str) -> Turn:
        """Stand last among the caller's own; a caller who has nobody in the line yet stands behind all others."""
        turn = Turn(caller)
        self._callers.setdefault(caller, deque()).append(turn)
        return turn

    def is_first(self, turn: Turn) -> bool:
        """Whether it is this one's turn. Once it is, it stays so until it leaves."""
        return next(iter(self._callers.values()))[0] is turn

    def leave(self, turn: Turn) -> None:
        """Go, let through or not. A caller who has had a turn stands behind all others again."""
        had_turn = self.is_first(turn)
        own = self._callers[turn.caller]
        own.remove(turn)
        if had_turn or not own:
            del self._callers[turn.caller]
        if had_turn and own:
            self._callers[turn.caller] = own
