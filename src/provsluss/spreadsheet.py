"""Writes one list as an Excel workbook, row by row."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

from django.utils import timezone
from xlsxwriter import Workbook

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_575
_LONGEST_SHEET_NAME = 31
_TIME_WIDTH = 20
Cell = str | int | float | bool | datetime | None


def save_workbook(path: Path, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """The same in a file of its own, which only its owner may read. Raises OSError."""
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        _write(file, title, columns, rows)


def _write(file: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with Workbook(file, {"constant_memory": True, "in_memory": False}) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        text = workbook.add_format({"num_format": "@"})
        time = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        sheet = workbook.add_worksheet(_sheet_name(title))
        sheet.freeze_panes(1, 0)
        for number, name in enumerate(columns):
            sheet.set_column(number, number, max(12, min(len(name) + 6, 40)))
            sheet.write_string(0, number, name, bold)
        last, times = 0, set[int]()
        for last, row in enumerate(_at_most(rows, _MOST_ROWS), start=1):
            for number, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_string(last, number, "Ja" if cell else "Nej", text)
                elif isinstance(cell, int | float):
                    sheet.write_number(last, number, cell)
                elif isinstance(cell, datetime):
                    shown = timezone.localtime(cell) if timezone.is_aware(cell) else cell
                    sheet.write_datetime(last, number, shown.replace(tzinfo=None, microsecond=0), time)
                    times.add(number)
                elif cell:
                    sheet.write_string(last, number, cell[:_LONGEST_CELL], text)
        for number in times:  # a time that is wider than its column is shown as ####
            sheet.set_column(number, number, max(_TIME_WIDTH, min(len(columns[number]) + 6, 40)))
        sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))


def _at_most(rows: Iterable[Sequence[Cell]], number: int) -> Iterator[Sequence[Cell]]:
    """A worksheet has an end; the rows after it would be lost without a word, so the last one says it."""
    for place, row in enumerate(rows, start=1):
        if place == number:
            yield ["Listan är längre än ett Excelblad. Filtrera den och spara igen."]
            return
        yield row


def _sheet_name(title: str) -> str:
    """Excel takes 31 characters, none of []:*?/\\ and no apostrophe at the ends."""
    kept = "".join(" " if c in "[]:*?/\\" else c for c in title).strip(" '")
    return kept[:_LONGEST_SHEET_NAME] or "Blad1"
