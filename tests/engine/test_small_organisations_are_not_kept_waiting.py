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

        alone = _seconds(here, nest.ask("send", ALONE))
        large = nest.ask("send", ORGANISATION)
        beside = _seconds(here, nest.ask("send", BESIDE))

        assert state(here, large) == "running"
        assert beside <= 2 * alone + 2.0, f"{beside:.1f} s beside the large one, {alone:.1f} s alone"
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
