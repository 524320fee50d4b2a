"""Personnummer, samordningsnummer and TF-nummer: read every Swedish spelling, check, mask.

Source: rules.md P10–P11 and P15.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from provsluss.ss12000.luhn import luhn_is_right

CivicNumberKind = Literal["personnummer", "samordningsnummer", "TF-nummer"]

_LONG = re.compile(r"([0-9]{8})[- ]?([0-9]{4})")
_SHORT = re.compile(r"([0-9]{6})([-+ ]?)([0-9]{4})")
_TF = re.compile(r"([0-9]{8})[- ]?TF([0-9]{2})")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
"""What word processors put where a hyphen was meant."""
_BIRTH = "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
"""Year, month and day as they can be, also those of a samordningsnummer."""
_SOMEWHERE = re.compile(
    "[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"  # a UUID's digits are no number
    f"|(?<![0-9])(?:(?P<long>(?:18|19|20){_BIRTH})[-+ ‐‑‒–—−]?(?:[0-9]{{4}}|TF[0-9]{{2}})"
    f"|(?P<short>{_BIRTH})(?:[-+‐‑‒–—−][0-9]{{4}}|[-+ ‐‑‒–—−]?TF[0-9]{{2}})"
    f"|(?P<bare>{_BIRTH}) ?(?P<last>[0-9]{{4}}))(?![0-9])",
    re.IGNORECASE,
)
_OLDEST_BIRTH_YEAR = 1850


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
    upper or lower case, with any kind of dash. Nobody is born after `today`. A wrong check digit is not an error here
    but noted in the answer, because rules.md P15 leaves open whether Skolverket checks it for samordningsnummer.
    Raises CivicNumberError.
    """
    today = today or date.today()
    text = text.strip().upper().translate(_DASHES)
    if match := _TF.fullmatch(text):
        _check_date(match[1], today, day_may_be_raised=False)
        return CivicNumber(match[1] + "TF" + match[2], "TF-nummer", True)
    if match := _LONG.fullmatch(text):
        digits = match[1] + match[2]
    elif match := _SHORT.fullmatch(text):
        digits = _century(match[1], match[2], today) + match[1] + match[3]
    else:
        raise CivicNumberError(
            "är inte ett personnummer, samordningsnummer eller TF-nummer. Skriv ÅÅÅÅMMDD-NNNN (eller ÅÅÅÅMMDDTFNN)"
        )
    _check_date(digits[:8], today)
    kind: CivicNumberKind = "samordningsnummer" if int(digits[6:8]) > 60 else "personnummer"
    return CivicNumber(digits, kind, luhn_is_right(digits[2:]))


def masked(value: str) -> str:
    """The number as it may be shown: birth date and four stars (design.md section 7). Empty stays empty."""
    return f"{value[:8]}-****" if value else ""


def without_civic_numbers(text: str) -> str:
    """`text` with everything in it that can be a civic number masked; the one place that knows how they look in a text.

    UUIDs and numbers without a birth date, such as those of organisations, stay as they are. So do ten digits without
    hyphen or plus whose check digit is wrong: that is how telephone numbers look.
    """
    return _SOMEWHERE.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    bare = found["bare"]
    birth = found["long"] or found["short"] or (bare if bare and luhn_is_right(bare + found["last"]) else None)
    return f"{birth}-****" if birth else found[0]


def _check_date(eight_digits: str, today: date, day_may_be_raised: bool = True) -> None:
    born = _birth_date(int(eight_digits[:4]), eight_digits[4:])
    if not day_may_be_raised and eight_digits[6:] > "60":
        born = None
    if born is None or born > today or born.year < _OLDEST_BIRTH_YEAR:
        raise CivicNumberError("har ett födelsedatum som inte finns. Kontrollera år, månad och dag")


def _birth_date(year: int, month_and_day: str) -> date | None:
    """The date, with 60 taken from the day of a samordningsnummer; None where there is no such date."""
    month, day = int(month_and_day[:2]), int(month_and_day[2:])
    try:
        return date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return None


def _century(six_digits: str, separator: str, today: date) -> str:
    """A two-digit year is the latest that is not in the future; `+` says that the person turns 100 this year or has.

    Source: folkbokföringslagen (1991:481) section 18.
    """
    year = today.year - (today.year - int(six_digits[:2])) % 100
    if separator == "+":
        year -= 100
    else:
        born = _birth_date(year, six_digits[2:])
        if born is not None and born > today:
            year -= 100
    return f"{year // 100:02}"
