"""Which rows are in question: those that say something else of a person than the register or another row does.

In an ordinary file nearly all rows agree with the register, or are of persons whom nobody knows. Only hashes are kept
of them, since there can be hundreds of thousands.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from provsluss.register.identities.register_persons import Index, all_of
from provsluss.register.models import Person
from provsluss.register.source_ids import meant_id
from provsluss.register.source_records import PersonRow

Rows = Callable[[], Iterable[PersonRow]]
"""Gives all rows of pupils and staff, from the first on, each time it is called."""


def _hashes() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class _Seen:
    """What every row has, as hashes, in the order of the rows."""

    persons: "array[int]" = field(default_factory=_hashes)
    eppns: "array[int]" = field(default_factory=_hashes)
    civic_numbers: "array[int]" = field(default_factory=_hashes)
    source_ids: "array[int]" = field(default_factory=_hashes)


@dataclass(slots=True)
class _Odd:
    """What the rows in question have, as hashes."""

    persons: set[int] = field(default_factory=set)
    eppns: set[int] = field(default_factory=set)
    civic_numbers: set[int] = field(default_factory=set)
    source_ids: set[int] = field(default_factory=set)


@dataclass(slots=True)
class FirstLook:
    """A first look at all rows of a file: which of them are in question, and which school units have pupils."""

    school_units: set[str] = field(default_factory=set)
    _seen: _Seen = field(default_factory=_Seen)
    _odd: _Odd = field(default_factory=_Odd)
    _taken: dict[int, PersonRow] = field(default_factory=dict)
    """Rows that were found to be odd when they were looked at, by their place among all."""

    def take(self, rows: Iterable[PersonRow], index: Index) -> None:
        """Look at all rows, and hold them against the register and each other."""
        odd, seen = self._odd, self._seen
        pupils: set[int] = set()
        by_eppn: dict[int, int] = {}
        by_civic_number: dict[int, int] = {}
        for place, row in enumerate(rows):
            role = row.role
            person, eppn, number = hash(row.person_id), hash(row.eppn), hash((role, row.civic_number))
            source_id = hash((role, meant_id(row.source_id)))
            seen.persons.append(person)
            seen.eppns.append(eppn)
            seen.civic_numbers.append(number)
            seen.source_ids.append(source_id)
            is_pupil = role == Person.Role.PUPIL
            if is_pupil:
                self.school_units.add(row.school_unit_code)
            if row.removed:
                if is_pupil:
                    odd.persons.add(person)
                    self._taken[place] = row
                continue
            if self._is_odd(row, person, number, source_id, index):
                self._taken[place] = row
            if is_pupil:
                if person in pupils:
                    odd.persons.add(person)
                pupils.add(person)
            if row.eppn and by_eppn.setdefault(eppn, person) != person:
                odd.eppns.add(eppn)
            if row.civic_number and by_civic_number.setdefault(number, person) != person:
                odd.civic_numbers.add(number)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._seen.persons)

    def in_question(self, rows: Rows) -> list[PersonRow]:
        """The rows that differ from the register, that collide with each other or with such a row, or that end a pupil.

        `rows` are only gone through again where some were not odd when they were looked at.
        """
        odd, seen = self._odd, self._seen
        if not (odd.persons or odd.eppns or odd.civic_numbers or odd.source_ids):
            return []
        hashes = zip(seen.persons, seen.eppns, seen.civic_numbers, seen.source_ids, strict=True)
        places = {
            place
            for place, (person, eppn, number, source_id) in enumerate(hashes)
            if person in odd.persons or eppn in odd.eppns or number in odd.civic_numbers or source_id in odd.source_ids
        }
        if places - self._taken.keys():
            return [row for place, row in enumerate(rows()) if place in places]
        return [self._taken[place] for place in sorted(places)]

    def _is_odd(self, row: PersonRow, person: int, number: int, source_id: int, index: Index) -> bool:
        """Whether the register has the person otherwise; or not under that id, but something of the person."""
        odd, known, eppn = self._odd, index.persons.get(person), hash((row.role, row.eppn))
        if known is not None:
            if known == all_of(row.role, row.eppn, row.civic_number, row.given_name, row.family_name):
                return False
        elif source_id in index.source_ids:
            odd.source_ids.add(source_id)
        elif number not in index.civic_numbers and eppn not in index.eppns:
            return False
        odd.persons.add(person)
        return True
