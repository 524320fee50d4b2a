"""The rows of one sheet, handed on one at a time while its XML passes by."""

from collections.abc import Callable, Iterable

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.places import Columns, row_number, row_of, rows_and_columns
from provsluss.register.sources.xlsx.sentences import DAMAGED, TOO_MANY_MERGED, TOO_SPREAD
from provsluss.register.sources.xlsx.strings import EMPTY
from provsluss.register.sources.xlsx.values import Values, is_special
from provsluss.register.sources.xlsx.xml_events import Attributes, feed, local, new_parser

MAX_CELLS = 8_000_000
"""Rows times columns down to the last cell: 300 000 rows in the columns A–Z, or 80 columns in 100 000 rows."""
_COLUMNS_AT_LEAST = 26
_UNPLACED_AT_MOST = 80
"""Cells of a row that do not say where they stand. A program that leaves that out writes columns, not a map."""
_HIDDEN_COLUMNS_TOLD = 100
_MERGED_AT_MOST = 2_000
_TRUE = ("1", "true")

TakeRow = Callable[[int, list[str], list[int]], object]
"""Told a row's number, its cells as JSON from column A to the last that holds something, and which are special."""


class SheetFacts:
    """What is known of a sheet when it has passed by."""

    def __init__(self) -> None:
        self.last_row = 0
        """The last one that holds something; 0 in an empty sheet."""
        self.hidden_rows: list[int] = []
        """Those that hold something and that Excel does not show."""
        self.hidden_columns: list[tuple[int, int]] = []
        """From and to, from 0."""
        self.merged: list[tuple[int, int, int, int]] = []
        """Ranges of several rows that Excel shows as one cell: first and last row, first and last column from 0."""


