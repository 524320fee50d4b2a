"""A call may be kept waiting between its place under the limit and its sending: the server counts when it arrives."""

import heapq
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from provsluss.provtjanst.call_window import USUAL_WAY, OwnWindow
from provsluss.provtjanst.calls import new_http
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.tokens import TokenSource
from tests.provtjanst.scripted_server import Reply, ScriptedServer

AT_ONCE = 8


def test_a_thread_that_is_held_up_before_it_sends_takes_nobody_over_the_limit(
    server: ScriptedServer, tokens: TokenSource
) -> None:
    """As on a busy machine, or while a connection is made: the first call leaves half a second after its place."""
    held_up = threading.Event()

    def hold_up_the_first(_: object) -> None:
        if not held_up.is_set():
            held_up.set()
            time.sleep(0.5)

    server.replies = [Reply(body=True, wait=0.7)]
    http = new_http()
    http.event_hooks = {"request": [hold_up_the_first]}
    client = ProvisioningClient(server.address, tokens, CallLimits(1), http)
    with ThreadPoolExecutor(2) as threads:
        for ended in [threads.submit(client.is_completed, "persons", "a") for _ in range(2)]:
            assert ended.result(10) is True
    first, second = sorted(call.at for call in server.seen if call.method == "GET")
    assert second - first >= 1.0


@dataclass(frozen=True)
class Trip:
    """A call in simulated time: seconds until it is sent, then until it arrives, then until its answer."""

    held_up: float
    way: float
    work: float
    sending_is_seen: bool


def seconds(most: float) -> st.SearchStrategy[float]:
    return st.one_of(st.just(0.0), st.floats(0.0, most))


trips = st.builds(Trip, seconds(3.0), seconds(USUAL_WAY), seconds(3.0), st.booleans())


class Server:
    """Counts arrivals in a window that slides, and says in each answer what is left, as Skolverket does."""

    def __init__(self, limit: int, window: float) -> None:
        self._limit, self._window = limit, window
        self.arrivals: list[float] = []

    def headers(self, arrived: float) -> dict[str, str]:
        counted = [at for at in self.arrivals if arrived - self._window < at <= arrived]
        reset = math.ceil((min(counted) + self._window - arrived) * 1000) / 1000
        return {"x-ratelimit-remaining": str(self._limit - len(counted)), "x-ratelimit-reset": f"{reset:g}"}


@given(st.sampled_from([0.5, 1.0, 2.0, 2.5, 5.0]), st.lists(trips, min_size=2, max_size=30), st.booleans())
def test_no_delay_anywhere_takes_us_over_the_limit(rate: float, calls: list[Trip], says_what_is_left: bool) -> None:
    limit = max(1, math.floor(rate))
    server, now = Server(limit, limit / rate), 0.0
    window = OwnWindow(rate, lambda: now)
    waiting = list(calls)
    under_way: list[tuple[float, float, float, bool]] = []
    while waiting or under_way:
        pause = window.take() if waiting and len(under_way) < AT_ONCE else math.inf
        if pause <= 0:
            trip = waiting.pop()
            sent = now + trip.held_up
            arrived = sent + trip.way
            server.arrivals.append(arrived)
            heapq.heappush(under_way, (arrived + trip.work, arrived, sent, trip.sending_is_seen))
        elif under_way and under_way[0][0] <= now + pause:
            now, arrived, sent, is_seen = heapq.heappop(under_way)
            headers = server.headers(arrived) if says_what_is_left else None
            window.answered(headers, False, sent if is_seen else None)
        else:
            now += pause
    arrivals = sorted(server.arrivals)
    assert all(later - earlier >= limit / rate for earlier, later in zip(arrivals, arrivals[limit:], strict=False))
