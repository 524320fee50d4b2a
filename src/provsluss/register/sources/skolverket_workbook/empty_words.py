"""Text that stands where a value should and tells nothing: `#N/A` as text, `null`, `-` or `0` for a name.

Whoever turned error values, or what a database has nothing of, into text did it before us. Such a cell is treated as
one with an error value: it is no value, and it is not empty either.
"""

import re

from provsluss.register.sources.skolverket_workbook.layout import REMOVE
from provsluss.ss12000.person_names import is_no_name

NAMES = frozenset({"Förnamn", "Mellannamn", "Efternamn"})
MARKING = "Sekretessmarkering"
_NEED_LETTERS_OR_DIGITS = frozenset({"Klass-ID", "Grupp-ID", "Person-ID", "Tjänstgörings-ID", MARKING})
"""Where signs alone say nothing: `-`, `?`."""
_MAY_BE_TRUE = frozenset({REMOVE, MARKING})
_ERROR = re.compile(r"#+|#[A-ZÅÄÖ/0_]+[!?]|#N/A(?: N/A)?|#GETTING_DATA|Err:[0-9]{3}")
_EMPTY_WORDS = frozenset({"null", "NULL", "(null)", "<null>", "None", "NaN", "nan", "N/A", "n/a", "undefined"})


def tells_nothing(column: str, text: str) -> bool:
    """Whether `text` in `column` stands for having no value. An empty text does not: it is an empty cell."""
    if not text:
        return False
    if text in _EMPTY_WORDS or (text[0] in "#E" and _ERROR.fullmatch(text)):
        return True
    if column in NAMES:
        return is_no_name(text)
    if column == MARKING and text == "0":  # what a formula gives for an empty cell, and a system for no
        return True
    return column in _NEED_LETTERS_OR_DIGITS and not any(map(str.isalnum, text))


def is_misplaced_truth(column: str, cell: object) -> bool:
    """Whether the cell holds TRUE or FALSE where these mean nothing."""
    return isinstance(cell, bool) and column not in _MAY_BE_TRUE
