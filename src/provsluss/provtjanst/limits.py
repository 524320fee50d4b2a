"""Never more calls a second than Skolverket allows (rules.md T7): 5 for transfer and job status, 10 for reading.

The window is counted by the server when a call arrives, and calls travel unevenly. Three things keep it exact: a window
a little longer than a second, calls under way count as not yet seen by the server, and the server's own headers win
when they say that less is left than we thought.
"""

import math
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from provsluss.provtjanst.errors import TemporaryTrouble

CallKind = Literal["transfer", "read"]

# How much longer than the server's our window is. 2 % is 20 ms of uneven travel, and costs 2 % of the pace.
MARGIN = 1.02
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
    """One sliding window of calls."""

    def __init__(self, rate: float) -> None:
        self._lock = threading.Lock()
        self._bucket = _bucket(rate)
        self._under_way = 0
        self._closed_until = 0.0

    def wait(self, timeout: float) -> None:
        ends = time.monotonic() + timeout
        while (pause := self._enter()) > 0:
            if time.monotonic() + pause > ends:
                raise TemporaryTrouble("Kön av anrop till Skolverket är för lång just nu.", retry_after=pause)
            time.sleep(pause)

    def _enter(self) -> float:
        """Take a place in the window and return 0, or return how many seconds until it is worth asking again."""
        with self._lock:
            now = time.monotonic()
            if now < self._closed_until:
                return self._closed_until - now
            if self._bucket is not None:
                milliseconds = math.ceil(now * 1000)
                self._bucket.leak(milliseconds)
                item = RateItem("call", milliseconds)
                if not self._bucket.put(item):
                    wait = self._bucket.waiting(item)
                    assert isinstance(wait, int)  # a bucket in memory is never asynchronous
                    return max(wait, 1) / 1000
            self._under_way += 1
            return 0.0

    def observe(self, headers: Mapping[str, str] | None, refused: bool) -> None:
        with self._lock:
            self._under_way = max(self._under_way - 1, 0)
            if headers is None:
                return
            remaining = _number(headers.get("x-ratelimit-remaining"))
            reset = pause_asked_for(headers)
            if refused:
                self._close(reset if reset is not None else 1.0)
            elif remaining is not None and reset is not None and remaining - self._under_way < 1:
                # A whole number is rounded up (the OpenAPI types it so): then our own window, if it is full too, knows
                # the moment better.
                rounded = reset == int(reset)
                self._close(0.0 if rounded and self._left() < 1 else reset)

    def _left(self) -> float:
        """How many calls our own window has room for now."""
        if self._bucket is None:
            return math.inf
        self._bucket.leak(math.ceil(time.monotonic() * 1000))
        return self._bucket.rates[0].limit - self._bucket.count()

    def _close(self, seconds: float) -> None:
        if seconds <= LONGEST_PAUSE:
            # A few milliseconds on top, because the server rounds what it says.
            self._closed_until = max(self._closed_until, time.monotonic() + seconds + 0.005)


def _bucket(rate: float) -> InMemoryBucket | None:
    """The window for `rate` calls a second; None for no limit."""
    if rate <= 0:
        return None
    calls = max(1, math.floor(rate))
    return InMemoryBucket([Rate(calls, math.ceil(calls / rate * 1000 * MARGIN))])


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
