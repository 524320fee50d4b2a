"""Which cells hold a date: Excel keeps a number, and only its format tells."""

from collections.abc import Iterable
from typing import Literal

from provsluss.register.sources.xlsx.xml_events import Attributes, parse

Holds = Literal["number", "date", "duration"]

_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
"""Built-in formats that show a date or a time (ECMA-376 part 1, 18.8.30, with the East Asian ones)."""
_DURATION = 46
_LONGEST_FORMAT = 1_000


def read_formats(chunks: Iterable[bytes]) -> list[Holds]:
    """What a number is, by the style that its cell has."""
    own: dict[str, Holds] = {}
    ids: list[str] = []
    inside: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        inside.append(element)
        if element == "numFmt":
            own[attributes.get("numFmtId", "")] = _shown_by(attributes.get("formatCode", ""))
        elif element == "xf" and "cellXfs" in inside[-2:]:
            ids.append(attributes.get("numFmtId", "0"))

    def end(_: str) -> None:
        inside.pop()

    parse(chunks, start, end)
    return [own[number] if number in own else _built_in(number) for number in ids]


def _built_in(number: str) -> Holds:
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return "number"
    if int(number) == _DURATION:
        return "duration"
    return "date" if int(number) in _DATES else "number"


def _shown_by(code: str) -> Holds:
    """What a format shows, from its letters: those in quotes, after a backslash or in brackets mean nothing.

    Only [h], [m] and [s] do: hours that go on after 24.
    """
    at, code = 0, code[:_LONGEST_FORMAT].partition(";")[0].casefold()
    while at < len(code):
        character = code[at]
        if character in '"[':
            end = code.find('"' if character == '"' else "]", at + 1)
            if end < 0:
                break
            inside = code[at + 1 : end]
            if character == "[" and inside and inside[0] in "hms" and not inside.strip(inside[0]):
                return "duration"
            at = end
        elif character in "\\_*":
            at += 1
        elif character in "dmyhs":
            return "date"
        at += 1
    return "number"
