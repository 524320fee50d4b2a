"""The workers' signs of life, given from a thread of their own: no work, however long, makes a worker look dead."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from provsluss.operations.worker_lock import lock_path
from provsluss.provtjanst.call_counts import calls_made
from provsluss.transfers.models import Worker

log = logging.getLogger(__name__)

LOCAL = "local"
"""The name of the embedded database's one worker."""
SILENT_AFTER = timedelta(seconds=30)
"""A worker gives a sign of life every second; one that has been silent for so long is taken to be gone."""
_EVERY = 1.0


@contextmanager
def heartbeat(name: str) -> Iterator[None]:
    """Show every second that the worker `name` lives; at the end nothing is left of it. Raises DatabaseError at first.

    An embedded database may be locked by the very work that is done, so the lock file is touched too.
    """
    _beat(name, started_at=timezone.now())
    ended = threading.Event()
    thread = threading.Thread(target=_beat_until, args=(name, ended), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with suppress(DatabaseError):
            Worker.objects.filter(pk=name).delete()


def alive_workers() -> "QuerySet[Worker]":
    """The workers that are there to carry out transfers and imports."""
    alive = Q(seen_at__gt=timezone.now() - SILENT_AFTER)
    if settings.EMBEDDED_DATABASE and _lock_was_touched():
        alive |= Q(name=LOCAL)
    return Worker.objects.filter(alive)


def forget_silent_workers() -> None:
    """Remove those that have been silent for a day: killed ones never come back under the same name."""
    Worker.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()


def _beat_until(name: str, ended: threading.Event) -> None:
    while not ended.wait(_EVERY):
        if settings.EMBEDDED_DATABASE:
            os.utime(lock_path())
        try:
            _beat(name)
        except DatabaseError as problem:
            log.warning("no sign of life could be written: %s", type(problem).__name__)
            connection.close()  # a fresh one the next time
    connection.close()


def _beat(name: str, **news: object) -> None:
    calls = {"minute": calls_made.of_last(60), "five_minutes": calls_made.of_last(300)}
    Worker.objects.update_or_create(name=name, defaults={"seen_at": timezone.now(), "calls": calls, **news})


def _lock_was_touched() -> bool:
    with suppress(FileNotFoundError):
        return time.time() - lock_path().stat().st_mtime < SILENT_AFTER.total_seconds()
    return False
