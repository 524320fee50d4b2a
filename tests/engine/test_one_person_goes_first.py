"""Skicka nu: one person is through within ten seconds, while the same huvudman sends everything and more waits."""

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start

OTHER = "5590009998"


@pytest.mark.timeout(150)
def test_it_waits_for_neither_the_large_transfer_nor_the_limit(
    tmp_path: Path, start_simulator: Callable[..., str], start_process: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Small calls: the large transfers are limited by Skolverket's five calls a second all the while, for so long that
    # one of them is under way also where a busy machine is slow to press. Each class has room in a call.
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "2000")
    here = Installation(tmp_path / "data", start_simulator("--delay", "1"))
    here.demand_tables()
    made = start_process(
        "-m", "tests.engine.schools", f"{ORGANISATION}=40x15", f"{OTHER}=40x15", environment=here.environment
    )
    made.wait_until_prints("made")
    worker = start_process("-m", "provsluss", "worker", environment=here.environment)
    worker.wait_until_prints("is ready")
    large = here.json("send", "--organisation", ORGANISATION)["transfer"]
    here.json("send", "--organisation", OTHER)
    waiting = here.json("send", "--organisation", ORGANISATION)["transfer"]
    _wait_until_busy(here, large)
    # The last in the order of ids: the large transfer comes to it at its very end.
    ((eppn,),) = here.rows(
        "SELECT p.eppn FROM register_person p JOIN organisations_organisation o ON o.id = p.organisation_id"
        " WHERE o.number = ? AND p.role = 'pupil' ORDER BY p.id DESC LIMIT 1",
        ORGANISATION,
    )

    pressed = time.monotonic()
    answer = here.json("send", "--organisation", ORGANISATION, "--person", eppn, "--wait", status=None)
    waited = time.monotonic() - pressed

    assert answer["state"] in ("done", "done_with_warnings"), answer
    assert answer["jobs"]["persons"]["success"] == 1
    created, finished = here.rows(
        "SELECT created_at, finished_at FROM transfers_transfer WHERE id = ?", answer["transfer"]
    )[0]
    took = (datetime.fromisoformat(finished) - datetime.fromisoformat(created)).total_seconds()
    assert took < 10, f"{took:.1f} s from the press to the last answer ({waited:.1f} s for the command)"
    assert here.json("show", large)["state"] == "running"
    assert here.json("show", waiting)["state"] == "queued"
    with urllib.request.urlopen(f"{here.simulator}/log", timeout=10) as log:
        assert json.load(log)["too_many_requests"] == 0


def _wait_until_busy(here: Installation, transfer: int) -> None:
    """Until the transfer has made some calls."""
    deadline = time.monotonic() + 30
    while (
        here.rows(
            "SELECT count(*) FROM transfers_batch b JOIN transfers_syncjob j ON j.id = b.sync_job_id"
            " WHERE j.transfer_id = ? AND b.state <> 'prepared'",
            transfer,
        )[0][0]
        < 5
    ):
        assert time.monotonic() < deadline, "the large transfer never began"
        time.sleep(0.2)
