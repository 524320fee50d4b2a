"""`python -m provsluss.simulator`."""

import subprocess
import sys
from dataclasses import fields

import httpx2
import pytest

from provsluss.simulator.faults import Faults
from provsluss.simulator.options import SimulatorOptions, options_from

COMMAND = [sys.executable, "-m", "provsluss.simulator"]


def test_it_says_where_it_listens_and_only_on_this_machine() -> None:
    with subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            address = line.removeprefix("Simulatorn lyssnar på ").strip()
            assert address.startswith("http://127.0.0.1:")
            assert httpx2.get(f"{address}/provisioning/v1/alive").status_code == 200
        finally:
            process.terminate()


def test_a_port_that_is_taken_is_a_sentence(quick_simulator: str) -> None:
    port = quick_simulator.rpartition(":")[2]
    ended = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Det går inte att lyssna på 127.0.0.1:{port}")


def test_every_switch_can_be_given_and_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options_from(["--help"])
    shown = capsys.readouterr().out
    for switch in fields(SimulatorOptions):
        assert "--" + switch.name.replace("_", "-") in shown
        assert len(switch.metadata["help"]) > 15
    assert options_from([]) == SimulatorOptions()
    given = options_from(
        ["--delay", "2", "--refused-ids", "a", "--refused-ids", "b", "--no-fractional-reset", "--seed=4"]
    )
    assert given == SimulatorOptions(delay=2.0, refused_ids=("a", "b"), fractional_reset=False, seed=4)


@pytest.mark.parametrize("wrong", ["--fail-share 2", "--delay -1", "--delay x", "--unknown 1", "--port"])
def test_a_wrong_switch_ends_with_status_2(wrong: str) -> None:
    with pytest.raises(SystemExit) as ended:
        options_from(wrong.split())
    assert ended.value.code == 2


def test_what_can_change_while_running_has_the_same_defaults_as_the_command_line() -> None:
    live = Faults().model_dump()
    assert live == {name: getattr(SimulatorOptions(), name) for name in live} | {
        "refused_ids": frozenset(),
        "lost_ids": frozenset(),
    }
