"""Waking the worker at once; it looks in the outbox by itself too, but more seldom.

On PostgreSQL by NOTIFY, which reaches every worker on every machine. On the embedded database, whose one worker is on
this machine, by a byte into a named pipe in the data directory. Who listens is operations/alarm.py.
"""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

CHANNEL = "provsluss_outbox"


def wake_worker() -> None:
    """Tell the workers, when the transaction has been committed, that there is something in the outbox."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")  # PostgreSQL itself waits for the commit
    else:
        transaction.on_commit(_write_to_pipe)


def pipe_path() -> Path:
    """Where the embedded database's worker listens."""
    path: Path = settings.DATA_DIR / "worker.wake"
    return path


def _write_to_pipe() -> None:
    # No worker reads it: the next one looks by itself when it starts. Full: it is awake already.
    with suppress(OSError):
        pipe = os.open(pipe_path(), os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(pipe, b"!")
        finally:
            os.close(pipe)
