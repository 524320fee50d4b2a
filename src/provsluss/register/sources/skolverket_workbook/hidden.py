"""What Excel does not show but is read all the same: a person who looks at the file would not know of it."""

from collections.abc import Iterator, Mapping

from provsluss.register.source_records import Problem
from provsluss.register.sources.skolverket_workbook.layout import FIRST_DATA_ROW, HEADER_ROW, Sheet
from provsluss.register.sources.xlsx.handed_over import SheetRead


def hidden_parts(layout: Sheet, sheet: SheetRead, places: Mapping[str, int]) -> Iterator[Problem]:
    """A remark for a hidden sheet, one for each hidden column of ours, and one for all hidden rows with data."""
    if sheet.is_hidden and sheet.last_row >= FIRST_DATA_ROW:
        yield _remark(layout, 1, "", "Bladet är dolt i Excel, men läses som de andra.")
    for column, place in places.items():
        if any(first <= place <= last for first, last in sheet.hidden_columns):
            yield _remark(layout, HEADER_ROW, column, f"Kolumnen {column} är dold i Excel, men läses som de andra.")
    above = sum(row < FIRST_DATA_ROW for row in sheet.hidden_rows)
    count = sheet.hidden_row_count - above
    if count:
        yield _remark(layout, sheet.hidden_rows[above], "", _hidden_rows(count, sheet.hidden_rows[above]))


def _hidden_rows(count: int, first: int) -> str:
    if count == 1:
        what, it = f"Rad {first} är dold", "den"
    else:
        what, it = f"{count} rader är dolda, den första är rad {first}", "dem"
    return f"{what} (kanske av ett filter). Det som är dolt läses också: är det inte meningen, ta bort {it} ur filen."


def _remark(layout: Sheet, row: int, column: str, reason: str) -> Problem:
    return Problem(layout.section, row, column, "", reason, row_refused=False)
