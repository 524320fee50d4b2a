"""The kinds of source that there are, by the name that stands on all that they bring."""

from collections.abc import Mapping

from provsluss.register.sections import Section
from provsluss.register.sources.skolverket_workbook.source import WORKBOOK
from provsluss.register.sources.source import SourceKind
from provsluss.register.sources.ss12000.source import SS12000

KINDS: dict[str, SourceKind] = {
    kind.name: kind
    for kind in (
        WORKBOOK,
        SS12000,
    )
}  # fmt: skip

UPLOADED = WORKBOOK.name
"""The kind that an uploaded file is, where nobody says another."""


_FIELDS_WORDS = {
    Section.CLASSES: "Klasser",
    Section.TEACHING_GROUPS: "Undervisningsgrupper",
    Section.PUPILS: "Elever",
    Section.DUTIES: "Tjänstgöringar",
}
"""For what is kept of a source of a kind that is not here any more."""


def section_words(key: str) -> Mapping[Section, str]:
    """What the kind of the source with this key calls each section on a page."""
    kind = KINDS.get(_kind_name(key))
    return kind.words if kind else _FIELDS_WORDS


def read_thing(key: str) -> str:
    """What is read of the source with this key, in the definite form: a file, or the source itself."""
    kind = KINDS.get(_kind_name(key))
    return "källan" if kind and kind.fetch else "filen"


def has_rows(key: str) -> bool:
    """Whether a user can find a row of the source with this key by its number."""
    kind = KINDS.get(_kind_name(key))
    return kind is None or kind.has_rows


def section_called(key: str, word: str) -> Section | None:
    """The other way round: the section of a kept problem or change; None where the kind has no such word."""
    return next((section for section, one in section_words(key).items() if one == word), None)


def kind_of(key: str) -> SourceKind:
    """The kind of the source with this key (Import.source), to read it. Raises KeyError."""
    return KINDS[_kind_name(key)]


def key_of(kind: SourceKind, number: int) -> str:
    """The key of one source of a kind of which there can be several."""
    return f"{kind.name}-{number}"


def is_numbered(key: str) -> bool:
    """Whether it is the key of one source among several of its kind."""
    return "-" in key


def _kind_name(key: str) -> str:
    return key.partition("-")[0]
