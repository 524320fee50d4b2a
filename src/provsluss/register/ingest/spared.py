"""Who stays in the register although the file lacks them, because of rows that cannot be read."""

from dataclasses import asdict, dataclass
from typing import Any

from provsluss.register.models import Import
from provsluss.register.sections import Section

SPARED = "spared"
"""The key in Import.counts."""
NAMED_ROWS = 3


@dataclass(frozen=True, slots=True)
class Spared:
    """In one section nobody ends by absence, in some or all school units: a row there could be of anybody.

    `rows` are the first of them, `row_count` is how many there are. `everywhere`: their school unit cannot be read
    either. `none_readable`: it can be read whose they are, but no row of a school unit went in. `missing` are those who
    would have ended.
    """

    section: Section
    rows: list[int]
    row_count: int
    everywhere: bool
    none_readable: bool
    missing: int

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def spared_in(import_run: Import) -> list[Spared]:
    """Where nobody ended by absence in this import, of those sections that lack somebody."""
    return [
        Spared(**one | {"section": Section(one["section"])})
        for one in import_run.counts.get(SPARED, [])
        if one["missing"]
    ]
