"""Calls of one kind within the limit, and where they are counted: in this process, or somewhere that many share.

The server counts a call when it arrives, and calls travel unevenly. Here a call counts from when it takes its place,
and an answered one for a whole window after it must have arrived: when its answer came at the latest, and, if the
server takes its time to answer, soon after it was sent. (Not after it took its place: on a busy machine, or while a
connection is made, much time can pass between the two; and where this answer took longer than others, the server may
have been too busy to count it at once.) How soon is a guess (`USUAL_WAY`) that each 429 doubles, so on
a slow line we end where no guess is needed: the server cannot see more than the limit in any window, however long the
way. (That needs to know when a call was sent and when it ended, which ready-made limiters do not ask.)
"""

import heapq
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from provsluss.provtjanst.rate_headers import pause_asked_for, pause_when_nothing_remains

CallKind = Literal["transfer", "read"]

# Added to every pause, for clocks and headers that are rounded to milliseconds.
GRAIN = 0.003
USUAL_WAY = 0.1
"""Seconds within which a call that was sent has reached the server, as long as no 429 has shown otherwise."""
LONGEST_WAY = 15.0
"""No call is longer on its way than this."""
# A header that asks for a longer pause than this is not about a limit per second; the answer's own error says more.
LONGEST_PAUSE = 10.0


class CallWindow(Protocol):
    """One window of calls. Its methods are called by one thread of a process at a time."""

    def take(self) -> float:
        """0 when a call may go now, which then counts as under way; else in how many seconds to ask again.

        Infinity: when another call is answered.
        """

    def answered(self, headers: Mapping[str, str] | None, refused: bool, sent_at: float | None = None) -> None:
        """The call that this thread was last let through with has ended: its answer's headers, None without any.

        `sent_at`: when the whole of it had been sent, by time.monotonic; None when that is not known.
        """


class OwnWindow:
    """A window that this process has for itself."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._limit, self._seconds = window_of(rate)
        self._way = USUAL_WAY
        self._answers = AnswerTimes()
        self._under_way = 0
        self._call = threading.local()
        self._overlapped = False
        # When the places of answered calls are free. A heap: a call answered late may have arrived before one answered
        # early.
        self._free_at: list[float] = []
        self._closed_until = 0.0
        self._opens_at = math.inf

    def take(self) -> float:
        """See CallWindow."""
        pause = self._pause()
        if pause <= 0:
            self._opens_at = math.inf
            self._overlapped = self._under_way > 0
            self._under_way += 1
            self._call.was_last = self._left(self._clock()) < 1
        return pause

    def _pause(self) -> float:
        now = self._clock()
        if now < self._closed_until:
            return self._closed_until - now
        if self._left(now) >= 1:
            return 0.0
        free_at = self._free_at[0] if self._free_at else math.inf
        return max(min(free_at, self._opens_at) - now, 0.0)

    def _left(self, now: float) -> float:
        """How many calls there is room for."""
        while self._free_at and self._free_at[0] <= now:
            heapq.heappop(self._free_at)
        return self._limit - len(self._free_at) - self._under_way

    def answered(self, headers: Mapping[str, str] | None, refused: bool, sent_at: float | None = None) -> None:
        """See CallWindow."""
        now = self._clock()
        self._under_way = max(self._under_way - 1, 0)
        if not math.isinf(self._limit):
            heapq.heappush(self._free_at, now - self._answers.since_arrival(sent_at, self._way, now) + self._seconds)
        if refused:
            self._way = min(self._way * 2, LONGEST_WAY)
            self._close(now, pause_after_refusal(headers))
        elif (reset := pause_when_nothing_remains(headers)) is not None:
            if not self._call.was_last and self._left(now) >= 1:
                # Less is left than we thought, then and now: somebody else calls from the same address.
                self._close(now, reset)
            elif self._under_way == 0 and not self._overlapped and reset != int(reset):
                # The server knows the moment better than we, if it does not round it to whole seconds and nothing
                # can have come in since: this was the only call under way while it lasted.
                self._opens_at = now + reset + GRAIN

    def _close(self, since: float, seconds: float) -> None:
        if seconds <= LONGEST_PAUSE:
            self._closed_until = max(self._closed_until, since + seconds + GRAIN)


def window_of(rate: float) -> tuple[float, float]:
    """How many calls in how many seconds: 2.5 a second are 2 in 0.8 s, half a call a second is 1 in 2 s; 0 is no limit.

    A grain is added to the seconds.
    """
    if rate <= 0:
        return math.inf, 0.0
    limit = max(1, math.floor(rate))
    return limit, limit / rate + GRAIN


class AnswerTimes:
    """How long the latest answers took, to tell an answer that was long in the making from a call that was late."""

    def __init__(self) -> None:
        """With no answer yet."""
        self._latest: deque[float] = deque(maxlen=10)

    def since_arrival(self, sent_at: float | None, way: float, now: float) -> float:
        """For how many seconds at least a call has been at the server that has its answer now.

        No longer than the quickest of the latest answers was in the making: what one took beyond that, a busy server
        may have needed before it counted the call.
        """
        if sent_at is None:
            return 0.0
        self._latest.append(now - sent_at)
        return max(min(self._latest) - way, 0.0)


def pause_after_refusal(headers: Mapping[str, str] | None) -> float:
    """Seconds that a 429 asks for; one second if it does not say."""
    asked = pause_asked_for(headers) if headers is not None else None
    return 1.0 if asked is None else asked
