"""Who is let through next: the urgent, then the callers in turn, each caller's own threads in the order they came."""

from collections import deque
from dataclasses import dataclass

from provsluss.provtjanst.call_window import window_of


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A place in the line."""

    caller: str
    urgent: bool = False


class Line:
    """A line in which nobody with many threads keeps out somebody with one. For one thread at a time.

    Somebody waits at a screen for the urgent ones: they go before all others, and make few calls.
    """

    def __init__(self) -> None:
        self._urgent: deque[Turn] = deque()
        # A dict keeps its order: the first caller in it is next.
        self._callers: dict[str, deque[Turn]] = {}

    def join(self, caller: str, urgent: bool = False) -> Turn:
        """Stand last among the caller's own; a caller who has nobody in the line yet stands behind all others.

        An urgent one stands behind the urgent ones only.
        """
        turn = Turn(caller, urgent)
        own = self._urgent if urgent else self._callers.setdefault(caller, deque())
        own.append(turn)
        return turn

    def is_first(self, turn: Turn) -> bool:
        """Whether it is this one's turn. Once it is, it stays so until it leaves or somebody urgent comes."""
        return (self._urgent or next(iter(self._callers.values())))[0] is turn

    def leave(self, turn: Turn) -> None:
        """Go, let through or not. A caller who has had a turn stands behind all others again."""
        if turn.urgent:
            self._urgent.remove(turn)
            return
        had_turn = self.is_first(turn)
        own = self._callers[turn.caller]
        own.remove(turn)
        if had_turn or not own:
            del self._callers[turn.caller]
        if had_turn and own:
            self._callers[turn.caller] = own


class Spacing:
    """Spreads calls evenly while several callers share a limit.

    A window that opens for five calls at once would give all five to whoever stands there at that moment, and let the
    others, whose next question is due a moment later, wait for the next window. Evenly spread, the pace is the same.
    """

    def __init__(self, rate: float) -> None:
        limit, window = window_of(rate)
        self._seconds = window / limit
        self._remembered = max(2 * window, 2.0)
        self._passed: dict[str, float] = {}

    def left(self, caller: str, now: float) -> float:
        """Seconds until `caller` may go for the others' sake; nothing when nobody else has called lately."""
        if not any(other != caller and at > now - self._remembered for other, at in self._passed.items()):
            return 0.0
        return max(self._passed.values()) + self._seconds - now

    def passed(self, caller: str, now: float) -> None:
        """`caller` has been let through."""
        self._passed = {other: at for other, at in self._passed.items() if at > now - self._remembered}
        self._passed[caller] = now
