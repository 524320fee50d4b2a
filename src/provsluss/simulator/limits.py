"""Calls per second and client address (rules.md T7), as a sliding window of one second."""

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass

UNLIMITED = 1_000_000
"""Shown in the headers when a limit is switched off."""


@dataclass(frozen=True)
class Quota:
    """What is left after a call; `seconds` is the time until a call falls out of the window."""

    allowed: bool
    limit: int
    remaining: int
    seconds: float

    def headers(self, fractional: bool) -> list[tuple[bytes, bytes]]:
        """The X-RateLimit headers; Reset with decimals as in Skolverket's example, or whole as in its schema."""
        seconds = f"{math.ceil(self.seconds * 1000) / 1000:g}" if fractional else str(math.ceil(self.seconds))
        return [
            (b"x-ratelimit-limit", str(self.limit).encode()),
            (b"x-ratelimit-remaining", str(self.remaining).encode()),
            (b"x-ratelimit-reset", seconds.encode()),
        ]


class Limits:
    """The windows of all clients."""

    def __init__(self) -> None:
        """Starts with nobody having called."""
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def take(self, client: str, group: str, rate: int) -> Quota:
        """Counts a call of a client in a group of calls; a refused call does not count. Rate 0 is no limit."""
        if rate == 0:
            return Quota(True, UNLIMITED, UNLIMITED, 0.0)
        now = time.monotonic()
        calls = self._calls[client, group]
        while calls and calls[0] <= now - 1:
            calls.popleft()
        allowed = len(calls) < rate
        if allowed:
            calls.append(now)
        return Quota(allowed, rate, rate - len(calls) if allowed else 0, calls[0] + 1 - now)
