"""`provsluss import`: what it prints, stores and ends with, on SQLite and on PostgreSQL."""

import json
from pathlib import Path

import pytest

from provsluss.register.sources.skolverket_workbook.layout import SHEETS
from tests.fixtures.command import Command
from tests.register.workbooks import pupil_row, write_workbook

ORGANISATION = "2120009945"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with one good pupil and one whose row is refused."""
    pupils = [pupil_row(), pupil_row(2, **{"Personnummer": "200902302385"})]
    return write_workbook(tmp_path / "skola.xlsx", pupils=pupils)


def add_organisation(provsluss: Command, **environment: str) -> None:
    arguments = ("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    assert provsluss(*arguments, **environment).returncode == 0


def test_good_rows_go_in_and_bad_ones_are_told_of(provsluss: Command, workbook: Path) -> None:
    add_organisation(provsluss)
    done = provsluss("import", workbook, "--organisation", "212000-9945", "--json")
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert answer["state"] == "done_with_errors"
    assert answer["counts"]["Elevinskrivningar"]["new"] == 1
    assert list(answer["counts"]) == [sheet.name for sheet in SHEETS]
    assert (answer["problems_found"], answer["problems_kept"]) == (1, 1)
    assert answer["problems"] == [
        {
            "sheet": "Elevinskrivningar",
            "row": 4,
            "column": "Personnummer",
            "value": "20090230-****",
            "reason": "Personnummer har ett födelsedatum som inte finns. Kontrollera år, månad och dag.",
            "row_refused": True,
        }
    ]
    assert "2385" not in done.stdout + done.stderr

    again = provsluss("import", workbook, "--organisation", ORGANISATION)
    assert again.returncode == 1
    assert "Inga ändringar" in again.stdout
    assert "Elevinskrivningar rad 4: Personnummer har ett födelsedatum" in again.stdout


def test_the_test_activities_that_it_names_are_made(provsluss: Command, tmp_path: Path) -> None:
    add_organisation(provsluss)
    good = write_workbook(tmp_path / "skola.xlsx")
    assert provsluss("import", good, "--organisation", ORGANISATION, "--json").returncode == 0
    planned = provsluss("preview", "--organisation", ORGANISATION, "--test-activity", "GRGRMAT01_6", "--json")
    assert json.loads(planned.stdout)["jobs"]["persons"]["wanted"] == 2


def test_a_preview_stores_nothing(provsluss: Command, workbook: Path) -> None:
    add_organisation(provsluss)
    shown = provsluss("import", workbook, "--organisation", ORGANISATION, "--preview-only")
    assert shown.returncode == 1
    assert "Inget har sparats" in shown.stdout
    after = provsluss("import", workbook, "--organisation", ORGANISATION, "--json")
    assert json.loads(after.stdout)["counts"]["Elevinskrivningar"]["new"] == 1


def test_a_file_that_cannot_be_read(provsluss: Command, tmp_path: Path) -> None:
    add_organisation(provsluss)
    text = tmp_path / "elever.csv"
    text.write_text("Person-ID;Förnamn\n")
    refused = provsluss("import", text, "--organisation", ORGANISATION)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "inte en Excel-arbetsbok" in refused.stderr
    as_json = provsluss("import", text, "--organisation", ORGANISATION, "--json")
    assert as_json.returncode == 2
    assert json.loads(as_json.stdout)["state"] == "rejected"
    missing = provsluss("import", tmp_path / "finns-inte.xlsx", "--organisation", ORGANISATION)
    assert missing.returncode == 2
    assert "kan inte öppnas" in missing.stderr
    told = provsluss("import", tmp_path / "finns-inte.xlsx", "--organisation", ORGANISATION, "--json")
    assert told.returncode == 2
    answer = json.loads(told.stdout)
    assert (answer["import"], answer["state"]) == (None, "rejected")
    assert "kan inte öppnas" in answer["message"]


def test_the_table_stands_in_80_columns_with_whole_words(provsluss: Command, tmp_path: Path) -> None:
    add_organisation(provsluss)
    pupils = [pupil_row(number) for number in range(1, 1_200)]
    file = write_workbook(tmp_path / "skola.xlsx", pupils=pupils)
    shown = provsluss("import", file, "--organisation", ORGANISATION, "--preview-only", COLUMNS="80")
    assert max(map(len, shown.stdout.splitlines())) <= 80
    for word in ("Nya", "Ändrade", "Oförändrade", "Avslutas", "Läses", "inte in", "Personaltjänstgöringar", "1 199"):
        assert word in shown.stdout, shown.stdout
    assert "…" not in shown.stdout


def test_an_unknown_organisation(provsluss: Command, workbook: Path) -> None:
    unknown = provsluss("import", workbook, "--organisation", ORGANISATION)
    assert unknown.returncode == 2
    assert f"provsluss organisation add {ORGANISATION}" in unknown.stderr
    assert "Traceback" not in unknown.stderr


@pytest.mark.postgresql
def test_on_postgresql(provsluss: Command, workbook: Path, postgresql_url: str) -> None:
    database = {"PROVSLUSS_DATABASE_URL": postgresql_url}
    assert provsluss("migrate", **database).returncode == 0
    add_organisation(provsluss, **database)
    for new in (1, 0):
        done = provsluss("import", workbook, "--organisation", ORGANISATION, "--json", **database)
        assert done.returncode == 1, done.stderr
        assert json.loads(done.stdout)["counts"]["Elevinskrivningar"]["new"] == new
