"""`provsluss queue pause`: what runs stops before its next call and says so, what waits stays; all goes on after."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import message, state
from tests.engine.workers import nest_of, wait

OTHER = "5590009998"


@pytest.mark.timeout(120)
def test_nothing_is_sent_while_the_queue_is_paused(
    tmp_path: Path, start_simulator: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "2000")
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1"))
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 2, 12, 0)
        nest.ask("school", OTHER, 1, 5, 1000)
        nest.start_worker()
        running = nest.ask("send", ORGANISATION)
        wait(lambda: here.posts() > 2, 30)

        nest.ask("command", "queue", "pause")
        waiting = nest.ask("send", OTHER)
        wait(lambda: "pausad" in message(here, running), 30)
        wait(lambda: "pausad" in message(here, waiting), 30)
        posts = here.posts()
        time.sleep(2.5)
        assert here.posts() == posts
        shown = json.loads(nest.ask("command", "queue", "show", "--json"))
        assert shown == {"paused": True, "waiting": 1, "running": 1, "workers": 1}

        nest.ask("command", "queue", "release")
        wait(lambda: state(here, running) == state(here, waiting) == "done", 60, nest.output)
        assert message(here, running) == message(here, waiting) == ""
