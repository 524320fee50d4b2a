"""What the simulator has taken in survives a restart when it has a file for it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures.free_port import free_port
from tests.fixtures.processes import Running, Start
from tests.simulator.conftest import QUICK
from tests.simulator.huvudman import PROVISIONING, Huvudman, codes, group, person

KEY = "https://kept.example"


def start(start_process: Start, state: Path, *switches: str) -> tuple[Running, Huvudman]:
    """A simulator with a state file."""
    port = free_port()
    running = start_process("-m", "provsluss.simulator", "--port", port, "--state", state, *QUICK, *switches)
    running.wait_until_answers(f"http://127.0.0.1:{port}{PROVISIONING}/alive")
    return running, Huvudman(f"http://127.0.0.1:{port}", KEY)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_objects_jobs_and_their_rules_are_back_after_a_restart(
    start_process: Start, tmp_path: Path, how: signal.Signals
) -> None:
    state = tmp_path / "state.json"
    running, before = start(start_process, state)
    pupil, waiting = person(), person()
    team = group(pupil)
    accepted = before.post("persons", pupil)
    before.finished(accepted)
    before.sent("groups", team)
    before.http.post("/faults", json={"delay": 1})
    pending = before.post("persons", waiting).json()["jobId"]
    running.end(how)
    assert "Traceback" not in running.output()
    _, after = start(start_process, state)
    kept = after.get(f"/persons/{pupil['id']}").json()
    assert {name: kept[name] for name in pupil} == pupil
    assert after.get(f"/persons/bulk/jobs/{accepted.json()['jobId']}/isCompleted").json() is True
    taken = person(eduPersonPrincipalNames=pupil["eduPersonPrincipalNames"])
    assert codes(after.sent("persons", taken)[0]) == ["3042"]
    after.delete("persons", pupil)
    assert after.get(f"/groups/{team['id']}").json()["groupMemberships"] == []
    assert after.get(f"/persons/bulk/jobs/{pending}").status_code == 200, "a job under way goes on"


def test_it_is_saved_after_a_job_and_not_only_at_the_end(start_process: Start, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    running, before = start(start_process, state)
    pupil = person()
    before.sent("persons", pupil)
    deadline = time.monotonic() + 10
    while pupil["id"] not in state.read_text("utf-8"):
        assert time.monotonic() < deadline, "never saved"
        time.sleep(0.05)
    running.end(signal.SIGKILL)
    _, after = start(start_process, state)
    assert after.get(f"/persons/{pupil['id']}").status_code == 200


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99, "owners": {}, "jobs": []}', '{"version": 1}'])
def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path, content: str) -> None:
    state = tmp_path / "state.json"
    state.write_text(content)
    command = [sys.executable, "-m", "provsluss.simulator", "--port", "0", "--state", str(state)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("state.json ") and "Traceback" not in ended.stderr
    assert state.read_text() == content
