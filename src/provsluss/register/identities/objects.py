"""Groups and duties that the register has under another id: spelled otherwise, of a unit with a new code, all new."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import NamedTuple

from django_scopes import scopes_disabled

from provsluss.register.identities.school_unit_codes import NewCodes
from provsluss.register.models import Duty, Group
from provsluss.register.sections import Section
from provsluss.register.source_ids import meant_id
from provsluss.register.source_records import RowRead, SourceDuty, SourceGroup, SourcePupil

Written = Callable[[Section], Collection[tuple[str, str]]]
"""Gives, of a section, the school unit code and the id on each of its rows."""
_DUTY = "duty"


class _Object(NamedTuple):
    id: uuid.UUID
    kind: str
    school_unit_code: str
    source_id: str
    name: tuple[str, ...]
    """What tells it apart besides its id."""


class Objects:
    """Knows which object of the register a row with an unknown id is about. Told of all rows in their order."""

    def __init__(
        self, organisation_id: uuid.UUID, codes: NewCodes, written: Written, is_full: bool, all_anew: bool
    ) -> None:
        """`is_full`: what the rows do not name is gone, so that one of the same name can be it with a new id.

        A duty is, since it is the same person's; a group only where also persons have new ids (`all_anew`): otherwise
        a class of the same name is another year's.
        """
        self._old_codes = {new: old for old, new in codes.items()}
        self._written = written
        self._written_on: dict[Section, Collection[tuple[str, str]]] = {}
        self._ids: set[uuid.UUID] = set()
        self._by_source_id: dict[tuple[str, str, str], list[_Object]] = defaultdict(list)
        self._by_name: dict[tuple[str, str, tuple[str, ...]], list[_Object]] = defaultdict(list)
        self._same: dict[uuid.UUID, uuid.UUID] = {}
        """The register's id by the one that is made of the row."""
        for one in _all(organisation_id):
            self._ids.add(one.id)
            self._by_source_id[one.kind, one.school_unit_code, meant_id(one.source_id)].append(one)
            if one.school_unit_code in codes or all_anew or (is_full and one.kind == _DUTY):
                self._by_name[one.kind, one.school_unit_code, one.name].append(one)

    def apply(self, row: RowRead) -> None:
        """Let the row be about the object that the register has, and refer to groups as the register has them."""
        is_unknown = row.kind != "pupils" and row.object_id and row.object_id not in self._ids
        if is_unknown and row.object_id and (found := self._found(row)):
            self._same[row.object_id] = found.id
            row.object_id = found.id
            if isinstance(row.record, SourceGroup | SourceDuty):
                is_same = meant_id(found.source_id) == meant_id(row.source_id)
                row.record = replace(row.record, id=found.id, source_id=found.source_id if is_same else row.source_id)
        if self._same and isinstance(row.record, SourcePupil | SourceDuty):
            row.record = replace(row.record, groups=frozenset(map(self.as_in_register, row.record.groups)))
        if self._same and isinstance(row.record, SourceDuty):
            told = frozenset((self.as_in_register(group_id), codes) for group_id, codes in row.record.subjects)
            row.record = replace(row.record, subjects=told)

    def as_in_register(self, object_id: uuid.UUID) -> uuid.UUID:
        """The register's id of the object whose row makes it `object_id`."""
        return self._same.get(object_id, object_id)

    def _found(self, row: RowRead) -> _Object | None:
        kind, unit = _kind(row), row.school_unit_code
        alike = self._by_source_id.get((kind, unit, meant_id(row.source_id)), [])
        if not alike and (old := self._old_codes.get(unit)):
            alike = self._by_source_id.get((kind, old, meant_id(row.source_id)), [])
            alike = alike or self._by_name.get((kind, old, _name(row)), [])
        alike = alike or self._by_name.get((kind, unit, _name(row)), [])
        taken = self._same.values()
        free = [one for one in alike if one.id not in taken and not self._has_another_row(one, row)]
        return free[0] if len(free) == 1 else None

    def _has_another_row(self, one: _Object, row: RowRead) -> bool:
        """Whether a row besides this is of the object, with the id as the register has it."""
        section = row.section
        if (one.school_unit_code, one.source_id) == (row.school_unit_code, row.source_id):
            return False
        if section not in self._written_on:
            self._written_on[section] = self._written(section)
        return (one.school_unit_code, one.source_id) in self._written_on[section]


def _all(organisation_id: uuid.UUID) -> list[_Object]:
    with scopes_disabled():
        groups = Group.objects.filter(organisation_id=organisation_id, ended_at=None).order_by()
        fields = ("pk", "group_type", "school_unit_code", "source_id", "school_type", "name")
        found = [
            _Object(pk, group_type, unit, source_id, (school_type, name))
            for pk, group_type, unit, source_id, school_type, name in groups.values_list(*fields).iterator(2000)
        ]
        duties = Duty.objects.filter(organisation_id=organisation_id, ended_at=None).order_by()
        for pk, unit, source_id, person_id, role in duties.values_list(
            "pk", "school_unit_code", "source_id", "person_id", "duty_role"
        ).iterator(2000):
            found.append(_Object(pk, _DUTY, unit, source_id, (str(person_id), role)))
    return found


def _kind(row: RowRead) -> str:
    return row.section.group_type or _DUTY


def _name(row: RowRead) -> tuple[str, ...]:
    match row.record:
        case SourceGroup() as group:
            return group.school_type, group.name
        case SourceDuty() as duty:
            return str(duty.person_id), duty.duty_role
    return ()
