"""The command as a new Python begins it, in an empty data directory; other tests fork one that has its libraries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures import python

SCRIPT = Path(sys.executable).with_name("provsluss")


@pytest.mark.parametrize("program", [(sys.executable, "-m", "provsluss"), (SCRIPT,)], ids=["module", "script"])
def test_it_makes_its_tables_and_keeps_what_it_is_told(tmp_path: Path, program: tuple[str | Path, ...]) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "provsluss.settings", "PROVSLUSS_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "120",
    }  # fmt: skip

    def anew(*arguments: str, status: int = 0) -> tuple[str, str]:
        done = subprocess.run(
            [*program, *arguments],
            env=os.environ | settings, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
        return done.stdout, done.stderr

    anew("organisation", "add", "2120009945", "Exempelkommunen", "--environment", "simulator")
    listed, _ = anew("organisation", "list")
    assert "Exempelkommunen" in listed
    _, refusal = anew("organisation", "add", "1234567890", "Ingen", status=2)

    # A forked one says and does the same.
    forked = [
        python.run("-m", "provsluss", *arguments, environment=settings)
        for arguments in (("organisation", "list"), ("organisation", "add", "1234567890", "Ingen"))
    ]
    assert [(done.returncode, done.stdout, done.stderr) for done in forked] == [(0, listed, ""), (2, "", refusal)]
