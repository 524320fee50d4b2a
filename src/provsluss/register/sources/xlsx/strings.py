"""Texts of a workbook, each as the piece of JSON that is handed over."""

import re
from collections.abc import Iterable
from json.encoder import encode_basestring

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.sentences import TOO_MUCH_TEXT
from provsluss.register.sources.xlsx.xml_events import Attributes, feed, local, new_parser

MAX_CHARACTERS = 32_767
"""In one cell: Excel takes no more."""

EMPTY = '""'

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a character is written that XML has no place for: _x000D_ (ECMA-376, ST_Xstring)."""


def as_json(text: str) -> str:
    """The text as JSON. Raises SourceRefused if it is longer than a cell of Excel's."""
    if len(text) > MAX_CHARACTERS:
        raise SourceRefused(TOO_MUCH_TEXT)
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return encode_basestring(text)


def read_strings(chunks: Iterable[bytes]) -> list[str]:
    """The texts that stand once in the file and that cells refer to by number, as JSON."""
    found: list[str] = []
    pieces: list[str] = []
    piece: list[str] = []
    phonetic = 0

    def start(name: str, _: Attributes) -> None:
        nonlocal phonetic
        match local(name):
            case "si":
                pieces.clear()
            case "rPh":
                phonetic += 1
            case "t":
                piece.clear()

    def end(name: str) -> None:
        nonlocal phonetic
        match local(name):
            case "si":
                found.append(as_json("".join(pieces)))
            case "rPh":  # how the text is read aloud in Japanese is not part of it
                phonetic -= 1
            case "t":
                if not phonetic:
                    pieces.extend(piece)

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = piece.append
    feed(parser, chunks)
    return found


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return escape[0] if "\ud800" <= character <= "\udfff" else character
