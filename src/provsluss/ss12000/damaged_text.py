"""Text that was damaged on its way here: what can be undone with certainty, and what can only be seen.

å, ä, ö written as UTF-8 and read as something else become pairs of signs that no name holds (`SjÃ¶gren`), and pages of
the web write them as entities (`Sj&ouml;gren`): both say for certain what stood there. A letter that was replaced by a
question mark is lost.
"""

import html
import re

_READ_WRONGLY_AS = ("cp1252", "latin-1", "mac_roman", "cp850")
_LETTERS = [chr(code) for code in range(0xC0, 0x100)]


def _wrong_readings() -> dict[str, str]:
    """Each accented letter by the signs that it becomes, read wrongly once or twice; the longest first."""
    readings = {}
    for encoding in _READ_WRONGLY_AS:
        for letter in _LETTERS:
            once = letter.encode().decode(encoding, errors="replace")
            for signs in (once, once.encode().decode(encoding, errors="replace")):
                if "\ufffd" not in signs:
                    readings[signs] = letter
    return dict(sorted(readings.items(), key=lambda one: -len(one[0])))


_WRONG = _wrong_readings()
_WRONG_SIGNS = re.compile("|".join(map(re.escape, _WRONG)))
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_LOST = re.compile(r"\ufffd|\w\?|\?\w")
_TIMES = 3
"""`&amp;ouml;`: some text has been through the same mill more than once."""


def repaired(text: str) -> str:
    """`text` with all that is certainly damaged as it was before; most text comes back as it is."""
    for _ in range(_TIMES):
        if text.isascii() and "&" not in text:
            return text
        better = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        better = _WRONG_SIGNS.sub(lambda found: _WRONG[found[0]], better)
        if better == text:
            return text
        text = better
    return text


def has_lost_letters(text: str) -> bool:
    """Whether letters of `text` have been replaced by a sign that means nothing: `Sj?gren`, `Sj�gren`."""
    return _LOST.search(text) is not None
