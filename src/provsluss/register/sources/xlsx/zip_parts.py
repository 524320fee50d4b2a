"""The parts of a workbook, out of its zip file, never more at a time than there is room for.

Names are compared without case and with either slash, since some programs write them so. The sizes that a zip file
declares can lie, so what is unpacked is counted while it comes.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.sentences import (
    DAMAGED,
    EMPTY,
    ENCRYPTED,
    NOT_A_WORKBOOK,
    OLD_EXCEL,
    TOO_LARGE,
)

MAX_PARTS = 5_000
MAX_INFLATED_BYTES = 250_000_000
"""All parts together. 140 000 pupils inflate to about 110 MB."""
SMALL_PART_BYTES = 5_000_000
MAX_RATIO = 100
"""Above SMALL_PART_BYTES. Sheets with data deflate to a tenth or twentieth; zeros to a thousandth."""

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
"""How old .xls files begin, and .xlsx files with a password: both are OLE containers."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s22sHH")
_CHUNK = 1 << 20
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, OSError, struct.error)
"""What the standard library raises on a directory that is not one."""


class Parts:
    """The parts of the workbook in `file`. Raises SourceRefused if it is none, or unpacks to more than it may."""

    def __init__(self, file: BinaryIO) -> None:
        _check_container(file)
        self._file = file
        self._inflated = 0
        self._entries: dict[str, zipfile.ZipInfo] = {}
        try:
            entries = [entry for entry in zipfile.ZipFile(file).infolist() if not entry.filename.endswith("/")]
        except _NO_ZIP as problem:
            raise SourceRefused(DAMAGED) from problem
        if any(entry.flag_bits & 1 for entry in entries):
            raise SourceRefused(ENCRYPTED)
        if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_INFLATED_BYTES:
            raise SourceRefused(TOO_LARGE)
        for entry in entries:
            if _is_too_large(entry.file_size, entry):
                raise SourceRefused(TOO_LARGE)
            if self._entries.setdefault(_plain(entry.filename), entry) is not entry:
                raise SourceRefused(DAMAGED)  # which of the two would Excel take?

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._entries

    def content(self, name: str) -> Iterator[bytes]:
        """What the part holds, a bounded piece at a time; first it is found to be whole. Raises SourceRefused."""
        entry = self._entries.get(_plain(name))
        if entry is None:
            raise SourceRefused(DAMAGED)
        try:
            self._demand_whole(entry)
            yield from _inflated(self._file, entry)
        except (zlib.error, *_NO_ZIP) as problem:
            raise SourceRefused(DAMAGED) from problem

    def _demand_whole(self, entry: zipfile.ZipInfo) -> None:
        size, checksum = 0, 0
        for piece in _inflated(self._file, entry):
            size += len(piece)
            self._inflated += len(piece)
            if self._inflated > MAX_INFLATED_BYTES or _is_too_large(size, entry):
                raise SourceRefused(TOO_LARGE)
            checksum = zlib.crc32(piece, checksum)
        if size != entry.file_size or checksum != entry.CRC:
            raise SourceRefused(DAMAGED)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _is_too_large(size: int, entry: zipfile.ZipInfo) -> bool:
    return size > SMALL_PART_BYTES and size > MAX_RATIO * entry.compress_size


def _check_container(file: BinaryIO) -> None:
    start = file.read(8)
    if not start:
        raise SourceRefused(EMPTY)
    if start == _OLE:
        raise SourceRefused(ENCRYPTED if _ENCRYPTED_PACKAGE in file.read() else OLD_EXCEL)
    if not start.startswith(_ZIP):
        raise SourceRefused(NOT_A_WORKBOOK)


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) != _LOCAL_HEADER.size or not header.startswith(_ZIP):
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
    for piece in _pieces(file, size):
        waiting = piece
        while waiting and not inflater.eof:
            yield inflater.decompress(waiting, _CHUNK)
            waiting = inflater.unconsumed_tail
    yield inflater.flush()
