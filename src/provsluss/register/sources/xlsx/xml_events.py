"""XML, read as it passes by: no tree in memory, no document type, and so no entities that grow."""

from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn
from xml.parsers import expat

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.sentences import DAMAGED, TOO_LARGE

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], object]
End = Callable[[str], object]

_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_NO_XML = (ValueError, LookupError)
"""What expat raises on an encoding that is none, or that it cannot follow."""


def new_parser() -> expat.XMLParserType:
    """A parser that refuses a document type declaration: no workbook has one."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    """Let all of a part pass through the parser. Raises SourceRefused if it is not XML."""
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as problem:
        raise SourceRefused(TOO_LARGE if problem.code == _NO_MEMORY else DAMAGED) from problem
    except _NO_XML as problem:
        raise SourceRefused(DAMAGED) from problem


def parse(chunks: Iterable[bytes], start: Start, end: End | None = None) -> None:
    """Tell `start` of each element, by its name without prefix, and its attributes; `end` when it ends."""
    parser = new_parser()
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    if end:
        parser.EndElementHandler = lambda name: end(local(name))
    feed(parser, chunks)


def local(name: str) -> str:
    """An element's or attribute's name without its prefix: programs choose that, and the namespace, differently."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> NoReturn:
    raise SourceRefused(DAMAGED)
