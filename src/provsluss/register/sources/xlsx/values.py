"""A cell's value as the piece of JSON that is handed over.

Text, numbers and SANT/FALSKT are JSON's own. What JSON has no word for is a list, and `handed_over` reads it:
["d", 45678.5] a date as Excel's number, ["p", 1.5] a duration in days, ["i", "2026-01-06"] a date in ISO form,
["e", "#N/A"] an error, ["f"] a formula that was never worked out.
"""

from collections.abc import Sequence
from json.encoder import encode_basestring
from math import isfinite

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.number_formats import Holds
from provsluss.register.sources.xlsx.sentences import DAMAGED
from provsluss.register.sources.xlsx.strings import EMPTY, as_json

FORMULA = '["f"]'
_SPECIAL = "["
_LONGEST_ERROR = 30
_EXACT = 10**15
_LONGEST_NUMBER = 400


class Values:
    """What counts for all cells of the workbook: its shared texts (as JSON), its formats, whether formulas wait."""

    def __init__(self, strings: Sequence[str], formats: Sequence[Holds], is_to_be_recalculated: bool) -> None:
        self._strings = strings
        self._formats = formats
        self._is_to_be_recalculated = is_to_be_recalculated

    def as_json(self, kind: str, value: str | None, style: str, has_formula: bool) -> str:
        """What the cell holds. `value` is None where it says nothing. Raises SourceRefused."""
        if kind == "s":
            return self._shared(value) if value else EMPTY
        if kind in ("str", "inlineStr"):
            return FORMULA if value is None and has_formula else as_json(value or "")
        value = value.strip() if value else ""
        if kind == "e":
            return f'["e",{encode_basestring(value[:_LONGEST_ERROR] or "#VALUE!")}]'
        if has_formula and (not value or (value == "0" and self._is_to_be_recalculated)):
            return FORMULA
        if not value:
            return EMPTY
        if kind == "b":
            return "true" if value in ("1", "true") else "false"
        return f'["i",{as_json(value)}]' if kind == "d" else self._number(value, style)

    def _shared(self, value: str) -> str:
        try:
            number = int(value)
        except ValueError:
            number = -1
        if not 0 <= number < len(self._strings):
            raise SourceRefused(DAMAGED)
        return self._strings[number]

    def _number(self, value: str, style: str) -> str:
        if len(value) > _LONGEST_NUMBER or "_" in value or not value.isascii():
            return as_json(value)  # which Python takes for numbers
        try:
            number = float(value)
        except ValueError:
            return as_json(value)
        if not isfinite(number):
            return as_json(value)
        digits = str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)
        match self._format(style):
            case "date":
                return f'["d",{digits}]'
            case "duration":
                return f'["p",{digits}]'
            case _:
                return digits

    def _format(self, style: str) -> Holds:
        try:
            return self._formats[int(style)] if style else "number"
        except (ValueError, IndexError):
            return "number"


def is_special(json: str) -> bool:
    """Whether the piece of JSON is one that `handed_over` has to look at."""
    return json.startswith(_SPECIAL)
