"""What a cell of a workbook holds."""

import datetime
from dataclasses import dataclass
from typing import Final

NO_VALUE: Final = "formel utan värde"
"""What an unusable cell is called whose formula was never worked out: only Excel can do that."""

MERGED: Final = "sammanfogad cell"
"""What one is called that lies under a merged cell, which has its value on the first of its rows alone."""


@dataclass(frozen=True, slots=True)
class UnusableCell:
    """A cell in which something stands that tells nothing, so that it is neither a value nor empty.

    `text` says what stands there: an error value as Excel shows it ("#N/A", "#REF!"), NO_VALUE or MERGED.
    """

    text: str


Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta | UnusableCell
"""What a cell holds; an empty one is the empty string."""
