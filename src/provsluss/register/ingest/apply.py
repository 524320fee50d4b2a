"""Writes what a source says into the register, a batch at a time. The caller holds the transaction.

The ids come from diff.py, which gives none of another organisation, so the statements go by id alone (current_state.py
says why).
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from django_scopes import scopes_disabled

from provsluss.register.ingest.bulk import insert, upsert
from provsluss.register.ingest.current_state import GROUPS, OTHER_ENROLMENTS, SUBJECTS
from provsluss.register.ingest.diff import Compared
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Import, Membership, Person
from provsluss.register.sections import RowKind
from provsluss.register.source_records import (
    DUTY_ATTRIBUTES,
    ENROLMENT_ATTRIBUTES,
    GROUP_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    SourceDuty,
    SourceGroup,
    SourcePerson,
    SourcePupil,
)
from provsluss.ss12000.code_lists import UNPROTECTED

_AT_ONCE = 500
"""Ids in one query."""


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
        self._store_groups([one for one in written if isinstance(one.row.record, SourceGroup)])
        self._store_pupils([one for one in written if isinstance(one.row.record, SourcePupil)])
        self._store_duties([one for one in written if isinstance(one.row.record, SourceDuty)])
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

    def leave_school_units(self, ids: Sequence[uuid.UUID], school_unit_codes: Collection[str]) -> None:
        """Take these pupils out of these school units, and of the groups there; elsewhere they stay as they are."""
        with scopes_disabled():
            for part in _parts(ids):
                Enrolment.objects.filter(person_id__in=part, school_unit_code__in=school_unit_codes).delete()
                Membership.objects.filter(person_id__in=part, group__school_unit_code__in=school_unit_codes).delete()
                Person.objects.filter(pk__in=part).update(changed_at=self._now, changed_by=self._import_run)

    def protect(self, markings: Mapping[uuid.UUID, str]) -> None:
        """Give these persons of the organisation the marking, where they have none."""
        with scopes_disabled():
            for person_id, marking in markings.items():
                Person.objects.filter(
                    pk=person_id, organisation_id=self._import_run.organisation_id, security_marking__in=UNPROTECTED
                ).update(security_marking=marking, changed_at=self._now, changed_by=self._import_run)

    def end_staff_without_duty(self) -> None:
        """End the members of staff who lost their last duty. Called once, when all rows are stored."""
        with scopes_disabled():
            for part in _parts(sorted(self._left_staff)):
                still = Duty.objects.filter(person_id__in=part, ended_at=None).values_list("person_id", flat=True)
                gone = set(part) - set(still)
                Person.objects.filter(pk__in=gone, role=Person.Role.STAFF, ended_at=None).update(**self._ending())

    def _store_groups(self, rows: list[Compared]) -> None:
        groups = [one.row.record for one in rows if isinstance(one.row.record, SourceGroup)]
        self._upsert(Group, GROUP_ATTRIBUTES, groups)

    def _store_pupils(self, rows: list[Compared]) -> None:
        pupils = [(one, one.row.record) for one in rows if isinstance(one.row.record, SourcePupil)]
        self._upsert(Person, PERSON_ATTRIBUTES, [record.person for _, record in pupils])
        moved = [(one, record) for one, record in pupils if _differs(one, (*ENROLMENT_ATTRIBUTES, OTHER_ENROLMENTS))]
        Enrolment.objects.filter(person_id__in=[record.id for one, record in moved if one.before]).delete()
        columns = ("person_id", "cancelled", *ENROLMENT_ATTRIBUTES)
        enrolments = ((record.id, one) for _, record in moved for one in (record.enrolment, *record.other_enrolments))
        insert(Enrolment, columns, ((person_id, False, *_enrolment(one)) for person_id, one in enrolments))
        regrouped = [(one, record) for one, record in pupils if _differs(one, (GROUPS,))]
        Membership.objects.filter(person_id__in=[record.id for one, record in regrouped if one.before]).delete()
        insert(Membership, ("person_id", "group_id"), _links(record for _, record in regrouped))

    def _store_duties(self, rows: list[Compared]) -> None:
        duties = [(one, one.row.record) for one in rows if isinstance(one.row.record, SourceDuty)]
        persons = {record.person.id: record.person for _, record in duties}
        self._upsert(Person, PERSON_ATTRIBUTES, persons.values())
        had_it = {one.before["person_id"] for one, _ in duties if one.before} - persons.keys()
        self._left_staff.update(person for person in had_it if isinstance(person, uuid.UUID))
        self._upsert(Duty, DUTY_ATTRIBUTES, [record for _, record in duties])
        regrouped = [(one, record) for one, record in duties if _differs(one, (GROUPS, SUBJECTS))]
        DutyAssignment.objects.filter(duty_id__in=[record.id for one, record in regrouped if one.before]).delete()
        insert(DutyAssignment, ("duty_id", "group_id", "subjects"), _taught(record for _, record in regrouped))

    def _upsert(
        self,
        model: type[Group] | type[Person] | type[Duty],
        attributes: tuple[str, ...],
        objects: Iterable[SourceGroup | SourcePerson | SourceDuty],
    ) -> None:
        origin = {
            "organisation_id": self._import_run.organisation_id,
            "source": self._import_run.source,
            "changed_by_id": self._import_run.pk,
            "changed_at": self._now,
            "ended_at": None,
        }
        values = attrgetter("id", *attributes)
        upsert(model, (*origin, "id", *attributes), ((*origin.values(), *values(record)) for record in objects))

    def _ending(self) -> dict[str, object]:
        return {"ended_at": self._now, "changed_at": self._now, "changed_by": self._import_run}


_enrolment = attrgetter(*ENROLMENT_ATTRIBUTES)


def _links(pupils: Iterable[SourcePupil]) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    return ((pupil.id, group_id) for pupil in pupils for group_id in sorted(pupil.groups))


def _taught(duties: Iterable[SourceDuty]) -> Iterator[tuple[uuid.UUID, uuid.UUID, str]]:
    for duty in duties:
        subjects = dict(duty.subjects)
        yield from ((duty.id, group_id, subjects.get(group_id, "")) for group_id in sorted(duty.groups))


def _differs(one: Compared, attributes: Iterable[str]) -> bool:
    if one.before is None:
        return True
    return any(name in attributes for name, _, _ in one.differences())


def _parts(ids: Sequence[uuid.UUID]) -> Iterable[Collection[uuid.UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
