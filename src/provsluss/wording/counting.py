"""A box at the top of a page, and the small words that such boxes are made of."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format


@dataclass(frozen=True, slots=True)
class Notice:
    """What there is to say first. `color` is one of Designsystemet's: success, info, warning, danger, neutral."""

    color: str
    title: str
    text: str = ""


def counted(number: int, one: str, many: str) -> str:
    """`1 elev`, `1 204 elever`."""
    return f"{in_words(number)} {one if number == 1 else many}"


def in_words(number: int) -> str:
    """`1 204`."""
    return str(number_format(number, use_l10n=True, force_grouping=True))


def first_and_rest(text: str) -> tuple[str, str]:
    """The first sentence, which says what it is about, and those that follow."""
    first, *rest = re.split(r"(?<=[.!?]) (?=[A-ZÅÄÖ])", text, maxsplit=1)
    return first, rest[0] if rest else ""


def joined(*sentences: str) -> str:
    """Those that say something, one after the other."""
    return " ".join(sentence for sentence in sentences if sentence)


def listed(parts: list[str]) -> str:
    """`3 personer, 1 grupp och 2 aktiviteter`, without those that are empty."""
    said = [part for part in parts if part]
    return " och ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)


def told(*parts: str) -> str:
    """Those that say something as one sentence; where one of them is a list itself, as a sentence each."""
    said = [part for part in parts if part]
    each = said if any(" och " in part for part in said) else [listed(said)] * bool(said)
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in each)


def clock(moment: datetime) -> str:
    """Hours and minutes in Sweden."""
    return timezone.localtime(moment).strftime("%H:%M")


def about(seconds: float) -> str:
    """`några sekunder`, `ungefär 20 sekunder`, `ungefär 3 minuter`."""
    if seconds < 5:
        return "några sekunder"
    if seconds < 90:
        return f"ungefär {round(seconds / 5) * 5} sekunder"
    if seconds < 90 * 60:
        return f"ungefär {counted(round(seconds / 60), 'minut', 'minuter')}"
    return f"ungefär {counted(round(seconds / 3600), 'timme', 'timmar')}"