class SheetRows:
    """One sheet that passes by. To be used once."""

    def __init__(self, values: Values, take_row: TakeRow) -> None:
        self.facts = SheetFacts()
        self._values = values
        self._take_row = take_row
        self._parser = new_parser()
        self._starts: dict[str, Callable[[Attributes], object]] = {
            "c": self._start_cell,
            "v": self._start_text,
            "t": self._start_text,
            "row": self._start_row,
            "f": self._start_formula,
            "rPh": self._start_phonetic,
            "is": _ignore,
        }
        self._ends: dict[str, Callable[[], object]] = {
            "c": self._end_cell,
            "v": self._end_value,
            "t": self._end_text,
            "row": self._end_row,
            "rPh": self._end_phonetic,
            "is": _ignore,
            "sheetData": self._end_rows,
        }
        self._columns = Columns()
        self._cell_count = 0
        self._widest = _COLUMNS_AT_LEAST
        self._seen_rows = bytearray()
        self._row: Attributes | None = None
        self._number, self._column = 0, -1
        self._digits = ""
        """The row's number as the file writes it; empty where the row does not say it."""
        self._cells: list[str] = []
        self._specials: list[int] = []
        self._late: set[int] = set()
        """Columns of the row that came after one to the right of them."""
        self._cell: Attributes | None = None
        self._text: list[str] = []
        self._value: str | None = None
        self._has_formula = False
        self._phonetic = 0

    def read(self, chunks: Iterable[bytes]) -> SheetFacts:
        """Let the sheet pass by. Raises SourceRefused."""
        self._parser.StartElementHandler = self._before_the_rows
        feed(self._parser, chunks)
        return self.facts

    def _before_the_rows(self, name: str, attributes: Attributes) -> None:
        element = local(name)
        if element == "col" and attributes.get("hidden") in _TRUE:
            self._hide_columns(attributes.get("min", ""), attributes.get("max", ""))
        elif element == "sheetData":
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.CharacterDataHandler = self._text.append

    def _hide_columns(self, first: str, last: str) -> None:
        if len(self.facts.hidden_columns) < _HIDDEN_COLUMNS_TOLD and first.isdecimal() and last.isdecimal():
            self.facts.hidden_columns.append((int(first[:7]) - 1, int(last[:7]) - 1))

    def _start(self, name: str, attributes: Attributes) -> None:
        if begin := self._starts.get(name) or self._starts.get(local(name)):
            begin(attributes)

    def _end(self, name: str) -> None:
        if end := self._ends.get(name) or self._ends.get(local(name)):
            end()

    def _end_rows(self) -> None:
        # The rest only has to be XML.
        self._parser.StartElementHandler = self._after_the_rows
        self._parser.EndElementHandler = None
        self._parser.CharacterDataHandler = None

    def _after_the_rows(self, name: str, attributes: Attributes) -> None:
        if local(name) != "mergeCell":
            return
        merged = rows_and_columns(attributes.get("ref", ""), self._columns)
        if merged[0] < merged[1]:
            self.facts.merged.append(merged)
            if len(self.facts.merged) > _MERGED_AT_MOST:
                raise SourceRefused(TOO_MANY_MERGED)

    def _start_row(self, attributes: Attributes) -> None:
        if self._row is not None:
            raise SourceRefused(DAMAGED)
        self._row = attributes
        self._digits = attributes.get("r", "")
        self._number = row_number(self._digits) if self._digits else self._number + 1
        self._column = -1
        self._cells = []
        self._specials = []
        self._late.clear()

    def _end_row(self) -> None:
        row, self._row = self._row, None
        if not self._cells or row is None:
            return
        self.facts.last_row = max(self.facts.last_row, self._number)
        self._demand_room()
        self._demand_new(self._number)
        if row.get("hidden") in _TRUE or row.get("ht") == "0":
            self.facts.hidden_rows.append(self._number)
        self._take_row(self._number, self._cells, self._specials)

    def _demand_new(self, number: int) -> None:
        """Refuse a row that was there before: which of the two would Excel show?"""
        if number >= len(self._seen_rows):
            self._seen_rows.extend(bytes(number + 1 - len(self._seen_rows)))
        if self._seen_rows[number]:
            raise SourceRefused(DAMAGED)
        self._seen_rows[number] = 1

    def _start_cell(self, attributes: Attributes) -> None:
        if self._cell is not None or self._row is None:
            raise SourceRefused(DAMAGED)
        self._cell = attributes
        self._value = None
        self._has_formula = False
        self._cell_count += 1
        if self._cell_count > MAX_CELLS:
            raise SourceRefused(TOO_SPREAD)

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            return
        column = self._column_of(cell.get("r"))
        if column <= self._column:
            self._demand_first(column)
        self._column = column
        if self._value is None and not self._has_formula:
            return
        json = self._values.as_json(cell.get("t", "n"), self._value, cell.get("s", ""), self._has_formula)
        if json != EMPTY:
            self._put(column, json)

    def _column_of(self, place: str | None) -> int:
        """The cell's column, from 0. One that does not say where it is stands to the right of the one before."""
        if place is None:
            if self._column + 1 >= _UNPLACED_AT_MOST:
                raise SourceRefused(TOO_SPREAD)
            return self._column + 1
        digits = row_of(place)
        if digits != self._digits:
            self._demand_same_row(digits, place)
        return self._columns[place[: -len(digits)]]

    def _demand_same_row(self, digits: str, place: str) -> None:
        """A row that does not say its number has that of its first cell; else no cell stands in another row."""
        number = row_number(digits)
        if self._digits:
            column = self._columns[place[: -len(digits)]]
            raise SourceRefused(TOO_SPREAD if number * max(column + 1, self._widest) > MAX_CELLS else DAMAGED)
        self._digits, self._number = digits, number

    def _demand_first(self, column: int) -> None:
        """Cells can come in another order than from left to right, but each once."""
        if column in self._late or self._cells[column : column + 1] not in ([], [EMPTY]):
            raise SourceRefused(DAMAGED)
        self._late.add(column)

    def _put(self, column: int, json: str) -> None:
        if column >= self._widest:
            self._widest = column + 1
            self._demand_room()
        if is_special(json):
            self._specials.append(column)
        cells = self._cells
        if column < len(cells):
            cells[column] = json
            return
        while len(cells) < column:
            cells.append(EMPTY)
        cells.append(json)

    def _demand_room(self) -> None:
        """Refuse a sheet whose cells lie so far apart that no workbook of ours can be meant."""
        if self.facts.last_row * self._widest > MAX_CELLS:
            raise SourceRefused(TOO_SPREAD)

    def _start_text(self, _: Attributes) -> None:
        self._text.clear()

    def _end_value(self) -> None:
        self._value = "".join(self._text)

    def _end_text(self) -> None:
        if not self._phonetic:
            self._value = (self._value or "") + "".join(self._text)

    def _start_formula(self, _: Attributes) -> None:
        self._has_formula = True

    def _start_phonetic(self, _: Attributes) -> None:
        self._phonetic += 1

    def _end_phonetic(self) -> None:
        self._phonetic -= 1


def _ignore(*_: object) -> None:
    """What is only a frame around something else."""
