"""What the process of its own does: reads one workbook from standard input, writes its rows to standard output.

Each line is JSON. First `true`: we have begun. Then the rows of every sheet that is asked for: number, cells from
column A, and, if there are any, which of them are special (see `values`). Last an object, by which the rows become the
file's: `{"sheets": …}`, or else `{"refused": SENTENCE}` or `{"broke": WHERE}`.

It runs without Django and without other people's packages, so that it starts fast and little can go wrong. (Hence no
dataclasses in what it imports: their module takes as long to load as all of ours.)
"""

import json
import os
from collections.abc import Collection
from pathlib import PurePath
from typing import Any, BinaryIO

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.limits import Limits, limit_this_process
from provsluss.register.sources.xlsx.loose_names import loose
from provsluss.register.sources.xlsx.number_formats import read_formats
from provsluss.register.sources.xlsx.sentences import CANNOT_READ_NOW, TOO_LARGE, TOO_MUCH_TEXT
from provsluss.register.sources.xlsx.sheet_rows import SheetRows
from provsluss.register.sources.xlsx.strings import read_strings
from provsluss.register.sources.xlsx.values import Values
from provsluss.register.sources.xlsx.workbook_part import NamedSheet, WorkbookPart, read_workbook_part
from provsluss.register.sources.xlsx.zip_parts import Parts

MAX_WRITTEN_BYTES = 100_000_000
"""All rows together. 140 000 pupils have about 36 MB."""
MAX_ROW_BYTES = 1_000_000
TOP_ROWS = 4
"""It is told where each of these first rows lies: one of them has the headers."""
_HIDDEN_TOLD = 10
_SHEETS_TOLD = 20
"""More than there can be with different names, so that one that occurs twice is seen."""
_LONGEST_NAME = 200


def main(job: str) -> None:
    """Read standard input and tell. `job` is JSON: {"parent": its process, "limits": …, "sheets": loose names}."""
    said = json.loads(job)
    limit_this_process(Limits(**said["limits"]), said["parent"])
    with os.fdopen(0, "rb") as file, os.fdopen(1, "wb") as output:
        output.write(b"true\n")
        output.flush()
        last = _read(file, output, said["sheets"])
        output.write(json.dumps(last).encode() + b"\n")


def _read(file: BinaryIO, output: BinaryIO, wanted: Collection[str]) -> dict[str, Any]:
    try:
        return read(file, output, wanted)
    except SourceRefused as problem:
        return {"refused": str(problem)}
    except MemoryError:
        return {"refused": TOO_LARGE}
    except OSError:
        return {"refused": CANNOT_READ_NOW}
    except Exception as problem:  # noqa: BLE001 - a fault of ours; its own words could hold what a cell says
        return {"broke": _place_of(problem)}


def read(file: BinaryIO, output: BinaryIO, wanted: Collection[str]) -> dict[str, Any]:
    """Write the rows of the sheets whose loose names are `wanted`; returns the last line. Raises SourceRefused."""
    parts = Parts(file)
    workbook = read_workbook_part(parts)
    sheets = [sheet for sheet in workbook.sheets if loose(sheet.name) in wanted][:_SHEETS_TOLD]
    values = _values(parts, workbook)
    rows = _Rows(output)
    return {
        "sheets": [_told(sheet, parts, values, rows) for sheet in sheets],
        "counts_from_1904": workbook.counts_from_1904,
    }


def _values(parts: Parts, workbook: WorkbookPart) -> Values:
    return Values(
        read_strings(parts.content(workbook.strings)) if workbook.strings else [],
        read_formats(parts.content(workbook.styles)) if workbook.styles else [],
        workbook.is_to_be_recalculated,
    )


def _told(sheet: NamedSheet, parts: Parts, values: Values, rows: "_Rows") -> dict[str, Any]:
    start = rows.begin_sheet()
    facts = SheetRows(values, rows.take).read(parts.content(sheet.part))
    return {
        "name": sheet.name[:_LONGEST_NAME],
        "is_hidden": sheet.is_hidden,
        "start": start,
        "end": rows.position,
        "top": rows.top,
        "last_row": facts.last_row,
        "hidden_rows": facts.hidden_rows[:_HIDDEN_TOLD],
        "hidden_row_count": len(facts.hidden_rows),
        "hidden_columns": facts.hidden_columns,
        "merged": facts.merged,
    }


class _Rows:
    """Writes rows, and knows where each sheet lies."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self.position = output.tell()
        self.top: dict[int, int] = {}
        """The first rows of the sheet, and where each lies."""

    def begin_sheet(self) -> int:
        self.top = {}
        return self.position

    def take(self, number: int, cells: list[str], specials: list[int]) -> None:
        if number <= TOP_ROWS:
            self.top[number] = self.position
        line = f"[{number},[{','.join(cells)}]{f',{specials}' if specials else ''}]\n".encode()
        self.position += len(line)
        if len(line) > MAX_ROW_BYTES or self.position > MAX_WRITTEN_BYTES:
            raise SourceRefused(TOO_MUCH_TEXT)
        self._output.write(line)


def _place_of(problem: Exception) -> str:
    place = problem.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{PurePath(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
    return f"{type(problem).__name__} in {where}"
