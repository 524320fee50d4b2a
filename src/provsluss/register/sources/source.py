"""What the register asks of every source: what it is called, and its sections as streams of source records.

A source is a room of its own in `sources/` and one line in `registry.py`; nothing else knows how it is read.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from provsluss.register.models import Import
from provsluss.register.models import Source as SourceRow
from provsluss.register.sections import Section
from provsluss.register.source_records import PersonRow, Problem, RowRead, SourceGroup

Progress = Callable[[int, int], None]
"""Told now and then how much is done, and of how much."""


class KeptGroups(Protocol):
    """Gives the groups that the register has: a refused row leaves its group as it was.

    Of these ids; and where a row does not tell whose it is, all of `group_type` in its school unit ("": in all).
    """

    def __call__(
        self, ids: Collection[uuid.UUID], group_type: str, school_unit_codes: Collection[str]
    ) -> Iterable[SourceGroup]: ...


class Reader(Protocol):
    """One reading of a source, row by row. It writes nothing."""

    total: int
    """How many rows there are, for the progress."""
    notes: list[Problem]
    """What is to be told of the whole, before its first row."""
    found_last: list[Problem]
    """What is no row, found between the rows; complete when they have been gone through."""

    @property
    def is_full(self) -> bool:
        """Whether what it does not name has ended. A delta names all that has changed or ended, and says no more."""

    def person_rows(self) -> Iterator[PersonRow]:
        """Who each row of pupils and staff is about: a first look, as often as one likes, before `sections`."""

    def ids_in(self, section: Section) -> set[tuple[str, str]]:
        """The school unit code and the id on each row of this section."""

    def group_names(self) -> set[tuple[str, str]]:
        """The school unit code and the name on each row of a group."""

    def sections(self) -> Iterator[Iterator[RowRead]]:
        """The rows of each section in the order of Section. To be gone through once, from first to last."""


Opened = Callable[[uuid.UUID, KeptGroups], Reader]
"""Gives the reader for an organisation. Raises SourceRefused."""


class Source(Protocol):
    """What one import reads."""

    def open(self) -> AbstractContextManager[Opened]:
        """Make ready what is to be read; the same each time for one import, since it is read again to be stored.

        Raises SourceRefused with a Swedish sentence if it cannot be read at all: then nothing changes.
        """


LinkState = Literal["ok", "warning", "error"]


class Link(NamedTuple):
    """One link of the way to a source, tried."""

    name: str
    state: LinkState
    text: str


@dataclass(frozen=True, slots=True)
class SourceKind:
    """One kind of source: its name on all that it brings (Import.source), its own words, and how an import finds it."""

    name: str
    called: str
    """What a user calls it."""
    words: Mapping[Section, str]
    """What a user finds each section under, such as a sheet's name."""
    of_import: Callable[[Import], Source]
    fetch: Callable[[Import, Progress], None] | None = None
    """Brings what the source says now to the import's private copy (uploads.py), once, before it is opened.

    None for a kind whose copy somebody uploads. Raises SourceRefused: then nothing changes.
    """
    checked_settings: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    """The settings of a source of the kind as they are stored. Raises SourceRefused with what is missing or wrong."""
    check: Callable[[SourceRow], list[Link]] | None = None
    """Tries the connection to a source of the kind, link by link. None where there is none to try."""
    stored: Callable[[Import], None] | None = None
    """Told once an import has been stored, before its private copy is deleted."""
    removed: Callable[[SourceRow], None] | None = None
    """Told when a source of the kind is removed."""
    has_rows: bool = True
    """Whether a user can find a row by its number."""
