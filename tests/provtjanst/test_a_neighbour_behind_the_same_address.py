"""Somebody else calls Skolverket from our address: the headers say so, and we slow down instead of running into 429."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import TooManyCalls, UnknownJob
from provsluss.provtjanst.limits import CallLimits
from provsluss.provtjanst.tokens import TokenSource

SECONDS = 8.0
NEIGHBOURS_PAUSE = 0.4


@pytest.mark.parametrize("switches", [(), ("--no-fractional-reset",)], ids=["decimals", "whole seconds"])
@pytest.mark.parametrize("threads", [1, 4])
def test_what_the_neighbour_uses_is_left_to_it(
    start_simulator: Callable[..., str], switches: tuple[str, ...], threads: int
) -> None:
    base = start_simulator(*switches)
    url = f"{base}/provisioning/v1"

    def client(name: str, limits: CallLimits) -> ProvisioningClient:
        return ProvisioningClient(url, TokenSource(f"{base}/transaction", f"https://{name}.example", None, url), limits)

    ours, neighbours = client("ours", CallLimits(5, 10)), client("neighbour", CallLimits(0, 0))
    ends = time.monotonic() + SECONDS
    counted: Counter[str] = Counter()

    def ask(who: str, by: ProvisioningClient, pause: float) -> None:
        while time.monotonic() < ends:
            try:
                by.is_completed("persons", "3fa85f64-5717-4562-b3fc-2c963f66afa7")
            except UnknownJob:
                counted[who] += 1
            except TooManyCalls:
                counted[f"{who} refused"] += 1
            time.sleep(pause)

    askers = [threading.Thread(target=ask, args=("ours", ours, 0)) for _ in range(threads)]
    askers.append(threading.Thread(target=ask, args=("neighbour", neighbours, NEIGHBOURS_PAUSE)))
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(SECONDS + 30)
    # Who does not look at the headers is refused every third time or so. Now and then the neighbour takes the place
    # that we were told of.
    assert counted["ours refused"] <= 0.22 * counted["ours"] + 1, counted
    assert counted["ours"] >= 1.2 * SECONDS, counted
    assert counted["neighbour"] > 0
