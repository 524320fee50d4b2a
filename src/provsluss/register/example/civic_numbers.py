"""Civic numbers for people who do not exist: right check digits, never the same twice.

The first eight thousand of a year have birth numbers of the kinds that Skatteverket keeps apart for examples (238, 239
and 980–999), so an ordinary example holds nobody's real number. A very large one has to go beyond them.
"""

from calendar import isleap
from collections import Counter
from datetime import date, timedelta
from random import Random

from provsluss.ss12000.luhn import luhn_digit

_KEPT_FOR_EXAMPLES = (238, 239, *range(980, 1000))
_BIRTH_NUMBERS = (*_KEPT_FOR_EXAMPLES, *(n for n in range(1, 980) if n not in _KEPT_FOR_EXAMPLES))
# Even for women, odd for men; the same holds for the second last digit of a TF-nummer (rules.md P11).
_BY_SEX = {woman: tuple(n for n in _BIRTH_NUMBERS if n % 2 == (0 if woman else 1)) for woman in (True, False)}
_STEP = 211
"""Neighbours in a list are not neighbours in the calendar; 211 has no divisor in common with 365 or 366."""


class CivicNumbers:
    """Gives out numbers. Same seed and same questions give the same numbers."""

    def __init__(self, seed: int, taken: frozenset[str]) -> None:
        self._given: Counter[tuple[str, int, bool]] = Counter()
        self._seed = seed
        self._taken = taken

    def personnummer(self, year: int, woman: bool) -> str:
        """Twelve digits for somebody born in `year`."""
        while True:
            day, turn = self._next_day("personnummer", year, woman)
            number = _with_check_digit(f"{day:%Y%m%d}", _BY_SEX[woman][turn])
            if number not in self._taken:
                return number

    def samordningsnummer(self, year: int, woman: bool) -> str:
        """Twelve digits with 60 added to the day (rules.md P10)."""
        day, turn = self._next_day("samordningsnummer", year, woman)
        return _with_check_digit(f"{day:%Y%m}{day.day + 60}", _BY_SEX[woman][turn])

    def tf_nummer(self, year: int, woman: bool) -> str:
        """A temporary number, ÅÅÅÅMMDDTFxx (rules.md P11)."""
        day, turn = self._next_day("TF-nummer", year, woman)
        return f"{day:%Y%m%d}TF{2 if woman else 1}{turn % 10}"

    def _next_day(self, kind: str, year: int, woman: bool) -> tuple[date, int]:
        """A day of the year, and how many times the year has been gone through before."""
        days = 366 if isleap(year) else 365
        first = Random(f"{self._seed}/{kind}/{year}").randrange(days)  # noqa: S311 - an example, no secret
        place = self._given[kind, year, woman]
        self._given[kind, year, woman] += 1
        return date(year, 1, 1) + timedelta((first + place * _STEP) % days), place // days


def _with_check_digit(eight_digits: str, birth_number: int) -> str:
    eleven = f"{eight_digits}{birth_number:03}"
    return eleven + luhn_digit(eleven[2:])
