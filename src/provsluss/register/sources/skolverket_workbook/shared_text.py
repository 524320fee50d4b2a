"""How much text the cells of a workbook hold together, reckoned from its XML.

A text that occurs many times stands once in the file, and cells refer to it by number. Whoever reads the sheet copies
it for each cell, so a small file with one long text and many references would take all memory.
"""

import re
from array import array

MAX_TEXT_BYTES = 500_000_000
"""In all cells. 140 000 pupils have about 40 MB."""
MAX_STRING_BYTES = 400_000
"""One text with its markup. Excel takes 32 767 characters in a cell."""

_STRING = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_REFERENCE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt\s*=\s*[\"']s[\"'][^>]*>")
_NUMBER = re.compile(rb"\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})\s*<")
_CELL_ENDS = re.compile(rb"</(?:\w+:)?c\s*>")
_LONGEST_CELL = 1 << 16


class SharedText:
    """First the shared texts pass by, then the sheets that refer to them."""

    def __init__(self) -> None:
        self.referred_bytes = 0
        self.longest = 0
        self._lengths = array("Q")
        self._tail = b""

    @property
    def is_too_much(self) -> bool:
        """Whether reading the cells would take more memory than a workbook of ours can need."""
        return self.longest > MAX_STRING_BYTES or self.referred_bytes > MAX_TEXT_BYTES

    def take_strings(self, chunk: bytes) -> None:
        """The next piece of xl/sharedStrings.xml."""
        text = self._tail + chunk
        keep = max(text.rfind(b"<"), len(text) - 16)  # a tag that is cut off waits for the rest of it
        self._tail, text = text[keep:], text[:keep]
        first, *others = _STRING.split(text)
        self._lengthen(len(first))
        for string in others:
            self._lengths.append(0)
            self._lengthen(len(string))

    def begin_part(self) -> None:
        """What was left of the part before has nothing to do with the next one."""
        self._tail = b""

    def take_cells(self, chunk: bytes) -> None:
        """The next piece of a sheet. A reference that cannot be read counts as one to the longest text."""
        text = self._tail + chunk
        ends = [cell.end() for cell in _CELL_ENDS.finditer(text, max(0, len(text) - _LONGEST_CELL))]
        cut = ends[-1] if ends else max(0, len(text) - _LONGEST_CELL)
        self._tail, text = text[cut:], text[:cut]
        for reference in _REFERENCE.finditer(text):
            number = _NUMBER.match(text, reference.end())
            place = int(number[1]) if number else len(self._lengths)
            self.referred_bytes += self._lengths[place] if place < len(self._lengths) else self.longest

    def _lengthen(self, size: int) -> None:
        if self._lengths:
            self._lengths[-1] += size
            self.longest = max(self.longest, self._lengths[-1])
