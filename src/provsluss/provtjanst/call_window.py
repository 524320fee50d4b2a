"""Calls of one kind within the limit, and where they are counted: in this process, or somewhere that many share.

The server counts a call when it arrives, and calls travel unevenly, so counting departures with a margin is a guess.
Here a call under way always counts, and an answered one for a whole window after its answer. The arrival lies between
the two, so the server can never see more than the limit in any window, however long the way. (That needs to know when a
call has ended, which ready-made limiters do not ask.)
"""

import math
import time
from collections import deque
from collections.abc import Mapping
from typing import Literal, Protocol

from provsluss.provtjanst.rate_headers import pause_asked_for, pause_when_nothing_remains

CallKind = Literal["transfer", "read"]

# Added to every pause, for clocks and headers that are rounded to milliseconds.
GRAIN = 0.003
# A header that asks for a longer pause than this is not about a limit per second; the answer's own error says more.
LONGEST_PAUSE = 10.0


class CallWindow(Protocol):
    """One window of calls. Its methods are called by one thread of a process at a time."""

    def take(self) -> float:
        """0 when a call may go now, which then counts as under way; else in how many seconds to ask again.

        Infinity: when another call is answered.
        """

    def answered(self, headers: Mapping[str, str] | None, refused: bool) -> None:
        """The call that this thread was last let through with has ended: its answer's headers, None without any."""


class OwnWindow:
    """A window that this process has for itself."""

    def __init__(self, rate: float) -> None:
        self._limit, self._seconds = window_of(rate)
        self._under_way = 0
        self._overlapped = False
        self._answered: deque[float] = deque()
        self._closed_until = 0.0
        self._opens_at = math.inf

    def take(self) -> float:
        """See CallWindow."""
        pause = self._pause()
        if pause <= 0:
            self._opens_at = math.inf
            self._overlapped = self._under_way > 0
            self._under_way += 1
        return pause

    def _pause(self) -> float:
        now = time.monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        if self._left(now) >= 1:
            return 0.0
        free_at = self._answered[0] + self._seconds if self._answered else math.inf
        return max(min(free_at, self._opens_at) - now, 0.0)

    def _left(self, now: float) -> float:
        """How many calls there is room for."""
        while self._answered and self._answered[0] <= now - self._seconds:
            self._answered.popleft()
        return self._limit - len(self._answered) - self._under_way

    def answered(self, headers: Mapping[str, str] | None, refused: bool) -> None:
        """See CallWindow."""
        now = time.monotonic()
        self._under_way = max(self._under_way - 1, 0)
        if not math.isinf(self._limit):
            self._answered.append(now)
        if refused:
            self._close(now, pause_after_refusal(headers))
        elif (reset := pause_when_nothing_remains(headers)) is not None:
            if self._left(now) >= 1:
                # Less is left than we thought: somebody else calls from the same address.
                self._close(now, reset)
            elif self._under_way == 0 and not self._overlapped and reset != int(reset):
                # The server knows the moment better than we, if it does not round it to whole seconds and nothing
                # can have come in since: this was the only call under way while it lasted.
                self._opens_at = now + reset + GRAIN

    def _close(self, now: float, seconds: float) -> None:
        if seconds <= LONGEST_PAUSE:
            self._closed_until = max(self._closed_until, now + seconds + GRAIN)


def window_of(rate: float) -> tuple[float, float]:
    """How many calls in how many seconds: 2.5 a second are 2 in 0.8 s, half a call a second is 1 in 2 s; 0 is no limit.

    A grain is added to the seconds.
    """
    if rate <= 0:
        return math.inf, 0.0
    limit = max(1, math.floor(rate))
    return limit, limit / rate + GRAIN


def pause_after_refusal(headers: Mapping[str, str] | None) -> float:
    """Seconds that a 429 asks for; one second if it does not say."""
    asked = pause_asked_for(headers) if headers is not None else None
    return 1.0 if asked is None else asked
