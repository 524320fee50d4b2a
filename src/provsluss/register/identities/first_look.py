"""Which rows need a second look: those that say something else of a person than the register or another row does.

In an ordinary file nearly all rows agree with the register, or are of persons whom nobody knows. Only hashes are kept
of them, since there can be hundreds of thousands.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from provsluss.register.identities.register_persons import Index, all_of
from provsluss.register.models import Person
from provsluss.register.source_ids import meant_id
from provsluss.register.source_records import PersonRow

Rows = Callable[[], Iterable[PersonRow]]
"""Gives all rows of pupils and staff, from the first on, each time it is called."""


@dataclass(slots=True)
class FirstLook:
    """What a first look at all rows has found: hashes of those who are in question, and the school units of pupils."""

    school_units: set[str] = field(default_factory=set)
    _persons: set[int] = field(default_factory=set)
    _eppns: set[int] = field(default_factory=set)
    _civic_numbers: set[int] = field(default_factory=set)
    _source_ids: set[int] = field(default_factory=set)
    _ended: set[int] = field(default_factory=set)

    def in_question(self, rows: Rows) -> Iterator[PersonRow]:
        """The rows that differ from the register, that collide with each other, or that end a pupil, in their order."""
        persons = self._persons | self._ended
        if not (persons or self._eppns or self._civic_numbers):
            return
        for row in rows():
            if (
                hash(row.person_id) in persons
                or hash(row.eppn) in self._eppns
                or hash((row.role, row.civic_number)) in self._civic_numbers
                or (self._source_ids and hash((row.role, meant_id(row.source_id))) in self._source_ids)
            ):
                yield row

    def take(self, rows: Iterable[PersonRow], index: Index) -> None:
        """Look at all rows, and hold them against the register and each other."""
        pupils: set[int] = set()
        by_eppn: dict[int, int] = {}
        by_civic_number: dict[int, int] = {}
        for row in rows:
            person, role = hash(row.person_id), row.role
            if role == Person.Role.PUPIL:
                self.school_units.add(row.school_unit_code)
                if row.removed:
                    self._ended.add(person)
            if row.removed:
                continue
            eppn, civic_number = hash(row.eppn), hash((role, row.civic_number))
            self._hold_against(index, row, person, civic_number)
            if role == Person.Role.PUPIL:
                if person in pupils:
                    self._persons.add(person)
                pupils.add(person)
            if row.eppn and by_eppn.setdefault(eppn, person) != person:
                self._eppns.add(eppn)
            if row.civic_number and by_civic_number.setdefault(civic_number, person) != person:
                self._civic_numbers.add(civic_number)

    def _hold_against(self, index: Index, row: PersonRow, person: int, civic_number: int) -> None:
        """Whether the register has the person otherwise; or not under that id, but something of the person."""
        known = index.persons.get(person)
        if known is not None:
            if known != all_of(row.role, row.eppn, row.civic_number, row.given_name, row.family_name):
                self._persons.add(person)
        else:
            source_id = hash((row.role, meant_id(row.source_id)))
            if source_id in index.source_ids:
                self._persons.add(person)
                self._source_ids.add(source_id)
            elif civic_number in index.civic_numbers or hash((row.role, row.eppn)) in index.eppns:
                self._persons.add(person)
