"""What a worker sleeps on between its rounds: rung by outbox/wake_up.py in any process, and to make it stop."""

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings

from provsluss.outbox.wake_up import CHANNEL, pipe_path

_CONNECT_AGAIN_AFTER = 5.0


class Alarm:
    """Wakes the worker that waits, in another thread."""

    def __init__(self) -> None:
        self._rung = threading.Event()
        self.is_stopped = False
        """Whether the worker is to end."""

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

    def stop(self) -> None:
        """The worker is to end. May be called by a signal's handler."""
        self.is_stopped = True
        self._rung.set()

    def wait(self, timeout: float) -> None:
        """Sleep until it rings, `timeout` seconds at the most."""
        self._rung.wait(timeout)
        if not self.is_stopped:
            self._rung.clear()


@contextmanager
def listening(alarm: Alarm) -> Iterator[None]:
    """Ring `alarm` whenever something is ordered in any process. Raises OSError where the pipe cannot be made."""
    if settings.EMBEDDED_DATABASE:
        with suppress(FileExistsError):
            os.mkfifo(pipe_path(), 0o600)
    # Readable when we have ended, so that the thread wakes up whatever it listens to.
    end, end_writer = os.pipe()
    listen = _listen_to_pipe if settings.EMBEDDED_DATABASE else _listen_to_database
    thread = threading.Thread(target=listen, args=(alarm, end), name="alarm", daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.close(end_writer)
        thread.join()
        os.close(end)


def _listen_to_pipe(alarm: Alarm, end: int) -> None:
    # Opened for writing too: otherwise it would be at its end whenever nobody else has it open.
    pipe = os.open(pipe_path(), os.O_RDWR | os.O_NONBLOCK)
    try:
        while _is_readable(pipe, end):
            with suppress(BlockingIOError):
                os.read(pipe, 4096)
            alarm.ring()
    finally:
        os.close(pipe)


def _listen_to_database(alarm: Alarm, end: int) -> None:
    import psycopg  # the embedded database does without

    while True:
        # A connection of its own, for it waits all the time. While it cannot be had, the worker looks by itself.
        with suppress(psycopg.Error), psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            alarm.ring()  # for what was ordered before
            while _is_readable(connection.fileno(), end):
                for _ in connection.notifies(timeout=0):
                    alarm.ring()
        if select.select([end], [], [], _CONNECT_AGAIN_AFTER)[0]:
            return


def _is_readable(source: int, end: int) -> bool:
    """Wait until there is something to read; False when it is time to end."""
    return end not in select.select([source, end], [], [])[0]
