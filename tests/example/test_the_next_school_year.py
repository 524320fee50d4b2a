"""The same example a school year later."""

from pathlib import Path

import openpyxl
import pytest

from provsluss.register.example import write_example
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, FIRST_DATA_ROW, HEADER_ROW, PUPILS, STAFF

Rows = dict[str, dict[str, str]]


def _rows(path: Path, sheet: str, key: str) -> Rows:
    """The rows of a sheet by one column, each as header → text."""
    lines = list(openpyxl.load_workbook(path, read_only=True)[sheet].iter_rows(values_only=True))
    headers = [str(cell) for cell in lines[HEADER_ROW - 1]]
    rows = [dict(zip(headers, map(_text, line), strict=True)) for line in lines[FIRST_DATA_ROW - 1 :]]
    return {row[key]: row for row in rows}


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Seven schools, so that upper secondary school is there too, and what became of them."""
    folder = tmp_path_factory.mktemp("years")
    now, later = folder / "nu.xlsx", folder / "sedan.xlsx"
    write_example(now, pupils=700, schools=7)
    write_example(later, pupils=700, schools=7, next_year=True)
    return now, later


def test_pupils_have_moved_up_left_and_come(years: tuple[Path, Path]) -> None:
    before, after = (_rows(path, PUPILS.name, "Person-ID") for path in years)
    stayed = before.keys() & after.keys()
    sixth = [pk for pk in stayed if before[pk]["Årskurs"] == "6"]

    years_after = [after[pk]["Årskurs"] for pk in sixth]
    assert set(years_after) == {"6", "7"}  # some go the year again
    assert years_after.count("7") > 0.9 * len(sixth)
    assert not [pk for pk in stayed if before[pk]["Årskurs"] == "9"]
    assert len(after.keys() - before.keys()) == len(before)
    assert all(after[pk]["Ämnesgrupper"] for pk in after)  # a pupil without is refused by the import


def test_somebody_has_changed_school(years: tuple[Path, Path]) -> None:
    before, after = (_rows(path, PUPILS.name, "Person-ID") for path in years)

    moved = [pk for pk in before.keys() & after.keys() if before[pk]["Skolenhetskod"] != after[pk]["Skolenhetskod"]]

    assert moved
    assert {after[pk]["Skolform"] for pk in moved} == {before[pk]["Skolform"] for pk in moved}


def test_a_class_of_the_new_year_is_another_class(years: tuple[Path, Path]) -> None:
    before, after = (_rows(path, CLASSES.name, "Klass-ID") for path in years)

    goes_on = before.keys() & after.keys()
    assert {before[pk]["Skolform"] for pk in goes_on} == {"GY"}
    assert {row["Klass"] for row in after.values()} >= {"6A", "7A", "9A"}
    pupils = _rows(years[1], PUPILS.name, "Person-ID").values()
    classes = {(row["Klass"], row["Skolenhetskod"]) for row in after.values()}
    assert {(row["Klass"], row["Skolenhetskod"]) for row in pupils if row["Klass"]} <= classes


def test_most_of_the_staff_stay_on_their_duties(years: tuple[Path, Path]) -> None:
    before, after = (_rows(path, STAFF.name, "Tjänstgörings-ID") for path in years)

    assert 0.7 * len(before) < len(before.keys() & after.keys()) < len(before)


def test_nobody_has_the_personnummer_of_another(years: tuple[Path, Path]) -> None:
    before, after = (_rows(path, PUPILS.name, "Person-ID") for path in years)
    everybody = {pk: row["Personnummer"] for pk, row in (before | after).items()}

    assert len(set(everybody.values())) == len(everybody)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_example(path, pupils=60, next_year=True)

    assert first.read_bytes() == second.read_bytes()
