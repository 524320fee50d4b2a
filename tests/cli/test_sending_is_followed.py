"""`send --wait` tells how it goes, also where nobody looks at a terminal: in a log, or in a job of the night."""

from collections.abc import Callable
from pathlib import Path

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures import python


def test_each_step_has_its_lines_on_standard_error(tmp_path: Path, start_simulator: Callable[..., str]) -> None:
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.3", "--transfer-rate", "0"))
    here.add_school(pupils=30)
    environment = here.environment | {"PROVSLUSS_TRANSFER_RATE": "0"}
    sending = ("send", "--organisation", ORGANISATION, "--wait", "--json")
    done = python.run("-m", "provsluss", *sending, environment=environment)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    for step in ("Användare", "Tjänstgöringar", "Grupper", "Aktiviteter"):
        own = [line for line in lines if line.startswith(f"{step}: ")]
        assert own, done.stderr
        assert own[-1].startswith(f"{step}: Klar, ")
    assert done.stdout.count("\n") == 1, "standard output is the JSON alone"
