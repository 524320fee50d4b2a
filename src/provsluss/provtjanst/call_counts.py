"""How many calls this process has made lately, for those who watch over it."""

import threading
import time
from collections import Counter

from provsluss.provtjanst.call_window import CallKind

REMEMBERED_SECONDS = 300


class CallCounts:
    """Calls second by second; one instance is shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[int, Counter[str]] = {}

    def count(self, kind: CallKind, refused: bool) -> None:
        """One call has ended; `refused` for 429."""
        now = int(time.monotonic())
        with self._lock:
            if now not in self._seconds:
                for old in [second for second in self._seconds if second <= now - REMEMBERED_SECONDS]:
                    del self._seconds[old]
                self._seconds[now] = Counter()
            self._seconds[now].update([kind, "refused"] if refused else [kind])

    def of_last(self, seconds: int) -> dict[str, int]:
        """How many of each kind ("transfer", "read"), and how many of all were "refused", in that many seconds."""
        since = int(time.monotonic()) - seconds
        total: Counter[str] = Counter(transfer=0, read=0, refused=0)
        with self._lock:
            for second, counted in self._seconds.items():
                if second > since:
                    total.update(counted)
        return dict(total)


calls_made = CallCounts()
"""Those of this process."""
