"""Counts calls, for tests and measurements."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_WORD_LIST = (
    "provisioning open-data v1 persons duties groups activities bulk delete jobs isCompleted lookup alive transaction "
    "organisations schoolUnits programmes code faults log reset stored"
)
_WORDS = frozenset(_WORD_LIST.split())


def template(path: str) -> str:
    """A path with everything that is not a word of the API as {id}, so that calls can be counted."""
    return "/".join(part if part in _WORDS or not part else "{id}" for part in path.split("/"))


class CallLog:
    """What has been called since the start or the last reset."""

    def __init__(self) -> None:
        """Starts at nothing."""
        self._under_way = 0
        self.reset()

    def reset(self) -> None:
        """Forgets everything counted."""
        self._calls: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()
        self._dropped = 0
        self._most_at_once = self._under_way
        self._first_post: float | None = None
        self._last_post: float | None = None

    def called(self, method: str, path: str) -> None:
        """A call came in. Only POST and PUT of objects move the first and last time of a post."""
        self._calls[f"{method} {template(path)}"] += 1
        if method in ("POST", "PUT") and "/bulk" in path:
            self._last_post = time.time()
            self._first_post = self._first_post or self._last_post

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """For as long as a call lasts."""
        self._under_way += 1
        self._most_at_once = max(self._most_at_once, self._under_way)
        try:
            yield
        finally:
            self._under_way -= 1

    def answered(self, status: int) -> None:
        """A call was answered."""
        self._statuses[status] += 1

    def dropped(self) -> None:
        """A connection was broken on purpose."""
        self._dropped += 1

    def shown(self) -> dict[str, Any]:
        """All counters; times are seconds since 1970."""
        return {
            "calls": dict(sorted(self._calls.items())),
            "total": self._calls.total(),
            "statuses": {str(status): count for status, count in sorted(self._statuses.items())},
            "too_many_requests": self._statuses[429],
            "dropped": self._dropped,
            "most_at_once": self._most_at_once,
            "first_post": self._first_post,
            "last_post": self._last_post,
        }
