"""How many calls a plan takes, and how long they are expected to take."""

from collections.abc import Iterable

from django.conf import settings

from provsluss.provtjanst.packing import ENVELOPE_BYTES
from provsluss.transfers.models import SyncJob
from provsluss.transfers.pipeline.poll_times import USUAL_JOB

_LAST_JOBS = 8
"""So many sync jobs say how long Skolverket's jobs usually take."""
_CALLS_PER_CALL = 2
"""Each call is asked about once, and the question counts against the same limit (rules.md T7)."""


class CallCount:
    """Counts the calls that `provtjanst.packing.pack` would make of the same objects, without holding them."""

    def __init__(self, limit: int) -> None:
        """`limit` is what a call's body may hold, in bytes; a larger object goes alone."""
        self.calls = 0
        self._limit = limit
        self._size = limit

    def add(self, size: int) -> None:
        """One object more, of `size` bytes."""
        if self._size + 1 + size > self._limit:
            self.calls += 1
            self._size = ENVELOPE_BYTES + size
        else:
            self._size += 1 + size


def expected_seconds(environment: str, calls_of_steps: Iterable[int]) -> float:
    """How long the calls of each step take in all: what the rate limit allows, and Skolverket's work on the last one.

    A step begins when the one before has ended. Needs the organisation's scope.
    """
    steps = [calls for calls in calls_of_steps if calls]
    rate = settings.TRANSFER_RATE or float("inf")
    return sum(_CALLS_PER_CALL * calls / rate for calls in steps) + len(steps) * usual_job_seconds(environment)


def usual_job_seconds(environment: str) -> float:
    """How long Skolverket's jobs have taken in the last sync jobs, or a guess while nothing is known."""
    known = SyncJob.objects.filter(transfer__environment=environment, job_seconds__isnull=False)
    seconds = list(known.order_by("-pk").values_list("job_seconds", flat=True)[:_LAST_JOBS])
    return sum(one or 0.0 for one in seconds) / len(seconds) if seconds else USUAL_JOB
