"""What cannot be somebody's name, or looks as if it were damaged."""

import unicodedata

from provsluss.ss12000.damaged_text import has_lost_letters, repaired

_NO_NAMES = frozenset(
    {
        *("null", "NULL", "(null)", "<null>", "none", "None", "NONE", "nan", "NaN", "n/a", "N/A", "undefined"),
        *("saknas", "Saknas", "SAKNAS", "okänd", "Okänd", "OKÄND", "okänt"),
        *("TRUE", "true", "SANT", "FALSE", "false", "FALSKT"),
    }
)
"""What systems write where they have nothing. `Null` and `True` are names that people have."""
_ALSO_IN_NAMES = frozenset(" -'’‘´`.,()‐‑–·/")


def is_no_name(text: str) -> bool:
    """Whether `text` holds no name at all: `-`, `0`, `null`, `#N/A`. Empty is none either."""
    return text in _NO_NAMES or text.startswith("#") or not any(sign.isalpha() for sign in text)


def is_odd_name(text: str) -> bool:
    """Whether `text` holds signs that names do not: a lost letter, `@`, `<`. It may still be somebody's name.

    A digit does not count: registers set namesakes apart with one, and invented persons have them.
    """
    if text.isalpha():
        return False
    return has_lost_letters(text) or repaired(text) != text or not all(map(_may_be_in_a_name, text))


def _may_be_in_a_name(sign: str) -> bool:
    return sign in _ALSO_IN_NAMES or unicodedata.category(sign)[0] in "LMN"
