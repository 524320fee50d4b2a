"""Calls a second, as the server counts them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import TemporaryTrouble, UnknownJob
from provsluss.provtjanst.limits import CallLimits, shared_limits
from provsluss.provtjanst.tokens import TokenSource
from tests.provtjanst.scripted_server import Reply, ScriptedServer


def in_threads(count: int, seconds: float, work: Callable[[], object]) -> None:
    """Do `work` over and over in `count` threads for that long; a failure in any of them fails the test."""
    ends = time.monotonic() + seconds

    def loop() -> None:
        while time.monotonic() < ends:
            work()

    with ThreadPoolExecutor(count) as threads:
        for ended in [threads.submit(loop) for _ in range(count)]:
            ended.result(seconds + 30)


@pytest.mark.parametrize("fractional", [True, False])
@pytest.mark.parametrize("threads", [1, 4])
def test_the_simulator_never_says_429_and_the_pace_is_nearly_its_own(
    start_simulator: Callable[..., str], threads: int, fractional: bool
) -> None:
    base = start_simulator() if fractional else start_simulator("--no-fractional-reset")
    url = f"{base}/provisioning/v1"
    tokens = TokenSource(f"{base}/transaction", "https://limits.example", None, url)
    client = ProvisioningClient(url, tokens, CallLimits(5, 10))

    def ask() -> None:
        with pytest.raises(UnknownJob):
            client.is_completed("persons", "3fa85f64-5717-4562-b3fc-2c963f66afa7")

    in_threads(threads, 5.5, ask)
    log = httpx2.get(f"{base}/log", trust_env=False).json()
    assert log["too_many_requests"] == 0
    calls = log["calls"]["GET /provisioning/v1/persons/bulk/jobs/{id}/isCompleted"]
    # 5 at once and 5 for each second that follows are the bound: 30 or, where the last begins late, a few more.
    assert 24 <= calls <= 36


def test_without_headers_our_own_window_holds(server: ScriptedServer, tokens: TokenSource) -> None:
    server.replies = [Reply(body=True)]
    client = ProvisioningClient(server.address, tokens, CallLimits(5, 10))
    in_threads(3, 3.5, lambda: client.is_completed("persons", "a"))
    arrivals = sorted(call.at for call in server.seen if call.method == "GET")
    assert len(arrivals) >= 15
    assert min(later - earlier for earlier, later in zip(arrivals, arrivals[5:], strict=False)) >= 0.99


def test_both_limits_are_apart_and_zero_means_none() -> None:
    limits = CallLimits(1, 0)
    begun = time.monotonic()
    limits.wait("transfer")
    for _ in range(50):
        limits.wait("read")
    assert time.monotonic() - begun < 0.5
    limits.wait("transfer")
    assert time.monotonic() - begun >= 1.0


def test_a_slow_rate_is_spread_over_its_seconds() -> None:
    limits = CallLimits(0.5)
    limits.wait("transfer")
    with pytest.raises(TemporaryTrouble, match="Kön") as caught:
        limits.wait("transfer", timeout=0.5)
    assert 1.5 < (caught.value.retry_after or 0) < 2.1


@pytest.mark.parametrize(
    ("headers", "refused", "at_least", "at_most"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0.4"}, False, 0.4, 0.8),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, False, 1.0, 1.4),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "0.4"}, False, 0.0, 0.2),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225600"}, False, 0.0, 0.2),
        ({"x-ratelimit-remaining": "zero", "x-ratelimit-reset": "0.4"}, False, 0.0, 0.2),
        ({"x-ratelimit-reset": "0.3"}, True, 0.3, 0.7),
        ({"retry-after": "1"}, True, 1.0, 1.4),
        ({}, True, 1.0, 1.4),
        ({}, False, 0.0, 0.2),
    ],
)
def test_the_servers_word_closes_the_gate(
    headers: dict[str, str], refused: bool, at_least: float, at_most: float
) -> None:
    limits = CallLimits(100, 100)
    limits.wait("transfer")
    begun = time.monotonic()
    limits.observe("transfer", headers, refused)
    limits.wait("read")
    assert time.monotonic() - begun < 0.2
    limits.wait("transfer")
    assert at_least <= time.monotonic() - begun < at_most


def test_calls_under_way_count_as_not_yet_seen_by_the_server() -> None:
    limits = CallLimits(100)
    for _ in range(3):
        limits.wait("transfer")
    begun = time.monotonic()
    limits.observe("transfer", {"x-ratelimit-remaining": "2", "x-ratelimit-reset": "0.3"})
    limits.wait("transfer")
    assert time.monotonic() - begun >= 0.3


def test_a_429_from_the_server_holds_back_the_next_call(server: ScriptedServer, tokens: TokenSource) -> None:
    server.replies = [Reply(429, [], {"X-RateLimit-Reset": "0.5", "X-RateLimit-Remaining": "0"}), Reply(body=True)]
    client = ProvisioningClient(server.address, tokens, CallLimits())
    with pytest.raises(TemporaryTrouble):
        client.is_completed("persons", "a")
    assert client.is_completed("persons", "a") is True
    first, second = (call.at for call in server.seen if call.method == "GET")
    assert second - first >= 0.5


def test_one_instance_for_each_environment() -> None:
    one = shared_limits("https://a.example", 5, 10)
    assert shared_limits("https://a.example", 5, 10) is one
    assert shared_limits("https://b.example", 5, 10) is not one
    assert shared_limits("https://a.example", 4, 10) is not one
