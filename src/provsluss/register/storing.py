"""Writes what a source says into the register, a batch at a time. The caller holds the transaction.

The ids come from `comparing`, which gives none of another organisation, so the statements go by id alone (see as_it_is
for why).
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import connection
from django.db.models import Manager
from django_scopes import scopes_disabled

from provsluss.register.as_it_is import GROUPS
from provsluss.register.comparing import Compared
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Import, Membership, Person
from provsluss.register.said import (
    DUTY_ATTRIBUTES,
    ENROLMENT_ATTRIBUTES,
    GROUP_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    RowKind,
    SaidDuty,
    SaidGroup,
    SaidPerson,
    SaidPupil,
)

_AT_ONCE = 500
"""Ids in one query."""
_Model = TypeVar("_Model", Group, Person, Duty)


class Storing:
    """Writes on behalf of one import, all with the same time."""

    def __init__(self, import_run: Import, now: datetime) -> None:
        self._import_run = import_run
        self._now = now
        self._left_staff: set[uuid.UUID] = set()

    def store(self, batch: Iterable[Compared]) -> None:
        """Write the new and changed rows, and end what rows say has ended. What is unchanged is not touched."""
        with scopes_disabled():
            self._store(list(batch))

    def _store(self, rows: list[Compared]) -> None:
        written = [one for one in rows if one.what in ("new", "changed")]
        self._store_groups([one for one in written if isinstance(one.row.said, SaidGroup)])
        self._store_pupils([one for one in written if isinstance(one.row.said, SaidPupil)])
        self._store_duties([one for one in written if isinstance(one.row.said, SaidDuty)])
        for kind in ("groups", "pupils", "duties"):
            self.end(
                kind, [i for one in rows if one.what == "ended" and one.row.kind == kind and (i := one.row.object_id)]
            )

    def end(self, kind: RowKind, ids: Sequence[uuid.UUID]) -> None:
        """End these objects, and take them out of groups; they can come back with the same id."""
        with scopes_disabled():
            for part in _parts(ids):
                self._end(kind, part)

    def _end(self, kind: RowKind, ids: Collection[uuid.UUID]) -> None:
        match kind:
            case "groups":
                Group.objects.filter(pk__in=ids).update(**self._ending())
            case "pupils":
                Membership.objects.filter(person_id__in=ids).delete()
                Person.objects.filter(pk__in=ids).update(**self._ending())
            case "duties":
                DutyAssignment.objects.filter(duty_id__in=ids).delete()
                duties = Duty.objects.filter(pk__in=ids)
                self._left_staff.update(duties.values_list("person_id", flat=True))
                duties.update(**self._ending())

    def end_staff_without_duty(self) -> None:
        """End the members of staff who lost their last duty. Called once, when all rows are stored."""
        with scopes_disabled():
            for part in _parts(sorted(self._left_staff)):
                still = Duty.objects.filter(person_id__in=part, ended_at=None).values_list("person_id", flat=True)
                gone = set(part) - set(still)
                Person.objects.filter(pk__in=gone, role=Person.Role.STAFF, ended_at=None).update(**self._ending())

    def _store_groups(self, rows: list[Compared]) -> None:
        groups = [one.row.said for one in rows if isinstance(one.row.said, SaidGroup)]
        _upsert(Group, [Group(id=said.id, **self._origin(), **_values(said, GROUP_ATTRIBUTES)) for said in groups])

    def _store_pupils(self, rows: list[Compared]) -> None:
        pupils = [(one, one.row.said) for one in rows if isinstance(one.row.said, SaidPupil)]
        _upsert(Person, [self._person(said.person) for _, said in pupils])
        moved = [(one, said) for one, said in pupils if _differs(one, ENROLMENT_ATTRIBUTES)]
        Enrolment.objects.filter(person_id__in=[said.id for one, said in moved if one.before]).delete()
        Enrolment.objects.bulk_create(
            Enrolment(person_id=said.id, **_values(said.enrolment, ENROLMENT_ATTRIBUTES)) for _, said in moved
        )
        regrouped = [(one, said) for one, said in pupils if _differs(one, (GROUPS,))]
        Membership.objects.filter(person_id__in=[said.id for one, said in regrouped if one.before]).delete()
        _link(Membership, "person", ((said.id, group_id) for _, said in regrouped for group_id in sorted(said.groups)))

    def _store_duties(self, rows: list[Compared]) -> None:
        duties = [(one, one.row.said) for one in rows if isinstance(one.row.said, SaidDuty)]
        persons = {said.person.id: said.person for _, said in duties}
        _upsert(Person, [self._person(person) for person in persons.values()])
        before = {
            one.before["person_id"] for one, said in duties if one.before and one.before["person_id"] != said.person_id
        }
        self._left_staff.update(person for person in before if isinstance(person, uuid.UUID))
        _upsert(Duty, [Duty(id=said.id, **self._origin(), **_values(said, DUTY_ATTRIBUTES)) for _, said in duties])
        regrouped = [(one, said) for one, said in duties if _differs(one, (GROUPS,))]
        DutyAssignment.objects.filter(duty_id__in=[said.id for one, said in regrouped if one.before]).delete()
        _link(
            DutyAssignment, "duty", ((said.id, group_id) for _, said in regrouped for group_id in sorted(said.groups))
        )

    def _person(self, said: SaidPerson) -> Person:
        return Person(id=said.id, **self._origin(), **_values(said, PERSON_ATTRIBUTES))

    def _origin(self) -> dict[str, object]:
        return {
            "organisation_id": self._import_run.organisation_id,
            "source": self._import_run.source,
            "changed_by_id": self._import_run.pk,
            "changed_at": self._now,
            "ended_at": None,
        }

    def _ending(self) -> dict[str, object]:
        return {"ended_at": self._now, "changed_at": self._now, "changed_by": self._import_run}


def _upsert(model: type[_Model], objects: Iterable[_Model]) -> None:
    """Make or change the objects, by id, in as few statements as the database takes."""
    fields = [f.name for f in model._meta.concrete_fields if f.name not in ("id", "organisation")]
    manager: Manager[_Model] = model._default_manager
    manager.bulk_create(objects, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def _link(
    model: type[Membership] | type[DutyAssignment], owner: str, pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> None:
    """Put owners into groups. Straight SQL, because there are many and a model instance for each takes most time."""
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = [by_name[owner], by_name["group"]]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES (%s, %s)",  # noqa: S608 - only names out of our own models
            [
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, pair, strict=True)]
                for pair in pairs
            ],
        )


def _values(said: object, attributes: Iterable[str]) -> dict[str, object]:
    return {name: getattr(said, name) for name in attributes}


def _differs(one: Compared, attributes: Iterable[str]) -> bool:
    if one.before is None:
        return True
    return any(name in attributes for name, _, _ in one.differences())


def _parts(ids: Sequence[uuid.UUID]) -> Iterable[Collection[uuid.UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
