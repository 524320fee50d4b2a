"""A huvudman with few pupils ends in about twice its own time while one with many is being sent."""

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import state
from tests.engine.workers import nest_of
from tests.provtjanst.seconds import GOES

ALONE, BESIDE = "5590009998", "2120009952"


@pytest.mark.timeout(120)
def test_the_small_one_takes_twice_its_own_time_at_the_most(
    tmp_path: Path, start_simulator: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "2000")
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1"))
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 10, 15, 0)
        nest.ask("school", ALONE, 1, 8, 1000)
        nest.ask("school", BESIDE, 1, 8, 2000)
        nest.start_worker()

        # Half the places each is twice the time. Alone, the calls of the first second go out at once (twice a second
        # more), and beside another the small one's first call waits for a place and its last for an answer.
        # A busy machine makes it longer and never shorter: one go that was not held up shows how long it is.
        measured: list[tuple[float, float]] = []
        while not measured or measured[-1][1] > 2 * measured[-1][0] + 2.0:
            assert len(measured) < GOES, f"alone and beside the large one, in seconds: {measured}"
            alone = _seconds(here, nest.ask("again", ALONE))
            large = nest.ask("again", ORGANISATION)
            beside = _seconds(here, nest.ask("again", BESIDE))
            assert state(here, large) == "running"
            measured.append((alone, beside))
            nest.ask("cancel", large)
    with urllib.request.urlopen(f"{here.simulator}/log", timeout=10) as answer:
        assert json.load(answer)["too_many_requests"] == 0


def _seconds(here: Installation, transfer: int) -> float:
    """How long the transfer took, from its first step to its last."""
    deadline = time.monotonic() + 60
    while True:
        begun, ended = here.rows("SELECT started_at, finished_at FROM transfers_transfer WHERE id = ?", transfer)[0]
        if ended:
            return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()
        assert time.monotonic() < deadline
        time.sleep(0.1)
