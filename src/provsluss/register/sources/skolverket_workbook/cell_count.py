"""How many rows and cells a sheet has, counted while its XML passes by.

A cell need not say where it is: then it stands to the right of the one before, and a row without number below the one
before. So those are counted, and add to how far the sheet extends.
"""

import re

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_SAYS_WHERE = rb"(?![^>]*\sr\s*=)"
_UNPLACED_ROW = re.compile(_ROW.pattern + _SAYS_WHERE)
_UNPLACED_CELL = re.compile(_CELL.pattern + _SAYS_WHERE)
_LONGEST_TAG = 1 << 12


class CellCount:
    """The cells of one sheet, all of them, and the rows and columns that do not say where they are."""

    def __init__(self) -> None:
        self.cells = 0
        self.unplaced_rows = 0
        self.unplaced_columns = 0
        """Cells without a place in the row that has most of them."""
        self._in_row = 0
        self._tail = b""

    def take(self, chunk: bytes) -> None:
        """Count the next piece of the sheet; a tag that is cut off waits for the rest of it."""
        text = self._tail + chunk
        last_tag = text.rfind(b"<")
        unfinished = last_tag >= 0 and b">" not in text[last_tag:] and len(text) - last_tag < _LONGEST_TAG
        self._tail = text[last_tag:] if unfinished else b""
        text = text[: len(text) - len(self._tail)]
        self.cells += len(_CELL.findall(text))
        self.unplaced_rows += len(_UNPLACED_ROW.findall(text))
        if _UNPLACED_CELL.search(text):
            self._count_columns(text)
        elif _ROW.search(text):
            self._in_row = 0

    def _count_columns(self, text: bytes) -> None:
        in_rows = [len(_UNPLACED_CELL.findall(row)) for row in _ROW.split(text)]
        in_rows[0] += self._in_row  # the row that the piece before ended in
        self._in_row = in_rows[-1]
        self.unplaced_columns = max(self.unplaced_columns, *in_rows)
