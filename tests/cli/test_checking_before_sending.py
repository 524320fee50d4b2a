"""`provsluss check`: what stands in the way, who mends it, and an exit status for automation."""

import json
import sqlite3
from pathlib import Path

from tests.fixtures.command import Command
from tests.register.workbooks import UNIT, pupil_row, write_workbook

ORGANISATION = "2120009945"
OF_IT = ("--organisation", ORGANISATION)
ADDRESS = "http://127.0.0.1:8100/provisioning/v1"  # the simulator, when nothing is set


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


def test_what_skolverket_refused_is_to_be_mended_too(imported: Command, tmp_path: Path) -> None:
    message = {"code": "4005", "message": "Ogiltigt värde på <enroledAt>.", "attribute": "Enrolment.enroledAt"}
    _refuse_the_pupil(tmp_path / "data" / "provsluss.sqlite3", message)

    found = imported("check", *OF_IT, "--json")
    assert found.returncode == 1, found.stderr
    told = json.loads(found.stdout)
    assert told["to_mend"] >= 1
    (refused,) = (cause for cause in told["causes"] if cause["refused"])
    assert (refused["code"], refused["who"], refused["count"]) == ("4005", "elevregistret", 1)
    assert refused["sentence"] == "Skolverket hittar inte elevens skolenhet."
    assert refused["skolverket_says"] == "Ogiltigt värde på <enroledAt>. (4005)"

    shown = imported("check", *OF_IT).stdout
    assert "1 × Skolverket hittar inte elevens skolenhet." in shown
    assert "Skolverket skriver: Ogiltigt värde på <enroledAt>. (4005)" in shown


def _refuse_the_pupil(path: Path, message: dict[str, str]) -> None:
    """A transfer that has ended, in which the pupil was refused for the reason of `message`."""
    now = "2026-11-23 12:00:00"
    with sqlite3.connect(path) as database:
        organisation, environment = database.execute(
            "SELECT id, environment FROM organisations_organisation"
        ).fetchone()
        (pupil,) = database.execute("SELECT id FROM register_person WHERE role = 'pupil'").fetchone()
        (activity,) = database.execute("SELECT id FROM transfers_testactivity").fetchone()
        transfer = _insert(
            database, "transfers_transfer", organisation_id=organisation, environment=environment, purpose="send",
            state="done_with_errors", attempt=1, message="", created_at=now, address=ADDRESS, unsent_tests_too=False,
            category="",
        )  # fmt: skip
        _insert(database, "transfers_transfer_test_activities", transfer_id=transfer, testactivity_id=activity)
        job = _insert(
            database, "transfers_syncjob", transfer_id=transfer, organisation_id=organisation, kind="persons",
            action="send", position=0, state="done_with_errors", wanted=1, unchanged=0, sent=1, success=0, warning=0,
            error=1, withheld=0, removed=0, decision="", message="", category="", failures=0,
        )  # fmt: skip
        _insert(
            database, "transfers_objectresult", sync_job_id=job, organisation_id=organisation, object_id=pupil,
            state="error", name="X", role="Elev", civic_number="", eppn="", school_unit_code="", school_type="",
            group_type="", national_test="", restricted=False, messages=json.dumps([message]), findings="[]",
            temporary_errors=0, unanswered=0,
        )  # fmt: skip


def _insert(database: sqlite3.Connection, table: str, **values: object) -> int:
    places = ", ".join("?" for _ in values)
    row = database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", list(values.values()))
    assert row.lastrowid
    return row.lastrowid


def test_a_row_that_was_not_read_in_is_to_be_mended_at_its_school_unit(provsluss: Command, tmp_path: Path) -> None:
    provsluss("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    workbook = write_workbook(tmp_path / "skola.xlsx", pupils=[pupil_row(), pupil_row(2, Årskurs=12)])
    provsluss("import", workbook, *OF_IT)

    checked = provsluss("check", *OF_IT)
    assert checked.returncode == 1, checked.stderr
    assert "✗ 1 × Raden lästes inte in i registret." in checked.stdout
    assert f"(Elevinskrivningar rad 4) ({UNIT})" in " ".join(checked.stdout.split())


def test_one_provaktivitet_by_name_or_test(imported: Command, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        name, test = database.execute("SELECT name, national_test FROM transfers_testactivity").fetchone()
    by_name = imported("check", *OF_IT, "--test-activity", name.upper(), "--json")
    by_test = imported("check", *OF_IT, "--test-activity", test, "--json")
    assert by_name.returncode == by_test.returncode == 1, "nobody could say that the test exists"
    assert json.loads(by_name.stdout)["causes"] == json.loads(by_test.stdout)["causes"]
    assert ("A3", "nationalTests") in {(one["code"], one["attribute"]) for one in json.loads(by_name.stdout)["causes"]}


def test_a_provaktivitet_that_does_not_exist_is_said_in_a_sentence(imported: Command) -> None:
    done = imported("check", *OF_IT, "--test-activity", "Finns inte")
    assert done.returncode == 2
    assert "Ingen aktiv provaktivitet heter Finns inte. De som finns:" in done.stderr
    assert "Traceback" not in done.stderr
