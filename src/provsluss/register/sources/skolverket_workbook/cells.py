"""From Excel's typed cells to plain text, the way a person would read the cell."""

import datetime
import unicodedata

from provsluss.register.sources.xlsx.cell import Cell, UnusableCell
from provsluss.ss12000.damaged_text import repaired

EXACT_BELOW = 10**15
"""Excel keeps 15 digits of a number; from here on the last ones are gone."""


def text_of(cell: Cell) -> str:
    """The cell as text: numbers without decimals as digits, dates as ÅÅÅÅ-MM-DD, text without stray spaces.

    Damaged text is repaired. An unusable cell has none; it is no empty cell for that (see `UnusableCell`).
    """
    if isinstance(cell, str):
        return tidy(repaired(cell))
    if isinstance(cell, UnusableCell):
        return ""
    if isinstance(cell, bool):
        return "SANT" if cell else "FALSKT"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def tidy(text: str) -> str:
    """`text` with every run of white space (also non-breaking) as one space, nothing invisible, and composed å ä ö."""
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join("".join(c for c in text if c.isprintable()).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_number(cell: Cell) -> bool:
    """Whether Excel holds the cell as a number, and so has dropped any leading zeros."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def is_date(cell: Cell) -> bool:
    """Whether Excel holds the cell as a date or time; a name such as 6-1 easily becomes one."""
    return isinstance(cell, datetime.date | datetime.time | datetime.timedelta)


def has_lost_digits(cell: Cell) -> bool:
    """Whether the cell is a number too long for Excel, so that what was written cannot be known."""
    return isinstance(cell, int | float) and abs(cell) >= EXACT_BELOW


def digits_with_zeros_back(cell: Cell, shortest: int, length: int) -> str:
    """The cell as text; a number of at least `shortest` digits gets back the zeros that `length` digits need."""
    text = text_of(cell)
    if is_number(cell) and text.isdigit() and shortest <= len(text) < length:
        return text.zfill(length)
    return text


def without_text_marks(text: str) -> str:
    """`text` without what somebody wrote round a number so that Excel should keep it as text: `'31279295`, `="…"`."""
    return text.lstrip("'’´`= \"").rstrip("'’´`\" ")
