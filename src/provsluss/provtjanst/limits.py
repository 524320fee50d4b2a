"""Never more calls a second than Skolverket allows (rules.md T7): 5 for transfer and job status, 10 for reading.

The server counts a call when it arrives, and calls travel unevenly, so counting departures with a margin is a guess.
Here a call under way always counts, and an answered one for a whole window after its answer. The arrival lies between
the two, so the server can never see more than the limit in any window, however long the way. (That needs to know when a
call has ended, which ready-made limiters do not ask.)
"""

import math
import threading
import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from provsluss.provtjanst.errors import TemporaryTrouble

CallKind = Literal["transfer", "read"]

# Added to every pause, for clocks and headers that are rounded to milliseconds.
GRAIN = 0.003
# A header that asks for a longer pause than this is not about a limit per second; the answer's own error says more.
LONGEST_PAUSE = 10.0


class CallLimits:
    """Both limits of one environment. One instance is shared by all threads of a process. Rate 0 means no limit."""

    def __init__(self, transfer_rate: float = 5, read_rate: float = 10) -> None:
        self._gates: dict[CallKind, _Gate] = {"transfer": _Gate(transfer_rate), "read": _Gate(read_rate)}

    def wait(self, kind: CallKind, timeout: float = 120.0) -> None:
        """Return when a call of this kind may be made; each must be followed by `observe`. Raises TemporaryTrouble
        when it would take longer than `timeout` seconds."""
        self._gates[kind].wait(timeout)

    def observe(self, kind: CallKind, headers: Mapping[str, str] | None, refused: bool = False) -> None:
        """Tell how the call went: its answer's headers, or None when no answer came; `refused` for 429."""
        self._gates[kind].observe(headers, refused)


class _Gate:
    """One window of calls."""

    def __init__(self, rate: float) -> None:
        # 2.5 calls a second are 2 calls in 0.8 s, half a call a second is 1 in 2 s.
        self._limit = max(1, math.floor(rate)) if rate > 0 else math.inf
        self._window = self._limit / rate + GRAIN if rate > 0 else 0.0
        self._changed = threading.Condition()
        self._under_way = 0
        self._overlapped = False
        self._answered: deque[float] = deque()
        self._closed_until = 0.0
        self._opens_at = math.inf

    def wait(self, timeout: float) -> None:
        ends = time.monotonic() + timeout
        with self._changed:
            while (pause := self._pause()) > 0:
                if time.monotonic() + (0.0 if math.isinf(pause) else pause) >= ends:
                    raise TemporaryTrouble("Kön av anrop till Skolverket är för lång just nu.", retry_after=1.0)
                self._changed.wait(min(pause, ends - time.monotonic()))
            self._opens_at = math.inf
            self._overlapped = self._under_way > 0
            self._under_way += 1

    def _pause(self) -> float:
        """0 when a call may go now, else in how many seconds to look again (for ever: when another is answered)."""
        now = time.monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        if self._left(now) >= 1:
            return 0.0
        free_at = self._answered[0] + self._window if self._answered else math.inf
        return max(min(free_at, self._opens_at) - now, 0.0)

    def _left(self, now: float) -> float:
        """How many calls there is room for."""
        while self._answered and self._answered[0] <= now - self._window:
            self._answered.popleft()
        return self._limit - len(self._answered) - self._under_way

    def observe(self, headers: Mapping[str, str] | None, refused: bool) -> None:
        with self._changed:
            now = time.monotonic()
            self._under_way = max(self._under_way - 1, 0)
            if not math.isinf(self._limit):
                self._answered.append(now)
            remaining = _number(headers.get("x-ratelimit-remaining")) if headers is not None else None
            reset = pause_asked_for(headers) if headers is not None else None
            if refused:
                self._close(now, 1.0 if reset is None else reset)
            elif remaining is not None and remaining < 1 and reset is not None:
                if self._left(now) >= 1:
                    # Less is left than we thought: somebody else calls from the same address.
                    self._close(now, reset)
                elif self._under_way == 0 and not self._overlapped and reset != int(reset):
                    # The server knows the moment better than we, if it does not round it to whole seconds and nothing
                    # can have come in since: this was the only call under way while it lasted.
                    self._opens_at = now + reset + GRAIN
            self._changed.notify_all()

    def _close(self, now: float, seconds: float) -> None:
        if seconds <= LONGEST_PAUSE:
            self._closed_until = max(self._closed_until, now + seconds + GRAIN)


def pause_asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds until the server wants another call: Retry-After (number or date), else X-RateLimit-Reset (fractional).

    None when neither says anything usable.
    """
    asked = headers.get("retry-after")
    seconds = _number(asked)
    if seconds is None and asked:
        seconds = _seconds_until(asked)
    if seconds is None:
        seconds = _number(headers.get("x-ratelimit-reset"))
    return seconds


def _number(text: str | None) -> float | None:
    """A finite number that is not negative."""
    try:
        number = float(text) if text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


_shared: dict[tuple[str, float, float], CallLimits] = {}
_shared_lock = threading.Lock()


def shared_limits(provisioning_url: str, transfer_rate: float = 5, read_rate: float = 10) -> CallLimits:
    """The one instance of this process for an environment and its rates."""
    with _shared_lock:
        return _shared.setdefault((provisioning_url, transfer_rate, read_rate), CallLimits(transfer_rate, read_rate))
