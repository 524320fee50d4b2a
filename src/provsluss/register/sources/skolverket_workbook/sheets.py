"""The four sheets of the workbook, found by name, and their columns, found by header."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from provsluss.register.source_records import Problem
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.cells import text_of
from provsluss.register.sources.skolverket_workbook.hidden import hidden_parts
from provsluss.register.sources.skolverket_workbook.layout import FIRST_DATA_ROW, HEADER_ROW, SHEETS, Sheet
from provsluss.register.sources.skolverket_workbook.merged import COVERED, MergedCells, merged_cells
from provsluss.register.sources.xlsx.cell import Cell
from provsluss.register.sources.xlsx.handed_over import SheetRead
from provsluss.register.sources.xlsx.loose_names import loose
from provsluss.ss12000.civic_number import without_civic_numbers

NAMES: tuple[str, ...] = tuple(name for layout in SHEETS for name in (layout.name, *layout.other_names))
"""All names by which the four sheets go."""

_LONGEST_HEADER = 200
_MALL = "Använd Skolverkets Excelmall, där rubrikerna står på rad 2, och ändra inte bladens namn eller rubrikerna."


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet of the workbook, with the place of each known column and what is odd about it."""

    layout: Sheet
    places: dict[str, int]
    notes: list[Problem]
    height: int
    _sheet: SheetRead
    _width: int
    _merged: MergedCells

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Row number as Excel shows it, and cells, of every row with data; also of some that are blank to us."""
        for number, cells in self._sheet.rows():
            if number >= FIRST_DATA_ROW:
                cells.extend([""] * (self._width - len(cells)))
                for place in self._merged.on(number):
                    cells[place] = COVERED
                yield number, cells


def find_sheets(sheets: Collection[SheetRead]) -> list[FoundSheet]:
    """The four sheets in the layout's order.

    Raises SourceRefused with all that is missing: sheets, columns, or a name or header that occurs twice.
    """
    named = {layout.name: _named(layout, sheets) for layout in SHEETS}
    wrong = [f"Bladet {name} saknas." for name, found in named.items() if not found]
    wrong += [f"Bladet {name} finns flera gånger." for name, found in named.items() if len(found) > 1]
    if wrong:
        raise SourceRefused(" ".join([*wrong, _MALL]))
    found = []
    for layout in SHEETS:
        sheet = named[layout.name][0]
        header = _texts(sheet, HEADER_ROW)
        wrong += _wrong_with_header(layout, sheet, header)
        found.append(_found_sheet(layout, sheet, header))
    if wrong:
        raise SourceRefused(" ".join([*wrong, _MALL]))
    return found


def _named(layout: Sheet, sheets: Collection[SheetRead]) -> list[SheetRead]:
    wanted = {loose(name) for name in (layout.name, *layout.other_names)}
    return [sheet for sheet in sheets if loose(sheet.name) in wanted]


def _texts(sheet: SheetRead, number: int) -> list[str]:
    return [text_of(cell)[:_LONGEST_HEADER] for cell in sheet.row(number)]


def _wrong_with_header(layout: Sheet, sheet: SheetRead, header: Sequence[str]) -> list[str]:
    keys = [loose(text) for text in header]
    missing = [column for column in layout.columns if loose(column) not in keys]
    if len(missing) == len(layout.columns):
        return [_no_header(layout, sheet)]
    wrong = [f"Kolumnen {column} saknas i bladet {layout.name}." for column in missing]
    twice = [column for column in layout.columns if keys.count(loose(column)) > 1]
    return wrong + [f"Kolumnen {column} finns flera gånger i bladet {layout.name}." for column in twice]


def _no_header(layout: Sheet, sheet: SheetRead) -> str:
    for number in (1, 3, 4):
        keys = {loose(text) for text in _texts(sheet, number)}
        if all(loose(column) in keys for column in layout.columns):
            return f"Rubrikerna i bladet {layout.name} står på rad {number}, men ska stå på rad {HEADER_ROW}."
    return f"Bladet {layout.name} har inga rubriker på rad {HEADER_ROW}."


def _found_sheet(layout: Sheet, sheet: SheetRead, header: Sequence[str]) -> FoundSheet:
    columns = {loose(column): column for column in layout.columns}
    keys = [loose(text) for text in header]
    places = {columns[key]: place for place, key in enumerate(keys) if key in columns}
    unknown = [text for text, key in zip(header, keys, strict=True) if text and key not in columns]
    merged = MergedCells(sheet, places.values())
    odd = [*hidden_parts(layout, sheet, places), *merged_cells(layout, merged, places)]
    return FoundSheet(
        layout=layout,
        places=places,
        notes=[*(_unknown_column(layout, text) for text in unknown), *odd],
        height=max(0, sheet.last_row - FIRST_DATA_ROW + 1),
        _sheet=sheet,
        _width=len(header),
        _merged=merged,
    )


def _unknown_column(layout: Sheet, text: str) -> Problem:
    header = without_civic_numbers(text)[:60]
    reason = "Kolumnen hör inte till Skolverkets Excelmall och läses inte."
    return Problem(layout.section, HEADER_ROW, header, header, reason, row_refused=False)
