"""gunicorn's worker of threads, with patience of its own: slow visitors are waited for by nobody but the poller.

gunicorn gives a connection to a thread as soon as it begins, and the thread waits for the rest: eight visitors who send
half a request stop the web. Here a thread gets the request when it has come, with its form if that is small. Larger
bodies are taken from those who are logged in only (web/frame/body_size.py). And what is left to read when we have
answered is waited for by the poller too, where gunicorn's own main loop stands still for two seconds.
"""

import re
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from provsluss.web.frame.body_size import MOST_FOR_ANYBODY

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_PIECE = 64 * 1024


class Connection(TConn):  # type: ignore[misc]
    """A connection, and what has come on it so far."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.received = bytearray()
        self.whole_at: int | None = None
        """How many bytes the request has, as far as we wait for it; None until its head has come."""
        self.drained = 0

    def init(self, thread_seconds: float = 10.0) -> None:
        """As gunicorn's, in the thread; then what has come, and not more patience than `thread_seconds` for the rest:
        of a large body, or until the visitor has taken a piece of the answer."""
        super().init()
        self.sock.settimeout(thread_seconds)
        if self.received:
            self.parser.unreader.unread(bytes(self.received))
            self.received.clear()

    def take(self, data: bytes) -> bool:
        """Adds what has come. Returns whether a thread can begin."""
        looked_at = max(0, len(self.received) - len(_END_OF_HEAD) + 1)
        self.received += data
        if self.whole_at is None:
            while self.received.startswith(b"\r\n"):  # before a request (RFC 9112 section 2.2), not the end of its head
                del self.received[:2]
                looked_at = 0
            end = self.received.find(_END_OF_HEAD, looked_at)
            if end < 0:
                return False
            self.whole_at = end + len(_END_OF_HEAD)
            announced = _LENGTH.search(self.received, 0, self.whole_at)
            if announced and (length := int(announced[1])) <= MOST_FOR_ANYBODY:
                self.whole_at += length
        return len(self.received) >= self.whole_at


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Set as gunicorn's worker_class; needs keepalive 0: each connection is for one request.

    `pending_conns`, which gunicorn closes when their time is out, are here those whose request has not come whole.
    """

    HEAD_SECONDS = 20.0
    """So long may a request be on its way."""
    MOST_WAITING = 500
    """So many requests may be on their way; of more, the oldest is given up, and not the newest kept out."""
    LARGEST_HEAD = 64 * 1024
    LEAVING_SECONDS = 2.0
    """So long we read on after the answer, so that the visitor gets it (RFC 9112 section 9.6)."""
    MOST_DRAINED = 4 * 1024 * 1024

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leaving: deque[Connection] = deque()

    def accept(self, listener: Any) -> None:
        """A new connection waits at the poller."""
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        # A whole page fits, so that a thread need not wait until a slow visitor has taken it.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
        self.nr_conns += 1
        connection = Connection(self.cfg, sock, address, listener.getsockname())
        connection.timeout = time.monotonic() + self.HEAD_SECONDS
        self.pending_conns.append(connection)
        self.poller.register(sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, connection))
        if len(self.pending_conns) > self.MOST_WAITING:
            self._give_up(self.pending_conns[0])

    def on_pending_socket_readable(self, conn: Connection, client: Any) -> None:
        """More of a request has come."""
        if conn not in self.pending_conns or (data := _read(client)) is None:  # given up a moment ago, or nothing there
            return
        if data and not conn.take(data) and (conn.whole_at or len(conn.received) <= self.LARGEST_HEAD):
            return
        if conn.whole_at is None or len(conn.received) < conn.whole_at:  # it ended too early, or its head never does
            self._give_up(conn)
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        conn.data_ready = True
        self.enqueue_req(conn)

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        """The thread has answered: says that we are done, and waits at the poller until the visitor is."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_leaving_readable, conn))
        except (OSError, ValueError):  # the visitor has gone
            self._close(conn)
            return
        conn.timeout = time.monotonic() + self.LEAVING_SECONDS
        self._leaving.append(conn)

    def murder_pending(self) -> None:
        """Gives up those whose time is out; when we stop, all whose request has not come."""
        now = time.monotonic()
        while self.pending_conns and (self.pending_conns[0].timeout <= now or not self.alive):
            self._give_up(self.pending_conns[0])
        while self._leaving and self._leaving[0].timeout <= now:
            self._leave(self._leaving[0])

    def _on_leaving_readable(self, conn: Connection, client: Any) -> None:
        if conn not in self._leaving or (data := _read(client)) is None:
            return
        conn.drained += len(data)
        if not data or conn.drained > self.MOST_DRAINED:
            self._leave(conn)

    def _give_up(self, conn: Connection) -> None:
        self.pending_conns.remove(conn)
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _leave(self, conn: Connection) -> None:
        self._leaving.remove(conn)
        self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()


def _read(client: Any) -> bytes | None:
    """A piece of what has come; empty when there is no more, None when nothing is there yet."""
    try:
        return bytes(client.recv(_PIECE))
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:  # the visitor has gone
        return b""
