"""A worker that is killed with -9 in the middle goes on after a restart, and nothing is recorded twice."""

import json
import random
import signal
import time
import urllib.request
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Running, Start

KILLS = 6
ENDED = ("done", "done_with_warnings", "done_with_errors", "cancelled")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def here(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    start_simulator: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:
    """A school of 400 pupils on either database, with small batches, so that a kill can fall between many calls."""
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "6000")
    monkeypatch.setenv("PROVSLUSS_TRANSFER_RATE", "20")
    monkeypatch.setenv("PROVSLUSS_WORKER_DEAD_AFTER", "3")
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    installation = Installation(tmp_path / "data", start_simulator("--delay", "0.3", "--transfer-rate", "0"), url)
    installation.add_school(pupils=400, schools=2)
    return installation


@pytest.mark.timeout(240)
def test_nothing_is_lost_or_recorded_twice(here: Installation, start_process: Start) -> None:
    transfer = here.json("send", "--organisation", ORGANISATION)["transfer"]
    # The embedded database has one worker; with PostgreSQL there are two, and a killed one's name never comes back.
    workers = [_worker(here, start_process) for _ in range(2 if here.database_url else 1)]
    chance = random.Random(20261123)
    for _ in range(KILLS):
        _wait_for_progress(here, transfer)
        time.sleep(chance.uniform(0.05, 1.5))
        workers.pop(0).end(signal.SIGKILL)
        workers.append(_worker(here, start_process))
        if _state(here, transfer) in ENDED:
            break
    deadline = time.monotonic() + 120
    while _state(here, transfer) not in ENDED:
        assert time.monotonic() < deadline, here.run("show", transfer)
        time.sleep(0.3)

    answer = here.json("show", transfer)
    assert answer["state"] == "done", answer
    for kind, counts in answer["jobs"].items():
        assert counts["success"] == counts["wanted"] == counts["sent"] > 0, (kind, counts)
    assert _results_by_state(here, transfer) == {"received": sum(c["wanted"] for c in answer["jobs"].values())}
    assert not here.rows("SELECT id FROM transfers_batch WHERE state NOT IN ('done', 'split')")
    _steps_never_overlap(here, transfer)
    # Each attempt is counted before its call, so Skolverket can have seen at most that many posts.
    (attempts,) = here.rows("SELECT sum(attempts) FROM transfers_batch")[0]
    assert len(here.rows("SELECT id FROM transfers_batch")) <= _posts(here.simulator) <= attempts


def _worker(here: Installation, start_process: Start) -> Running:
    return start_process("-m", "provsluss", "worker", environment=here.environment)


def _wait_for_progress(here: Installation, transfer: int) -> None:
    """Until the transfer has begun and another batch has moved, or it has ended."""
    before = here.rows("SELECT count(*) FROM transfers_batch WHERE state != 'prepared'")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _state(here, transfer) not in ENDED:
        if here.rows("SELECT count(*) FROM transfers_batch WHERE state != 'prepared'") != before:
            return
        time.sleep(0.05)


def _state(here: Installation, transfer: int) -> str:
    return str(here.rows("SELECT state FROM transfers_transfer WHERE id = ?", transfer)[0][0])


def _results_by_state(here: Installation, transfer: int) -> dict[str, int]:
    return dict(
        here.rows(
            "SELECT r.state, count(*) FROM transfers_objectresult r JOIN transfers_syncjob j ON j.id = r.sync_job_id "
            "WHERE j.transfer_id = ? GROUP BY r.state",
            transfer,
        )
    )


def _steps_never_overlap(here: Installation, transfer: int) -> None:
    times = here.rows(
        "SELECT started_at, finished_at FROM transfers_syncjob WHERE transfer_id = ? ORDER BY position", transfer
    )
    for (_, ended), (begun, _) in pairwise(times):
        assert ended <= begun


def _posts(simulator: str) -> int:
    with urllib.request.urlopen(f"{simulator}/log", timeout=10) as answer:
        calls = json.load(answer)["calls"]
    return sum(count for call, count in calls.items() if call.startswith("POST") and call.endswith("/bulk"))
