"""Personnummer, samordningsnummer and TF-nummer: read every Swedish spelling, check, mask.

Source: rules.md P10–P11 and P15.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from provsluss.ss12000.luhn import luhn_is_right

CivicNumberKind = Literal["personnummer", "samordningsnummer", "TF-nummer"]

_LONG = re.compile(r"(\d{8})[- ]?(\d{4})")
_SHORT = re.compile(r"(\d{6})([-+ ]?)(\d{4})")
_TF = re.compile(r"(\d{8})[- ]?TF(\d{2})")


class CivicNumberError(ValueError):
    """Not a number that Skolverket accepts. The message is Swedish and never holds the number itself."""


@dataclass(frozen=True, slots=True)
class CivicNumber:
    """A number in Skolverket's form: 12 characters without separator."""

    value: str
    kind: CivicNumberKind
    check_digit_right: bool


def read_civic_number(text: str, today: date | None = None) -> CivicNumber:
    """Read `text` in any of the usual spellings and return it in Skolverket's form.

    Accepts `200901272385`, `20090127-2385`, `090127-2385`, `0901272385`, samordningsnummer (day + 60) and TF-nummer in
    upper or lower case. A wrong check digit is not an error here but noted in the answer, because rules.md P15 leaves
    open whether Skolverket checks it for samordningsnummer. Raises CivicNumberError.
    """
    text = text.strip().upper()
    if match := _TF.fullmatch(text):
        _check_date(match[1], day_offset=0)
        return CivicNumber(match[1] + "TF" + match[2], "TF-nummer", True)
    if match := _LONG.fullmatch(text):
        digits = match[1] + match[2]
    elif match := _SHORT.fullmatch(text):
        digits = _century(match[1], match[2], today or date.today()) + match[1] + match[3]
    else:
        raise CivicNumberError(
            "är inte ett personnummer, samordningsnummer eller TF-nummer. Skriv ÅÅÅÅMMDD-NNNN (eller ÅÅÅÅMMDDTFNN)"
        )
    day = int(digits[6:8])
    kind: CivicNumberKind = "samordningsnummer" if day > 60 else "personnummer"
    _check_date(digits[:8], day_offset=60 if day > 60 else 0)
    return CivicNumber(digits, kind, luhn_is_right(digits[2:]))


def masked(value: str) -> str:
    """The number as it may be shown: birth date and four stars (design.md section 7). Empty stays empty."""
    return f"{value[:8]}-****" if value else ""


def _check_date(eight_digits: str, day_offset: int) -> None:
    year, month, day = int(eight_digits[:4]), int(eight_digits[4:6]), int(eight_digits[6:8]) - day_offset
    try:
        date(year, month, day)
    except ValueError:
        raise CivicNumberError("har ett födelsedatum som inte finns. Kontrollera år, månad och dag") from None


def _century(six_digits: str, separator: str, today: date) -> str:
    """A two-digit year is the nearest past one; `+` says that the person has turned 100."""
    year = int(six_digits[:2])
    century = today.year // 100 - (1 if year > today.year % 100 else 0)
    return str(century - (1 if separator == "+" else 0))
