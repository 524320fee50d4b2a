"""The four sheets of the workbook, found by name, and their columns, found by header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, XmlError

from provsluss.register.source_records import Problem
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.cells import Cell, text_of
from provsluss.register.sources.skolverket_workbook.layout import FIRST_DATA_ROW, HEADER_ROW, SHEETS, Sheet
from provsluss.register.sources.skolverket_workbook.memory import give_back_memory
from provsluss.register.sources.skolverket_workbook.opening import DAMAGED
from provsluss.ss12000.civic_number import without_civic_numbers

_IN_BRACKETS = re.compile(r"\(.*?\)")
_MALL = "Använd Skolverkets Excelmall, där rubrikerna står på rad 2, och ändra inte bladens namn eller rubrikerna."


@dataclass(slots=True)
class FoundSheet:
    """A sheet of the workbook, with the place of each known column and what is odd about its header.

    Its cells are not kept: an open sheet is all in memory, so it is opened again when its rows are read.
    """

    layout: Sheet
    places: dict[str, int]
    notes: list[Problem]
    height: int
    _workbook: CalamineWorkbook
    _name: str

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Row number as Excel shows it, and cells, of every row with data; also of blank ones."""
        sheet = _open_sheet(self._workbook, self._name)
        give_back_memory()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number >= FIRST_DATA_ROW:
                yield number, cells
        del sheet
        give_back_memory()


def find_sheets(workbook: CalamineWorkbook) -> list[FoundSheet]:
    """The four sheets in the layout's order.

    Raises SourceRefused with all that is missing: sheets, columns, or a name or header that occurs twice.
    """
    names = {layout.name: _sheet_names(workbook, layout) for layout in SHEETS}
    wrong = [f"Bladet {name} saknas." for name, found in names.items() if not found]
    wrong += [f"Bladet {name} finns flera gånger." for name, found in names.items() if len(found) > 1]
    if wrong:
        raise SourceRefused(" ".join([*wrong, _MALL]))
    found = []
    for layout in SHEETS:
        name = names[layout.name][0]
        sheet = _open_sheet(workbook, name)
        header = _row(sheet, HEADER_ROW)
        wrong += _wrong_with_header(layout, sheet, header)
        found.append(_found_sheet(layout, workbook, name, header, sheet.end))
        del sheet  # one open sheet at a time
        give_back_memory()
    if wrong:
        raise SourceRefused(" ".join([*wrong, _MALL]))
    return found


def _sheet_names(workbook: CalamineWorkbook, layout: Sheet) -> list[str]:
    wanted = {_key(name) for name in (layout.name, *layout.other_names)}
    return [name for name in workbook.sheet_names if _key(name) in wanted]


def _open_sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except (CalamineError, XmlError) as problem:
        raise SourceRefused(DAMAGED) from problem


def _row(sheet: CalamineSheet, wanted: int) -> list[str]:
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number == wanted:
            return [text_of(cell) for cell in cells]
    return []


def _wrong_with_header(layout: Sheet, sheet: CalamineSheet, header: Sequence[str]) -> list[str]:
    keys = [_key(text) for text in header]
    missing = [column for column in layout.columns if _key(column) not in keys]
    if len(missing) == len(layout.columns):
        return [_no_header(layout, sheet)]
    wrong = [f"Kolumnen {column} saknas i bladet {layout.name}." for column in missing]
    twice = [column for column in layout.columns if keys.count(_key(column)) > 1]
    return wrong + [f"Kolumnen {column} finns flera gånger i bladet {layout.name}." for column in twice]


def _no_header(layout: Sheet, sheet: CalamineSheet) -> str:
    for number in (1, 3, 4):
        keys = {_key(text) for text in _row(sheet, number)}
        if all(_key(column) in keys for column in layout.columns):
            return f"Rubrikerna i bladet {layout.name} står på rad {number}, men ska stå på rad {HEADER_ROW}."
    return f"Bladet {layout.name} har inga rubriker på rad {HEADER_ROW}."


def _found_sheet(
    layout: Sheet, workbook: CalamineWorkbook, name: str, header: Sequence[str], end: tuple[int, int] | None
) -> FoundSheet:
    places = {column: place for place, text in enumerate(header) for column in layout.columns if _same(column, text)}
    unknown = [text for text in header if text and not any(_same(column, text) for column in layout.columns)]
    last_row = end[0] + 1 if end else 0
    return FoundSheet(
        layout=layout,
        places=places,
        notes=[_unknown_column(layout, text) for text in unknown],
        height=max(0, last_row - FIRST_DATA_ROW + 1),
        _workbook=workbook,
        _name=name,
    )


def _unknown_column(layout: Sheet, text: str) -> Problem:
    header = without_civic_numbers(text)[:60]
    reason = "Kolumnen hör inte till Skolverkets Excelmall och läses inte."
    return Problem(layout.name, HEADER_ROW, header, header, reason, row_refused=False)


def _same(column: str, header: str) -> bool:
    return _key(column) == _key(header)


def _key(name: str) -> str:
    """A name without what may differ: case, spaces, hyphens, `&` or `och`, and an explanation in brackets."""
    text = _IN_BRACKETS.sub("", text_of(name)).casefold().replace("&", "och")
    return "".join(c for c in text if c.isalnum())
