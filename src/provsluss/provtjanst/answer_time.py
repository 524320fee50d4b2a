"""How long Skolverket usually takes to answer, learned from the calls that are made."""

import threading

_WEIGHT = 1 / 3
"""What the latest call counts for: after a handful of calls the earlier ones hardly matter."""


class AnswerTime:
    """A smoothed time. Thread-safe."""

    def __init__(self) -> None:
        """Starts without knowing anything."""
        self._lock = threading.Lock()
        self._seconds = 0.0

    @property
    def seconds(self) -> float:
        """How long a call usually takes; 0 before the first."""
        return self._seconds

    def answered_after(self, seconds: float) -> None:
        """A call was answered."""
        with self._lock:
            self._seconds = self._seconds + _WEIGHT * (seconds - self._seconds) if self._seconds else seconds

    def broken_after(self, seconds: float) -> None:
        """A call that had been sent ended without an answer: one would have taken at least so long."""
        if seconds > self._seconds:
            self.answered_after(seconds)
