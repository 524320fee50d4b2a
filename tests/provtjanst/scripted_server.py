"""A real HTTP server that answers what a test has scripted: what the simulator is too well-behaved to say."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer. `body` that is not bytes is sent as JSON; `drop` breaks the connection instead of answering."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drop: bool = False


@dataclass(frozen=True)
class Seen:
    """One call as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


class ScriptedServer:
    """Gives its replies in order, the last one for ever, and remembers the calls. `paths` has replies of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.replies: list[Reply] = [Reply()]
        self.paths: dict[str, list[Reply]] = {}
        self.seen: list[Seen] = []
        self._lock = threading.Lock()

    def next_reply(self, call: Seen) -> Reply:
        """What to answer this call."""
        with self._lock:
            self.seen.append(call)
            replies = self.paths.get(call.path.partition("?")[0], self.replies)
            return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A server on a free port of 127.0.0.1, ended afterwards."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            at = time.monotonic()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = script.next_reply(Seen(self.command, self.path, headers, body, at))
            time.sleep(reply.wait)
            if reply.drop:
                self.close_connection = True
                self.connection.close()
                return
            as_json = not isinstance(reply.body, bytes)
            content = json.dumps(reply.body).encode() if as_json else reply.body
            # http.server writes a date of its own, unless the script has one.
            (self.send_response_only if "Date" in reply.headers else self.send_response)(reply.status)
            if as_json:
                self.send_header("Content-Type", "application/json")
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer

        def log_message(self, *arguments: object) -> None:
            """Silent."""

        def finish(self) -> None:
            with suppress(OSError):  # a connection that the script broke
                super().finish()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that hang up are part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    script = ScriptedServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
