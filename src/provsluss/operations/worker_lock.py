"""On the embedded database one process is the worker: whoever holds the lock file in the data directory."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from provsluss.installation.one_at_a_time import open_lock


class WorkerAlreadyRunning(Exception):
    """Another process is the worker."""


@contextmanager
def worker_lock() -> Iterator[None]:
    """Hold the lock while this process is the worker; with PostgreSQL there is no lock and there can be many.

    The system lets go of the lock when the process ends, however it ends. Raises WorkerAlreadyRunning.
    """
    if not settings.EMBEDDED_DATABASE:
        yield
        return
    with open_lock(lock_path()) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkerAlreadyRunning from None
        yield


def lock_path() -> Path:
    """The file that the worker holds locked, and touches while it lives (heartbeats.py)."""
    path: Path = settings.DATA_DIR / "worker.lock"
    return path
