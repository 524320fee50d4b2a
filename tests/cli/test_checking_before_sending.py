"""`provsluss check`: what stands in the way, who mends it, and an exit status for automation."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.fixtures.command import Command
from tests.register.workbooks import write_workbook

ORGANISATION = "2120009945"
OF_IT = ("--organisation", ORGANISATION)


@pytest.fixture
def imported(provsluss: Command, tmp_path: Path) -> Command:
    """The command, with a small workbook read in."""
    added = provsluss("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    assert added.returncode == 0, added.stderr
    done = provsluss("import", write_workbook(tmp_path / "skola.xlsx"), *OF_IT, "--json")
    assert done.returncode == 0, done.stderr
    return provsluss


def test_what_must_be_mended_is_said_and_gives_status_1(imported: Command, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM transfers_control").fetchone() == (1,)  # made by the import
        database.execute("UPDATE register_person SET eppn = '' WHERE role = 'pupil'")
        (number,) = database.execute("SELECT civic_number FROM register_person WHERE role = 'pupil'").fetchone()
    found = imported("check", *OF_IT, "--json")
    assert found.returncode == 1, found.stderr
    told = json.loads(found.stdout)
    missing = next(cause for cause in told["causes"] if cause["code"] == "P3")
    assert (missing["who"], missing["severity"], missing["urgent"], missing["count"]) == ("it", "error", True, 1)
    assert missing["follows"] >= 1
    assert [one["kind"] for one in missing["objects"]] == ["persons"]
    assert told["to_mend"] >= 1

    shown = imported("check", *OF_IT)
    assert shown.returncode == 1
    assert "IT-avdelningen:" in shown.stdout
    assert "1 × Inloggningsnamn (EPPN) saknas. Löser" in shown.stdout
    assert "att åtgärda före provet." in shown.stdout
    assert number not in found.stdout + shown.stdout


def test_one_provaktivitet_by_name_or_test(imported: Command, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        name, test = database.execute("SELECT name, national_test FROM transfers_testactivity").fetchone()
    by_name = imported("check", *OF_IT, "--test-activity", name.upper(), "--json")
    by_test = imported("check", *OF_IT, "--test-activity", test, "--json")
    assert by_name.returncode == by_test.returncode in (0, 1)
    assert json.loads(by_name.stdout)["causes"] == json.loads(by_test.stdout)["causes"]


def test_a_provaktivitet_that_does_not_exist_is_said_in_a_sentence(imported: Command) -> None:
    done = imported("check", *OF_IT, "--test-activity", "Finns inte")
    assert done.returncode == 2
    assert "Ingen aktiv provaktivitet heter Finns inte. De som finns:" in done.stderr
    assert "Traceback" not in done.stderr
