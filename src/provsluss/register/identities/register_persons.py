"""The persons whom the register has, ended ones too: as a small index, and those of interest in full.

An EPPN is never another person's, also when its holder has left (rules.md P8), so those who have ended count.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django_scopes import scopes_disabled

from provsluss.batching import in_pieces
from provsluss.register.models import Enrolment, Person
from provsluss.register.source_ids import meant_id

_FIELDS = (
    "pk", "role", "source_id", "eppn", "civic_number", "given_name", "family_name", "ended_at", "security_marking",
)  # fmt: skip


class Known(NamedTuple):
    """One person of the register. `eppn` is in lower case; `school_units` are those of a pupil's enrolments."""

    id: uuid.UUID
    role: str
    source_id: str
    eppn: str
    civic_number: str
    given_name: str
    family_name: str
    is_active: bool
    security_marking: str
    school_units: frozenset[str] = frozenset()


@dataclass(slots=True)
class Index:
    """All persons by what a row can say of them, as hashes: there can be hundreds of thousands."""

    persons: dict[int, int] = field(default_factory=dict)
    """By id: everything that tells them apart."""
    eppns: set[int] = field(default_factory=set)
    civic_numbers: set[int] = field(default_factory=set)
    source_ids: set[int] = field(default_factory=set)


def index_of(organisation_id: uuid.UUID) -> Index:
    """All of the organisation's persons."""
    index = Index()
    for one in _all(organisation_id):
        index.persons[hash(one.id)] = all_of(one.role, one.eppn, one.civic_number, one.given_name, one.family_name)
        index.eppns.add(hash((one.role, one.eppn)))
        index.civic_numbers.add(hash((one.role, one.civic_number)))
        index.source_ids.add(hash((one.role, meant_id(one.source_id))))
    return index


def all_of(role: str, eppn: str, civic_number: str, given_name: str, family_name: str) -> int:
    """A hash of all that tells persons apart but their ids."""
    return hash((role, eppn, civic_number, given_name, family_name))


def persons_with(
    organisation_id: uuid.UUID,
    ids: Collection[uuid.UUID],
    eppns: Collection[tuple[str, str]],
    civic_numbers: Collection[tuple[str, str]],
    source_ids: Collection[tuple[str, str]],
) -> list[Known]:
    """Those who have one of the ids; or in the role one of the EPPN, the numbers, or the source's ids as meant."""
    found = [
        one
        for one in _all(organisation_id)
        if one.id in ids
        or (one.role, one.eppn) in eppns
        or (one.role, one.civic_number) in civic_numbers
        or (one.role, meant_id(one.source_id)) in source_ids
    ]
    units = _school_units({one.id for one in found if one.role == Person.Role.PUPIL})
    return [one._replace(school_units=frozenset(units[one.id])) if one.id in units else one for one in found]


def _all(organisation_id: uuid.UUID) -> Iterator[Known]:
    with scopes_disabled():  # by organisation, which is the whole of it
        rows = Person.objects.filter(organisation_id=organisation_id).order_by().values_list(*_FIELDS)
        for pk, role, source_id, eppn, civic_number, given_name, family_name, ended_at, marking in rows.iterator(2000):
            yield Known(
                pk, role, source_id, eppn.casefold(), civic_number, given_name, family_name, ended_at is None, marking
            )


def _school_units(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    units: dict[uuid.UUID, set[str]] = defaultdict(set)
    with scopes_disabled():
        for piece in in_pieces(ids):
            enrolled = Enrolment.objects.filter(person_id__in=piece, cancelled=False).order_by()
            for person_id, code in enrolled.values_list("person_id", "school_unit_code"):
                units[person_id].add(code)
    return units
