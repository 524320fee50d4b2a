"""Lists saved as Excel: text stays text, nothing becomes a formula, long lists are streamed."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from provsluss.spreadsheet import CONTENT_TYPE, Cell
from provsluss.web.frame.excel import workbook_response


def _read(rows: Iterator[list[Cell]] | list[list[Cell]], columns: list[str]) -> openpyxl.worksheet.worksheet.Worksheet:
    answer = workbook_response("lista.xlsx", "En lista", columns, rows)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    return sheet  # type: ignore[return-value]


def test_the_file_has_its_name_and_its_header_stays_in_view() -> None:
    answer = workbook_response("personer åäö.xlsx", "Personer", ["Namn"], [["Alva"]])

    assert answer.headers["Content-Type"] == CONTENT_TYPE
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    assert sheet.title == "Personer"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


@pytest.mark.parametrize(
    "text", ["=1+1", "+46", "-1", "@SUM(A1)", "007", "200901272385", "http://exempel.se", "{=1}", "TRUE", "1e5"]
)
def test_what_looks_like_something_else_is_text(text: str) -> None:
    cell = _read([[text]], ["A"])["A2"]

    assert (cell.value, cell.data_type) == (text, "s")


@settings(deadline=None)  # a busy machine is not a fault
@example("_x0041_ är ingen kod")
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    cell = _read([[text]], ["A"])["A2"]

    # "_x0041_" is how a workbook writes an A, so such a text is written escaped. Excel undoes it, openpyxl does not.
    assert (unescape(cell.value), cell.data_type) == (text, "s")


def test_other_cells() -> None:
    moment = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)

    row = next(_read([[12, 1.5, True, None, moment, ""]], list("ABCDEF")).iter_rows(min_row=2, values_only=True))

    assert row == (12, 1.5, "Ja", None, datetime(2026, 11, 23, 14, 5), None)


def test_a_column_of_times_is_wide_enough_to_show_them() -> None:
    sheet = _read([["a", datetime(2026, 11, 23, 13, 5, tzinfo=UTC)]], ["Namn", "Tid"])

    assert sheet["B2"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert sheet.column_dimensions["B"].width >= 20


def test_a_title_that_excel_would_refuse() -> None:
    answer = workbook_response("x.xlsx", "Att rätta [2026/11]: 'allt' som är fel i filen", ["A"], [])

    assert len(openpyxl.load_workbook(io.BytesIO(b"".join(answer))).sheetnames[0]) <= 31  # type: ignore[arg-type]


def test_rows_are_taken_one_at_a_time() -> None:
    sheet = _read((["rad", number] for number in range(3000)), ["A", "B"])

    assert sheet.max_row == 3001
