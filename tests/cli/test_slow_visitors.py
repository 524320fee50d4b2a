"""Visitors who send half, nothing, too much, or never take the answer: nobody else waits for them."""

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.cli.patient_worker import Connection
from provsluss.web.frame.body_size import MOST_FOR_ANYBODY
from tests.fixtures.free_port import free_port
from tests.fixtures.processes import Start

LOGIN = "/konto/logga-in/"
HALF = {
    "nothing": b"",
    "half a line": b"GET /konto/",
    "half a head": b"GET /konto/logga-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n",
    "empty lines": b"\r\n\r\n\r\n",
    "half a form": b"POST /konto/logga-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nlogin=a",
    "never goes": b"GET /konto/logga-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
}
EIGHT = 8
"""As many as the web has threads."""


@pytest.fixture(scope="module")
def port(start_process: Start, tmp_path_factory: pytest.TempPathFactory) -> int:
    port = free_port()
    environment = {"PROVSLUSS_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    running = start_process("-m", "provsluss", "web", "--port", port, environment=environment)
    running.wait_until_answers(f"http://127.0.0.1:{port}{LOGIN}")
    return port


@contextlib.contextmanager
def half_open(port: int, beginning: bytes, number: int) -> Iterator[list[socket.socket]]:
    """So many connections that have sent `beginning` and stay."""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in range(number)
        ]
        for one in sockets:
            one.sendall(beginning)
        yield sockets


def answer(port: int, method: str = "GET", body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, LOGIN, body, headers)
    return connection.getresponse()


@pytest.mark.parametrize("beginning", HALF.values(), ids=HALF.keys())
def test_the_ninth_gets_an_answer_while_eight_are_half_open(port: int, beginning: bytes) -> None:
    with half_open(port, beginning, 3 * EIGHT):
        assert answer(port).status == 200


def test_a_form_that_comes_in_pieces_is_answered(port: int) -> None:
    whole = HALF["half a form"].replace(b"5000", b"7")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
        for start in range(0, len(whole), 40):
            slow.sendall(whole[start : start + 40])
        assert b"403" in slow.recv(100)  # without the proof that the form is ours


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("address", [LOGIN, "/register/inlasningar/", "/", "/finns-inte/"])
def test_sixty_megabytes_are_refused_by_their_head(port: int, kind: str, address: str) -> None:
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: 60000000\r\n\r\n"
    with half_open(port, head.encode() + b"x" * 1000, EIGHT) as sockets:
        for one in sockets:
            received = b""
            while piece := one.recv(65536):
                received += piece
            assert received.startswith(b"HTTP/1.1 413")
            assert "Du är inte inloggad".encode() in received
            assert b"no-store" in received
        assert answer(port).status == 200


def test_a_client_that_sends_it_all_gets_the_answer_too(port: int) -> None:
    body = b"x" * (MOST_FOR_ANYBODY + 1)
    assert answer(port, "POST", body, **{"Content-Type": "application/x-www-form-urlencoded"}).status == 413
    # A form may have so much.
    assert answer(port, "POST", body[:-1], **{"Content-Type": "application/x-www-form-urlencoded"}).status == 403


@pytest.mark.parametrize("length", ["9" * 15, "9" * 16, "9" * 25])
def test_more_than_any_number_is_refused_too(port: int, length: str) -> None:
    head = f"POST {LOGIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n"
    with half_open(port, head.encode(), 1) as (one,):
        assert one.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("header", ["SCRIPT_NAME: /konto", "PATH_INFO: /finns-inte/", "SCRIPT_NAME: /evil"])
def test_no_header_makes_it_another_address(port: int, header: str) -> None:
    """A proxy on the same computer hands on what its visitors send."""
    with half_open(port, f"GET {LOGIN} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n".encode(), 1) as (one,):
        received = b""
        while piece := one.recv(65536):
            received += piece
    assert received.startswith(b"HTTP/1.1 200")
    assert f'action="{LOGIN}"'.encode() in received or b'action=""' in received or b"<form" in received
    assert b"/konto/konto/" not in received


@pytest.fixture(scope="module")
def impatient(start_process: Start) -> int:
    port = free_port()
    running = start_process("-m", "tests.cli.impatient_web", port)
    running.wait_until_answers(f"http://127.0.0.1:{port}/")
    return port


def test_who_never_comes_to_an_end_is_given_up(impatient: int) -> None:
    with half_open(impatient, HALF["half a head"], 2) as sockets:
        for one in sockets:
            assert one.recv(100) == b""


def test_of_too_many_the_oldest_is_given_up_and_not_the_newest_kept_out(impatient: int) -> None:
    with half_open(impatient, HALF["half a head"], 20):
        assert answer(impatient).read() == b"svar"


def test_who_sends_drop_by_drop_is_given_up_too(impatient: int) -> None:
    """The time is for the whole request; each drop does not begin it anew."""
    began = time.monotonic()
    with half_open(impatient, b"GET / HTTP/1.1\r\nHost: a\r\n", 1) as (one,), pytest.raises(OSError):
        one.settimeout(0.05)
        while time.monotonic() - began < 30:
            one.sendall(b"X-A: b\r\n")
            with contextlib.suppress(TimeoutError):
                if one.recv(10) == b"":
                    raise ConnectionResetError
    assert time.monotonic() - began < 30


def test_a_head_without_end_is_given_up(impatient: int) -> None:
    with half_open(impatient, b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 10_000, 1) as (one,):
        with contextlib.suppress(ConnectionError):
            assert one.recv(100) == b""
        assert answer(impatient).status == 200


@given(st.data())
def test_a_thread_begins_when_the_request_has_come_and_not_before(data: Any) -> None:
    body = b"a" * data.draw(st.integers(0, 300))
    name = data.draw(st.sampled_from([b"Content-Length", b"content-length", b"CONTENT-LENGTH"]))
    head = b"\r\n" * data.draw(st.integers(0, 2)) + b"POST / HTTP/1.1\r\nHost: a\r\n%s: %d\r\n\r\n" % (name, len(body))
    whole = head + body
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1), max_size=20)))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(SimpleNamespace(), ours, ("", 0), ("", 0))
        pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
        assert [connection.take(piece) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
        assert bytes(connection.received) == whole.lstrip(b"\r\n")


@pytest.mark.parametrize("length", [MOST_FOR_ANYBODY + 1, 60_000_000, 999_999_999_999])
def test_a_large_body_is_not_waited_for(length: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(SimpleNamespace(), ours, ("", 0), ("", 0))
        assert connection.take(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % length)
