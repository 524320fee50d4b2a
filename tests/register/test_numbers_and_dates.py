"""What a number in a cell is, is told by its format; another reader of workbooks says the same."""

import datetime
import json
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from provsluss.register.sources.xlsx.cell import Cell
from provsluss.register.sources.xlsx.serial_dates import moment
from provsluss.register.sources.xlsx.values import Values
from tests.register.rewriting import rows_of

FORMATS = [
    *("General", "0", "0.00", "#,##0", "@", "0%", "0.00E+00", '0 "dagar"', "0\\d", "[Red]0", "#,##0 [$kr-41D]", "_d0"),
    *("yyyy-mm-dd", "d/m", "mmm-yy", "h:mm", "yyyy-mm-dd hh:mm", "[$-41D]d mmmm yyyy", "mm:ss", "d.m.yy;@", "[h]:mm"),
    *("[hh]:mm:ss", "[mm]:ss", "[ss]", 'yyyy"år"'),
]
NUMBERS = [0.5, 1, 59, 61, 45678, 45678.25, 45678.999, 0, 7.0001]


def test_every_number_in_every_format(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("Tal")
    for row, shown in enumerate(FORMATS):
        for column, number in enumerate(NUMBERS):
            sheet.write_number(row, column, number, workbook.add_format({"num_format": shown}))
    for column, built_in in enumerate(range(50)):
        sheet.write_number(len(FORMATS), column, 45678.25, workbook.add_format({"num_format": built_in}))
    workbook.close()
    theirs = CalamineWorkbook.from_path(path).get_sheet_by_name("Tal").to_python()
    ours = [cells for _, cells in rows_of(path, ["Tal"])["Tal"]]
    for shown, they, we in zip([*FORMATS, "built-in"], theirs, ours, strict=True):
        assert [about(cell) for cell in we] == [about(cell) for cell in they[: len(we)]], shown


def about(cell: Cell) -> object:
    """The cell without what readers may differ in: parts of a second, and whether 6 is 6.0."""
    if isinstance(cell, datetime.datetime):
        return cell.replace(microsecond=0)
    return cell


@pytest.mark.parametrize("written", ["1_000", "١٢", "nan", "-inf", "1e999", "0x10", "abc", "9" * 30_000])
def test_what_is_no_number_is_text_as_it_stands(written: str) -> None:
    assert json.loads(Values([], [], False).as_json("n", written, "", has_formula=False)) == written


@pytest.mark.parametrize("ancient", [0, 1, 2, 59, 60, 61])
def test_days_around_the_leap_day_that_never_was(ancient: int) -> None:
    day = moment(ancient, counts_from_1904=False)
    assert day == {
        0: datetime.time(),
        1: datetime.date(1900, 1, 1),
        2: datetime.date(1900, 1, 2),
        59: datetime.date(1900, 2, 28),
        60: datetime.date(1900, 2, 28),
        61: datetime.date(1900, 3, 1),
    }.get(ancient)
