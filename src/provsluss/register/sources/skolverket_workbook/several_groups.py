"""Several names of groups in one cell: a comma stands between them (rules.md section 4, rule 6), or something else did.

Another sign is taken for a separator only where the groups themselves prove it, since `6A/6B` may be one group's name.
"""

import re
from collections.abc import Callable

from provsluss.register.sources.skolverket_workbook.cells import text_of
from provsluss.register.sources.skolverket_workbook.layout import MEMBERSHIP_SEPARATOR
from provsluss.register.sources.xlsx.cell import Cell

_SEPARATORS = (
    (re.compile(r"[\r\n\v\u2028\u2029]+|_x000[aAdD]_"), "radbrytning", any),
    (re.compile(r";"), "semikolon", any),
    (re.compile(r"\|"), "lodstreck", any),
    (re.compile(r"\t"), "tabb", any),
    (re.compile(r"[•·]"), "punkt", any),
    (re.compile(r"/"), "snedstreck", all),
    (re.compile(r"\s+(?:och|&|\+)\s+"), "ett annat tecken än komma", all),
)
"""Sign, what it is called, and how many of the parts must be groups. The last two are often within a name."""


def split_group_names(cell: Cell, is_group: Callable[[str], bool]) -> tuple[list[str], str]:
    """The names in the cell, and what another separator than the comma is called; empty where there was none.

    `is_group` tells whether a group has that name.
    """
    written = cell if isinstance(cell, str) else text_of(cell)
    names, used = [], ""
    for part in written.split(MEMBERSHIP_SEPARATOR):
        parts, separator = _split(part, is_group)
        names += parts
        used = used or separator
    return names, used


def may_be_several(name: str) -> bool:
    """Whether `name`, which no group has, holds a sign that may have been meant as a separator."""
    return any(sign.search(name) for sign, _, _ in _SEPARATORS)


def _split(part: str, is_group: Callable[[str], bool]) -> tuple[list[str], str]:
    whole = text_of(part)
    if not whole:
        return [], ""
    if not is_group(whole):
        for sign, called, enough in _SEPARATORS:
            if sign.search(part):
                names = [name for piece in sign.split(part) for name in _split(piece, is_group)[0]]
                if names and enough(map(is_group, names)):
                    return names, called
    return [whole], ""
