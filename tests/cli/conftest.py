"""The command with something to work on."""

from pathlib import Path

import pytest

from tests.fixtures.accounts import ORGANISATION_NUMBER
from tests.fixtures.command import Command
from tests.register.workbooks import write_workbook


@pytest.fixture
def imported(provsluss: Command, tmp_path: Path) -> Command:
    """The command, with a small workbook read in."""
    added = provsluss("organisation", "add", ORGANISATION_NUMBER, "Exempelkommunen", "--environment", "simulator")
    assert added.returncode == 0, added.stderr
    of_it = ("--organisation", ORGANISATION_NUMBER)
    done = provsluss("import", write_workbook(tmp_path / "skola.xlsx"), *of_it, "--json")
    assert done.returncode == 0, done.stderr
    return provsluss
