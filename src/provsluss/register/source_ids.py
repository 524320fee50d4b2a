"""An id as it is meant, however a spreadsheet has formatted its cell: 00101, 101, 101.0 and 1,01E+02 are one."""

import re

_NUMBER = re.compile(r"'?([0-9][0-9 ]*)(?:[.,]0+)?")
_SCIENTIFIC = re.compile(r"'?([0-9])(?:[.,]([0-9]+))?[eE]\+([0-9]{1,2})")


def meant_id(source_id: str) -> str:
    """The same for all ways to format one number; what is no number is itself."""
    if not source_id[-1:].isdigit():
        return source_id
    if match := _NUMBER.fullmatch(source_id):
        return match[1].replace(" ", "").lstrip("0") or "0"
    if match := _SCIENTIFIC.fullmatch(source_id):
        whole, decimals, power = match[1], match[2] or "", int(match[3])
        if power <= len(decimals) and not decimals[power:].strip("0"):
            return (whole + decimals[:power]).lstrip("0") or "0"
    return source_id


def is_rounded(source_id: str) -> bool:
    """Whether it is a number of which a spreadsheet has kept only the first digits, as in 1,03E+05."""
    match = _SCIENTIFIC.fullmatch(source_id) if "+" in source_id else None
    return match is not None and int(match[3]) > len(match[2] or "")
