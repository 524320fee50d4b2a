"""A second source for tests: rows in memory, full or a delta. It is all that a source has to write."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from provsluss.register.sections import Section
from provsluss.register.source_records import (
    PersonRow,
    Problem,
    RowRead,
    SourceDuty,
    SourceEnrolment,
    SourceGroup,
    SourcePerson,
    SourcePupil,
    SourceRecord,
)
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.source import KeptGroups, Opened, Reader, SourceKind

UNIT = "10000001"
WORDS = {Section.CLASSES: "klass", Section.TEACHING_GROUPS: "grupp", Section.PUPILS: "elev", Section.DUTIES: "tjänst"}


def id_of(name: str) -> uuid.UUID:
    """The id of what is called so here."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def a_class(name: str) -> SourceGroup:
    """A class of the school unit."""
    return SourceGroup(id_of(name), str(id_of(name)), name, "Klass", "GR", UNIT)


def a_pupil(name: str, *classes: str, year: int | None = 6, unit: str = UNIT, school_type: str = "GR") -> SourcePupil:
    """A pupil of the school unit, in these classes."""
    number = f"2009{id_of(name).int % 10**8:08}"
    groups = frozenset(map(id_of, classes))
    return SourcePupil(_person(name, "pupil", number), SourceEnrolment(unit, school_type, year, ""), groups)


def a_duty(name: str, *classes: str) -> SourceDuty:
    """A teacher with a duty at the school unit, who teaches these classes."""
    duty, number = id_of(f"duty {name}"), f"1979{id_of(name).int % 10**8:08}"
    return SourceDuty(duty, str(duty), _person(name, "staff", number), UNIT, "Lärare", frozenset(map(id_of, classes)))


def _person(name: str, role: str, number: str) -> SourcePerson:
    return SourcePerson(
        id_of(name), str(id_of(name)), role, number, f"{name.lower()}@skola.se", name, "", "Ek", "k@skola.se", "Ingen"
    )


@dataclass
class MemorySource:
    """What it says now. `ended` are records that it says have ended; `refused` stands on a row that cannot be used."""

    records: Sequence[SourceRecord] = ()
    is_full: bool = True
    ended: Sequence[SourceRecord] = ()
    refused: Sequence[str] = ()
    unreachable: str = ""

    @property
    def kind(self) -> SourceKind:
        """Its one line of registration."""
        return SourceKind("memory", "Minnet", WORDS, lambda _: self)

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """As source.Source."""
        if self.unreachable:
            raise SourceRefused(self.unreachable)
        yield self._reader

    def _reader(self, organisation_id: uuid.UUID, kept_groups: KeptGroups) -> Reader:
        return _MemoryReader(self)


@dataclass
class _MemoryReader:
    source: MemorySource
    notes: list[Problem] = field(default_factory=list)
    found_last: list[Problem] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.source.is_full

    @property
    def total(self) -> int:
        return len(self.source.records) + len(self.source.ended) + len(self.source.refused)

    def person_rows(self) -> Iterator[PersonRow]:
        for section in (Section.PUPILS, Section.DUTIES):
            for number, (record, removed) in enumerate(self._of(section), 1):
                if isinstance(record, SourcePupil | SourceDuty):
                    one = record.person
                    yield PersonRow(
                        section, WORDS[section], number, one.role, one.id, one.source_id, _unit(record), one.eppn,
                        one.civic_number, one.given_name, one.family_name, removed,
                    )  # fmt: skip

    def ids_in(self, section: Section) -> set[tuple[str, str]]:
        return {(UNIT, one.person.source_id if isinstance(one, SourcePupil) else one.source_id)
                for one, _ in self._of(section)}  # fmt: skip

    def group_names(self) -> set[tuple[str, str]]:
        return {(UNIT, one.name) for one in self.source.records if isinstance(one, SourceGroup)}

    def sections(self) -> Iterator[Iterator[RowRead]]:
        for section in Section:
            yield self._rows(section)

    def _rows(self, section: Section) -> Iterator[RowRead]:
        for number, (record, removed) in enumerate(self._of(section), 1):
            yield RowRead(section, number, record.id, _unit(record), None if removed else record, removed=removed)
        if section is Section.PUPILS:
            for number, reason in enumerate(self.source.refused, 100):
                yield RowRead(section, number, None, UNIT, problems=[Problem(section, number, "namn", "", reason)])

    def _of(self, section: Section) -> Iterator[tuple[SourceRecord, bool]]:
        for records, removed in ((self.source.records, False), (self.source.ended, True)):
            yield from ((one, removed) for one in records if _section(one) is section)


def _unit(record: SourceRecord) -> str:
    return record.enrolment.school_unit_code if isinstance(record, SourcePupil) else record.school_unit_code


def _section(record: SourceRecord) -> Section:
    match record:
        case SourcePupil():
            return Section.PUPILS
        case SourceDuty():
            return Section.DUTIES
        case SourceGroup():
            return Section.CLASSES if record.group_type == "Klass" else Section.TEACHING_GROUPS
