"""`provsluss queue pause`: what runs stops before its next call and says so, what waits stays; all goes on after."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start

OTHER = "5590009998"


@pytest.mark.timeout(120)
def test_nothing_is_sent_while_the_queue_is_paused(
    tmp_path: Path, start_simulator: Callable[..., str], start_process: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "2000")
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1"))
    made = start_process(
        "-m", "tests.engine.schools", f"{ORGANISATION}=25", f"{OTHER}=5", environment=here.environment
    )  # fmt: skip
    made.wait_until_prints("made")
    worker = start_process("-m", "provsluss", "worker", environment=here.environment)
    running = here.json("send", "--organisation", ORGANISATION)["transfer"]
    _wait(lambda: here.posts() > 2)

    here.run("queue", "pause")
    waiting = here.json("send", "--organisation", OTHER)["transfer"]
    _wait(lambda: "pausad" in _message(here, running))
    _wait(lambda: "pausad" in _message(here, waiting))
    posts = here.posts()
    time.sleep(2.5)
    assert here.posts() == posts
    assert here.json("queue", "show") == {"paused": True, "waiting": 1, "running": 1, "workers": 1}

    here.run("queue", "release")
    _wait(lambda: _state(here, running) == _state(here, waiting) == "done", seconds=60)
    assert _message(here, running) == _message(here, waiting) == ""
    worker.end()


def _wait(reached: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _message(here: Installation, transfer: int) -> str:
    return str(here.rows("SELECT message FROM transfers_transfer WHERE id = ?", transfer)[0][0])


def _state(here: Installation, transfer: int) -> str:
    return str(here.rows("SELECT state FROM transfers_transfer WHERE id = ?", transfer)[0][0])
