"""How large a workbook becomes when it is unpacked, found out before anything unpacks it into memory.

The sizes that a zip file declares can lie, so every part is inflated here piece by piece and counted. A sheet can also
be small on paper and huge in memory: calamine keeps a full grid from the first cell to the last one, so a single cell
far away would take all memory. Its extent is therefore read off the XML while it passes by.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.cell_count import CellCount
from provsluss.register.sources.skolverket_workbook.shared_text import SharedText

MAX_PARTS = 5_000
MAX_INFLATED_BYTES = 250_000_000
"""All parts together. 140 000 pupils inflate to about 110 MB."""
SMALL_PART_BYTES = 5_000_000
MAX_RATIO = 100
"""Above SMALL_PART_BYTES. Sheets with data deflate to a tenth or twentieth; zeros to a thousandth."""
MAX_CELLS = 8_000_000
"""Rows times columns of one sheet's grid: 300 000 rows in the columns A–Z, or 80 columns in 100 000 rows."""

TOO_LARGE = (
    "Filen är mycket större än den ser ut att vara när den packas upp, så den läses inte. "
    "Spara om den i Excel utan annat innehåll än Skolverkets blad och försök igen."
)
TOO_SPREAD = (
    "Ett blad i filen har celler så långt ner eller ut åt höger att det inte går att läsa. "
    "Ta bort de tomma raderna och kolumnerna efter uppgifterna, spara och försök igen."
)
TOO_MUCH_TEXT = (
    "Cellerna i filen innehåller mer text än som går att läsa. "
    "Leta efter en lång text som står i många celler, ta bort den, spara och försök igen."
)

_CHUNK = 1 << 18
_OVERLAP = 256
_LOCAL_HEADER = struct.Struct("<4s22sHH")
# Only cells that hold something count: Excel leaves formatted empty ones far away, and those cost nothing.
_FAR_CELL = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]+([0-9]{6,12})[^>]*[^/]>")
_FAR_COLUMN = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{2,12})[0-9][^>]*[^/]>")
# A cell need not say where it is; then it is in its row, so a row counts if anything in it holds something.
_FAR_ROW = re.compile(rb"\sr\s*=\s*[\"']([0-9]{6,12})[^>]*[^/]>")
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|f|is)[\s>]")
_LONGEST_ROW = 1 << 17


def check_inflated(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise SourceRefused if the workbook at `path` is a zip bomb or too spread out, BadZipFile if it is damaged."""
    entries = archive.infolist()
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES:
        raise SourceRefused(TOO_LARGE)
    total, text = 0, SharedText()
    with path.open("rb") as file:
        for entry in sorted(entries, key=lambda entry: not _holds_strings(entry)):
            total += _inflated_size(file, entry, text, allowed=MAX_INFLATED_BYTES - total)


def _inflated_size(file: BinaryIO, entry: zipfile.ZipInfo, text: SharedText, allowed: int) -> int:
    size = 0
    text.begin_part()
    take = text.take_strings if _holds_strings(entry) else text.take_cells
    extent = _Extent()
    is_xml = entry.filename.lower().endswith(".xml")
    for chunk in _inflated(file, entry):
        size += len(chunk)
        if size > allowed or (size > SMALL_PART_BYTES and size > MAX_RATIO * entry.compress_size):
            raise SourceRefused(TOO_LARGE)
        if is_xml:
            extent.take(chunk)
            take(chunk)
            if text.is_too_much:
                raise SourceRefused(TOO_MUCH_TEXT)
    if size != entry.file_size:
        raise zipfile.BadZipFile("a part's real size is not the declared one")
    return size


def _holds_strings(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith("sharedstrings.xml")


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's content, a bounded piece at a time, whatever the archive says about its size."""
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) != _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile("a part is not where the directory says")
    _, _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    file.seek(name_length + extra_length, 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from _pieces(file, entry.compress_size)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(file, entry.compress_size)
    else:
        raise zipfile.BadZipFile("a part is packed in a way that Excel does not use")


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = file.read(min(size, _CHUNK))
        if not piece:
            raise zipfile.BadZipFile("a part ends too early")
        size -= len(piece)
        yield piece


def _deflated(file: BinaryIO, size: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in _pieces(file, size):
            waiting = piece
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, _CHUNK)
                waiting = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as problem:
        raise zipfile.BadZipFile("a part is not well packed") from problem


class _Extent:
    """How far down and to the right the cells of a sheet lie, from its XML."""

    def __init__(self) -> None:
        self._tail = b""
        self._count = CellCount()
        self._rows = 99_999
        self._columns = 26

    def take(self, chunk: bytes) -> None:
        text = self._tail + chunk
        last_row = text.rfind(b"<row")
        fits = last_row >= 0 and len(text) - last_row < _LONGEST_ROW
        self._tail = text[last_row:] if fits else text[-_OVERLAP:]
        self._rows = max([self._rows, *map(int, _FAR_CELL.findall(text))])
        self._rows = max([self._rows, *_far_rows_with_content(text, unfinished_from=last_row if fits else len(text))])
        self._columns = max([self._columns, *map(_column_number, _FAR_COLUMN.findall(text))])
        self._count.take(chunk)
        rows = self._rows + self._count.unplaced_rows
        columns = self._columns + self._count.unplaced_columns
        if self._count.cells > MAX_CELLS or rows * columns > MAX_CELLS:
            raise SourceRefused(TOO_SPREAD)


def _far_rows_with_content(text: bytes, unfinished_from: int) -> Iterator[int]:
    """The numbers of rows far down that hold something; one whose end is not in `text` is taken to do so.

    What begins at `unfinished_from` comes again with the next piece, so it is left till then.
    """
    for row in _FAR_ROW.finditer(text):
        end = text.find(b"row>", row.end())
        if end < 0 and row.start() >= unfinished_from:
            continue
        if end < 0 or _CONTENT.search(text, row.end(), end):
            yield int(row[1])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
