"""Skolverket closes while many transfers run: few calls, no work done in vain, and all goes on by itself afterwards."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from provsluss.ss12000.luhn import luhn_digit
from tests.engine.installation import Installation
from tests.fixtures.processes import Start
from tests.transfers.simulator_control import log, switch

# More than a worker once took on at a time: none may have to wait for a place while the others sleep.
NUMBERS = [stem + luhn_digit(stem) for stem in (f"55900{number:04d}" for number in range(9))]
SEND_ALL = """
import django
django.setup()
from django_scopes import scope, scopes_disabled
from provsluss.organisations.models import Organisation
from provsluss.transfers.actions.send import press_send
with scopes_disabled():
    organisations = list(Organisation.objects.all())
for organisation in organisations:
    with scope(organisation=organisation):
        press_send(organisation, None)
print("sent", flush=True)
"""
WATCHED_SECONDS = 9.0


@pytest.mark.timeout(300)
def test_nine_transfers_sleep_through_it(
    tmp_path: Path, start_simulator: Callable[..., str], start_process: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVSLUSS_TRANSFER_RATE", "0")  # nothing but the pauses keeps the calls few
    monkeypatch.setenv("PROVSLUSS_LONGEST_PAUSE", "8")  # doubled from half a second until then
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.2", "--transfer-rate", "0"))
    here.demand_tables()
    made = start_process(
        "-m", "tests.engine.schools", *(f"{number}=2" for number in NUMBERS), environment=here.environment
    )
    made.wait_until_prints("made")
    switch(here.simulator, down_seconds=3600)
    worker = start_process("-m", "provsluss", "worker", environment=here.environment)
    worker.wait_until_prints("is ready")
    start_process("-c", SEND_ALL, environment=here.environment).wait_until_prints("sent")
    _wait(lambda: len(_retrying(here)) == len(NUMBERS), here)
    begun, used, calls = time.monotonic(), _cpu_seconds(worker.process.pid), log(here.simulator)["total"]
    time.sleep(WATCHED_SECONDS)
    watched = time.monotonic() - begun
    used = _cpu_seconds(worker.process.pid) - used
    # Every pause is at least half the one before it doubled: in so many seconds each makes a handful of calls.
    assert log(here.simulator)["total"] - calls <= 5 * len(NUMBERS)
    assert used <= 0.6 * watched, f"{used:.1f} s of work in {watched:.1f} s in which there was nothing to do"
    for _, next_try, message in _retrying(here):
        assert next_try, "the page says when it tries next"
        assert "Behörighetsservern är inte tillgänglig" in str(message)

    switch(here.simulator, down_seconds=0)
    _wait(lambda: here.rows("SELECT DISTINCT state FROM transfers_transfer") == [("done",)], here)


def _retrying(here: Installation) -> list[tuple[object, ...]]:
    return here.rows(
        "SELECT j.transfer_id, j.next_try_at, j.message FROM transfers_syncjob j "
        "JOIN transfers_transfer t ON t.id = j.transfer_id WHERE j.state = 'retrying' AND t.state = 'retrying'"
    )


def _wait(until: Callable[[], bool], here: Installation) -> None:
    deadline = time.monotonic() + 75
    while not until():
        assert time.monotonic() < deadline, json.dumps(here.rows("SELECT id, state FROM transfers_transfer"))
        time.sleep(0.2)


def _cpu_seconds(pid: int) -> float:
    """How much the process has worked since it started."""
    after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_the_name[11]) + int(after_the_name[12])) / os.sysconf("SC_CLK_TCK")
