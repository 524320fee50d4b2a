"""Calls made side by side, where Skolverket is slow to answer.

A transfer's own thread makes one call after the other. At five calls a second that is enough as long as an answer takes
a fifth of a second; beyond that the limit would stand unused while we wait. So the slower the answers, the more calls
are under way at once, each about a batch of its own. They are made by threads that all transfers of the process share;
a transfer that gets none of them still has its own thread, so nobody is kept waiting by somebody else's slow calls.

Each call stores its outcome itself, as it does in the transfer's own thread. Nothing here is remembered across a crash:
the tables say which batches have no answer.
"""

import logging
import math
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.conf import settings
from django.db import close_old_connections, connections
from django_scopes import scope

from provsluss.organisations.models import Organisation

log = logging.getLogger(__name__)

QUICK = 0.15
"""Answers that take no longer than this leave hardly anything to gain."""
USUAL_RATE = 5.0
"""Calls a second where there is no limit."""
THREADS = 16
LOOK_AGAIN = 0.2
"""Seconds after which the transfer's own thread looks up from waiting for the others."""

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="calls")
_free = threading.Semaphore(THREADS)


class SideBySide:
    """The calls of one transfer that are under way beside its own thread, which alone uses this."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._calls: dict[Future[None], int] = {}

    @property
    def batches(self) -> list[int]:
        """The batches that these calls are about: nobody else is to make a call about one of them now."""
        return list(self._calls.values())

    def take(self, call: Callable[[], None], batch_id: int, answer_seconds: float) -> bool:
        """Make `call` about a batch in a thread of its own, where answers take so long that it is worth it.

        False if it is better made in the transfer's own thread.
        """
        if len(self._calls) + 1 >= at_once(answer_seconds) or not _free.acquire(blocking=False):
            return False
        try:
            future = _pool.submit(_make, call, self._organisation)
        except RuntimeError:  # the process is on its way out
            _free.release()
            return False
        future.add_done_callback(lambda _: _free.release())
        self._calls[future] = batch_id
        return True

    def settle(self) -> None:
        """Forget the calls that have ended. Raises what one of them has raised."""
        for future in [future for future in self._calls if future.done()]:
            del self._calls[future]
            future.result()

    def wait_for_one(self) -> None:
        """Return when one of the calls has ended, or after a moment."""
        wait(self._calls, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)

    def wait_for_all(self, timeout: float | None = None) -> None:
        """Return when all calls have ended. What one raises now changes nothing: the transfer is not going on.

        After `timeout` seconds those that have not ended are left to themselves.
        """
        ended, _ = wait(self._calls, timeout)
        for future in ended:
            if (problem := future.exception()) is not None:
                log.info("a call ended after its transfer had stopped: %s", type(problem).__name__)
        self._calls.clear()


def at_once(answer_seconds: float) -> int:
    """How many calls of one transfer may be under way, so that the limit is used though answers take so long."""
    if answer_seconds <= QUICK:
        return 1
    rate = settings.TRANSFER_RATE or USUAL_RATE
    return max(1, min(math.ceil(rate * answer_seconds) + 1, settings.CALLS_AT_ONCE))


def _make(call: Callable[[], None], organisation: Organisation) -> None:
    close_old_connections()
    try:
        with scope(organisation=organisation):
            call()
    finally:
        # Many threads that each keep a connection for the next slow call would be many for PostgreSQL.
        connections.close_all()
