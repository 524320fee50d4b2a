"""Workbooks that other programs, or somebody with bad intentions, could have written: a good one with other parts."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.sheets import NAMES, find_sheets
from provsluss.register.sources.xlsx.cell import Cell
from provsluss.register.sources.xlsx.child import read
from provsluss.register.sources.xlsx.handed_over import Lines, SheetRead, sheets_read
from provsluss.register.sources.xlsx.loose_names import loose

Change = Callable[[bytes], bytes]
PUPILS_PART = "xl/worksheets/sheet4.xml"
"""In what tests.register.workbooks writes."""


def parts_of(path: Path) -> dict[str, bytes]:
    """What the zip file holds, by name."""
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def write_parts(path: Path, parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip file at `path` with these parts."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.filename = name  # ZipInfo makes slashes of backslashes
            info.compress_type = method
            archive.writestr(info, content)
    return path


def changed(path: Path, **changes: Change) -> Path:
    """The workbook with some parts changed, in place: `sheet4`, `workbook`, `styles` … is the last of a part's name."""
    parts = parts_of(path)
    for name, content in parts.items():
        stem = name.rpartition("/")[2].removesuffix(".xml").removesuffix(".rels").replace(".xml", "_rels")
        if change := changes.get(stem):
            parts[name] = change(content)
    return write_parts(path, parts)


@contextmanager
def sheets_here(path: Path, names: Collection[str] = NAMES) -> Iterator[list[SheetRead]]:
    """What the process of its own would hand over; here without one, so fast. Raises SourceRefused."""
    with path.open("rb") as file, tempfile.TemporaryFile() as output:
        last = read(file, output, [loose(name) for name in names])
        output.flush()
        yield sheets_read(json.loads(json.dumps(last)), Lines(output.fileno()))


def rows_of(path: Path, names: Collection[str] = NAMES) -> dict[str, list[tuple[int, list[Cell]]]]:
    """All rows by sheet. Raises SourceRefused."""
    with sheets_here(path, names) as sheets:
        return {sheet.name: list(sheet.rows()) for sheet in sheets}


def refusal_of(path: Path) -> str:
    """Why the file is refused before any of its rows is looked at; empty if it is not."""
    try:
        with sheets_here(path) as sheets:
            find_sheets(sheets)
    except SourceRefused as problem:
        return str(problem)
    return ""


def pupil_cells(path: Path, row: int = 3) -> dict[str, Cell]:
    """The cells of one row of Elevinskrivningar, by header."""
    rows = dict(rows_of(path, ["Elevinskrivningar"])["Elevinskrivningar"])
    return {str(header): cell for header, cell in zip(rows[2], rows[row], strict=False)}
