"""`provsluss catalogue refresh` and `show`, as processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def provsluss(simulator_url: str, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command in a data directory of its own."""

    def run(*arguments: str, simulator: str = simulator_url) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "provsluss.settings",
            "PROVSLUSS_DATA_DIR": str(tmp_path / "data"),
            "PROVSLUSS_SIMULATOR_URL": simulator,
        }
        return subprocess.run(
            [sys.executable, "-c", "from provsluss.cli import main; main()", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_refresh_and_show(provsluss: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    added = provsluss("organisation", "add", "2120009945", "Exempelkommunen", "--environment", "simulator")
    assert added.returncode == 0, added.stderr
    shown = provsluss("catalogue", "show")
    assert "Senast hämtat: aldrig" in shown.stdout
    refreshed = provsluss("catalogue", "refresh", "--organisation", "212000-9945", "--json")
    assert refreshed.returncode == 0, refreshed.stderr
    [fetch] = json.loads(refreshed.stdout)["fetches"]
    assert fetch["succeeded"] is True
    assert fetch["environment"] == "simulator"
    shown = json.loads(provsluss("catalogue", "show", "--json").stdout)
    assert (shown["national_tests"], shown["school_units"]) == (102, 362)
    assert {"code": "90099901", "name": "Nedlagda skolan", "standing": "Upphörd"} in shown["unusable_school_units"]


def test_what_cannot_be_done(provsluss: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    for arguments, sentence in (
        (("refresh", "--environment", "mars"), "Miljön mars finns inte"),
        (("refresh", "--organisation", "2120009945"), "Huvudmannen finns inte här"),
    ):
        ended = provsluss("catalogue", *arguments)
        assert ended.returncode == 2
        assert sentence in ended.stderr
        assert "Traceback" not in ended.stderr
    away = provsluss("catalogue", "refresh", "--environment", "simulator", simulator="http://127.0.0.1:9")
    assert away.returncode == 2
    assert "gick inte att nå" in away.stdout
