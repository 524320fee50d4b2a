"""Calls a second, as the server counts them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from provsluss.provtjanst.call_window import CallKind, OwnWindow
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import TemporaryTrouble, UnknownJob
from provsluss.provtjanst.limits import CallLimits, shared_limits
from provsluss.provtjanst.tokens import TokenSource
from tests.provtjanst.scripted_server import Reply, ScriptedServer
from tests.provtjanst.seconds import assert_seconds


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
@pytest.mark.parametrize("threads", [1, 8])
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

    begun = time.monotonic()
    in_threads(threads, 5.5, ask)
    seconds = time.monotonic() - begun
    log = httpx2.get(f"{base}/log", trust_env=False).json()
    assert log["too_many_requests"] == 0
    calls = log["calls"]["GET /provisioning/v1/persons/bulk/jobs/{id}/isCompleted"]
    # 5 at once and 5 for each second that follows are the bound.
    assert 0.8 * 5 * seconds <= calls <= 5 * (seconds + 1)


def test_slow_answers_cost_hardly_any_pace(start_simulator: Callable[..., str]) -> None:
    base = start_simulator("--answer-delay", 1)
    url = f"{base}/provisioning/v1"
    client = ProvisioningClient(url, TokenSource(f"{base}/transaction", "slow", None, url), CallLimits(5, 10))

    def ask() -> None:
        with pytest.raises(UnknownJob):
            client.is_completed("persons", "3fa85f64-5717-4562-b3fc-2c963f66afa7")

    begun = time.monotonic()
    in_threads(8, 7, ask)
    seconds = time.monotonic() - begun
    log = httpx2.get(f"{base}/log", trust_env=False).json()
    assert log["too_many_requests"] == 0
    assert log["calls"]["GET /provisioning/v1/persons/bulk/jobs/{id}/isCompleted"] >= 0.85 * 5 * (seconds - 1)


def test_a_429_makes_us_reckon_with_a_longer_way() -> None:
    def longest() -> float:
        window, free_after = OwnWindow(1), []
        for refused in (False, True, False):
            free_after.append(_free_after(window, refused))
            time.sleep(1.1)
        # A window after the call must have arrived: 0.1 s after it was sent, and after the 429 0.2 s.
        assert min(free_after[:2]) >= 1.1
        return max(free_after) if free_after[2] >= 1.2 else 0.0

    assert_seconds(longest, 1.2, 1.5)


def _free_after(window: OwnWindow, refused: bool) -> float:
    """The seconds from a call that took half a second until the next may be made."""
    begun = time.monotonic()
    assert window.take() == 0
    sent_at = time.monotonic()
    time.sleep(0.5)
    window.answered({"retry-after": "0"}, refused, sent_at)
    while pause := window.take():
        time.sleep(pause)
    window.answered(None, False)
    return time.monotonic() - begun


def test_without_headers_our_own_window_holds(server: ScriptedServer, tokens: TokenSource) -> None:
    server.replies = [Reply(body=True)]
    client = ProvisioningClient(server.address, tokens, CallLimits(5, 10))
    in_threads(3, 3.5, lambda: client.is_completed("persons", "a"))
    arrivals = sorted(call.at for call in server.seen if call.method == "GET")
    assert len(arrivals) >= 15
    assert min(later - earlier for earlier, later in zip(arrivals, arrivals[5:], strict=False)) >= 0.99


def test_both_limits_are_apart_and_zero_means_none() -> None:
    def after_fifty_to_read(*then: CallKind) -> float:
        limits = CallLimits(1, 0)
        begun = time.monotonic()
        limits.wait("transfer")
        limits.observe("transfer", None)
        for kind in (*["read"] * 50, *then):
            limits.wait(kind)
        return time.monotonic() - begun

    assert_seconds(after_fifty_to_read, 0.0, 0.5)
    assert after_fifty_to_read("transfer") >= 1.0


def test_a_slow_rate_is_spread_over_its_seconds() -> None:
    def two_calls() -> float:
        limits = CallLimits(0.5)
        begun = time.monotonic()
        limits.wait("transfer")
        limits.observe("transfer", None)
        with pytest.raises(TemporaryTrouble, match="Kön"):
            limits.wait("transfer", timeout=0.5)
        limits.wait("transfer")
        return time.monotonic() - begun

    assert_seconds(two_calls, 2.0, 2.4)


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
    def closed_for(kind: CallKind) -> float:
        limits = CallLimits(100, 100)
        limits.wait("transfer")
        begun = time.monotonic()
        limits.observe("transfer", headers, refused)
        limits.wait(kind)
        return time.monotonic() - begun

    assert_seconds(lambda: closed_for("read"), 0.0, 0.2)
    assert_seconds(lambda: closed_for("transfer"), at_least, at_most)


def test_a_call_under_way_counts_however_long_it_takes() -> None:
    def free_after_the_answer() -> float:
        limits = CallLimits(2)
        limits.wait("transfer")
        limits.wait("transfer")
        sent_at = time.monotonic()
        time.sleep(1.1)
        with pytest.raises(TemporaryTrouble):
            limits.wait("transfer", timeout=0.1)
        limits.observe("transfer", None, sent_at=sent_at)
        begun = time.monotonic()
        limits.wait("transfer")
        return time.monotonic() - begun

    # It was answered late and must have arrived long ago.
    assert_seconds(free_after_the_answer, 0.0, 0.2)


def test_a_call_that_is_not_known_to_have_been_sent_may_have_arrived_only_just_now() -> None:
    def free_after_the_answer() -> float:
        limits = CallLimits(1)
        limits.wait("transfer")
        time.sleep(0.6)
        begun = time.monotonic()
        limits.observe("transfer", None)
        limits.wait("transfer")
        return time.monotonic() - begun

    assert_seconds(free_after_the_answer, 1.0, 1.4)


def test_a_call_that_was_just_answered_counts_for_a_window() -> None:
    def free_after_the_answer() -> float:
        limits = CallLimits(1)
        limits.wait("transfer")
        begun = time.monotonic()
        limits.observe("transfer", None)
        limits.wait("transfer")
        return time.monotonic() - begun

    assert_seconds(free_after_the_answer, 1.0, 1.4)


def test_a_slow_way_costs_no_pace_when_the_server_says_the_moment(server: ScriptedServer, tokens: TokenSource) -> None:
    """Two calls a second that take 0.4 s each: the second's answer says that the first falls out in 0.2 s."""
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "0.2"}

    def from_the_first_to_the_third() -> float:
        server.replies = [Reply(body=True, wait=0.4), Reply(body=True, wait=0.4, headers=headers), Reply(body=True)]
        client = ProvisioningClient(server.address, tokens, CallLimits(2))
        for _ in range(3):
            client.is_completed("persons", "a")
        first, _, third = [call.at for call in server.seen if call.method == "GET"][-3:]
        return third - first

    assert_seconds(from_the_first_to_the_third, 1.0, 1.3)


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
