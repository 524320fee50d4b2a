"""What Excel hides is read, and said: who looks at the file would not know of it."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django_scopes import scope
from openpyxl.worksheet.worksheet import Worksheet

from provsluss.register.models import Import
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import pupil_row, write_workbook

Said = Callable[[Callable[[Worksheet], object]], list[tuple[int, str, str]]]


def notes_of(import_run: Import) -> list[tuple[int, str, str]]:
    with scope(organisation=import_run.organisation):
        return list(import_run.problems.values_list("row", "column", "reason"))


@pytest.fixture
def said(read_file: Reads, tmp_path: Path) -> Said:
    """What is said of a file after something has been done to its sheet of pupils, which goes in as it is."""

    def said_of(do: Callable[[Worksheet], object]) -> list[tuple[int, str, str]]:
        path = write_workbook(tmp_path / "x.xlsx", pupils=[pupil_row(1), pupil_row(2), {}])
        workbook = openpyxl.load_workbook(path)
        do(workbook[PUPILS.name])
        workbook.save(path)
        import_run = read_file(path)
        assert import_run.counts[PUPILS.section]["new"] == 2
        assert all(not refused for *_, refused in problems_of(import_run))
        return notes_of(import_run)

    return said_of


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet(state: str, said: Said) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.sheet_state = state

    assert said(hide) == [(1, "", "Bladet är dolt i Excel, men läses som de andra.")]


def test_hidden_rows(said: Said) -> None:
    def hide(sheet: Worksheet) -> None:
        for row in (1, 3, 4, 5, 6):
            sheet.row_dimensions[row].hidden = True

    (note,) = said(hide)
    assert note[:2] == (3, "")
    assert note[2].startswith("2 rader är dolda, den första är rad 3 (kanske av ett filter).")
    assert note[2].endswith("ta bort dem ur filen.")


def test_one_hidden_row(said: Said) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[4].hidden = True

    (note,) = said(hide)
    assert note[:2] == (4, "")
    assert note[2].startswith("Rad 4 är dold (kanske av ett filter).")
    assert note[2].endswith("ta bort den ur filen.")


def test_a_hidden_column(said: Said) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions["O"].hidden = True

    reason = "Kolumnen Ta bort är dold i Excel, men läses som de andra."
    assert said(hide) == [(2, "Ta bort", reason)]


def test_what_is_hidden_beside_the_data_is_not_worth_a_word(said: Said) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions.group("P", "XFD", hidden=True)
        for row in (2, 5, 99):
            sheet.row_dimensions[row].hidden = True

    assert said(hide) == []


def test_a_hidden_sheet_without_data_is_not_worth_a_word(read_file: Reads, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx", classes=[])
    workbook = openpyxl.load_workbook(path)
    workbook[CLASSES.name].sheet_state = "hidden"
    workbook.save(path)
    assert not [note for note in notes_of(read_file(path)) if "dolt" in note[2]]
