"""What the process of its own has handed over: sheets, and their rows as often as one likes."""

import datetime
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provsluss.register.sources.xlsx.cell import NO_VALUE, Cell, UnusableCell
from provsluss.register.sources.xlsx.serial_dates import duration, moment

_PIECE = 1 << 20

Row = tuple[int, list[Cell]]
"""The number that Excel shows, and the cells from column A to the last that holds something."""


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet that was asked for. Only rows and columns that hold something count."""

    name: str
    is_hidden: bool
    last_row: int
    """The last row that holds something; 0 in an empty sheet."""
    hidden_rows: list[int]
    """The first few rows that Excel does not show."""
    hidden_row_count: int
    hidden_columns: list[tuple[int, int]]
    """From and to, from 0."""
    merged: list[tuple[int, int, int, int]]
    """Ranges of several rows that Excel shows as one cell: first and last row, first and last column from 0."""
    _lines: "Lines"
    _start: int
    _end: int
    _top: Mapping[str, int]
    _counts_from_1904: bool

    def rows(self) -> Iterator[Row]:
        """Every row that holds something, as it stands in the file."""
        for line in self._lines.between(self._start, self._end):
            yield self._row(line)

    def row(self, number: int) -> list[Cell]:
        """One of the first rows; empty if nothing stands in it."""
        start = self._top.get(str(number))
        if start is None:
            return []
        return self._row(next(self._lines.between(start, self._end)))[1]

    def _row(self, line: bytes) -> Row:
        number, cells, *specials = json.loads(line)
        for place in specials[0] if specials else ():
            cells[place] = _special(cells[place], self._counts_from_1904)
        return number, cells


class Lines:
    """Lines of an open file, to be read from several places at once."""

    def __init__(self, file: int) -> None:
        self._file = file

    def between(self, start: int, end: int) -> Iterator[bytes]:
        """The lines that lie there."""
        rest = b""
        while start < end and (piece := os.pread(self._file, min(_PIECE, end - start), start)):
            start += len(piece)
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines


def sheets_read(last: Mapping[str, Any], lines: Lines) -> list[SheetRead]:
    """The sheets that the process has told of in its last line."""
    return [
        SheetRead(
            name=said["name"],
            is_hidden=said["is_hidden"],
            last_row=said["last_row"],
            hidden_rows=said["hidden_rows"],
            hidden_row_count=said["hidden_row_count"],
            hidden_columns=[(first, last) for first, last in said["hidden_columns"]],
            merged=[(top, bottom, left, right) for top, bottom, left, right in said["merged"]],
            _lines=lines,
            _start=said["start"],
            _end=said["end"],
            _top=said["top"],
            _counts_from_1904=last["counts_from_1904"],
        )
        for said in last["sheets"]
    ]


def _special(value: Any, counts_from_1904: bool) -> Cell:
    match value:
        case ["d", days]:
            return moment(days, counts_from_1904)
        case ["p", days]:
            return duration(days)
        case ["i", text]:
            return _iso(text)
        case ["e", text]:
            return UnusableCell(text)
        case _:
            return UnusableCell(NO_VALUE)


def _iso(text: str) -> Cell:
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return text
    return found if found.time() != datetime.time() else found.date()
