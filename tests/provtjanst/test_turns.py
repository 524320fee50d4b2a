"""Who waits is let through in turn: many threads of one organisation do not keep out another."""

import threading
import time
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from provsluss.provtjanst.call_counts import CallCounts
from provsluss.provtjanst.errors import TemporaryTrouble
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.turns import Line
from tests.provtjanst.seconds import assert_seconds


def test_an_organisation_with_many_threads_does_not_keep_out_one_with_few() -> None:
    limits = CallLimits(5)
    passed: Counter[str] = Counter()
    # Not the first window: its calls are made before all are there.
    begins = time.monotonic() + 0.5
    ends = begins + 3.5

    def call(caller: str) -> None:
        own = limits.of(caller)
        while time.monotonic() < ends:
            own.wait("transfer")
            own.observe("transfer", None)
            if begins < time.monotonic() < ends:
                passed[caller] += 1

    threads = [threading.Thread(target=call, args=(caller,)) for caller in ["large"] * 12 + ["small"] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(passed.values()) > 10
    assert passed["small"] >= 0.4 * sum(passed.values()), passed


def test_whoever_gives_up_leaves_the_line_to_the_others() -> None:
    limits = CallLimits(2)
    for _ in range(2):
        limits.wait("transfer")
    try:
        limits.of("impatient").wait("transfer", timeout=0.1)
    except TemporaryTrouble:
        limits.observe("transfer", None)
    begun = time.monotonic()
    limits.of("patient").wait("transfer")
    assert time.monotonic() - begun < 1.2


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=30))
def test_nobody_waits_for_more_than_one_turn_of_each_other_caller(callers: list[str]) -> None:
    line = Line()
    waiting = [line.join(caller) for caller in callers]
    served: list[str] = []
    while waiting:
        first = next(turn for turn in waiting if line.is_first(turn))
        line.leave(first)
        waiting.remove(first)
        served.append(first.caller)
    assert sorted(served) == sorted(callers)
    for position, caller in enumerate(served):
        others_left = set(served[position + 1 :]) - {caller}
        if others_left and caller in served[position + 1 :]:
            again = served.index(caller, position + 1)
            assert others_left <= set(served[position + 1 : again]), served


def test_calls_are_counted_by_kind_and_time() -> None:
    counts = CallCounts()
    counts.count("transfer", refused=False)
    counts.count("transfer", refused=True)
    counts.count("read", refused=False)
    assert counts.of_last(60) == {"transfer": 2, "read": 1, "refused": 1}
    assert counts.of_last(0) == {"transfer": 0, "read": 0, "refused": 0}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=30))
def test_the_urgent_go_first_in_the_order_they_came(callers: list[tuple[str, bool]]) -> None:
    line = Line()
    waiting = [line.join(caller, urgent) for caller, urgent in callers]
    served = []
    while waiting:
        first = next(turn for turn in waiting if line.is_first(turn))
        line.leave(first)
        waiting.remove(first)
        served.append(first)
    urgent = [turn for turn in served if turn.urgent]
    assert served[: len(urgent)] == urgent
    assert [turn.caller for turn in urgent] == [caller for caller, is_urgent in callers if is_urgent]


def test_an_urgent_call_overtakes_those_who_wait_already() -> None:
    def longest() -> float:
        # Calls are evenly spread; only the first may meet a window that the others have just filled.
        first, *rest = _waits_of_an_urgent_caller()
        return max(first - 0.4, *rest)

    assert_seconds(longest, 0.0, 0.7)


def _waits_of_an_urgent_caller() -> list[float]:
    """How long each of eight calls waits, while twelve threads of another want all places."""
    limits = CallLimits(5)
    large, now = limits.of("large"), limits.of("large nu", urgent=True)
    all_done = threading.Event()

    def send_much() -> None:
        while not all_done.is_set():
            large.wait("transfer")
            large.observe("transfer", None)

    threads = [threading.Thread(target=send_much) for _ in range(12)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    waits = []
    for _ in range(8):
        begun = time.monotonic()
        now.wait("transfer")
        waits.append(time.monotonic() - begun)
        now.observe("transfer", None)
        time.sleep(0.05)
    all_done.set()
    for thread in threads:
        thread.join(30)
    return waits
