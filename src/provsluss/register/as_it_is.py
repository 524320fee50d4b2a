"""The register as it is: the objects of a batch of rows, in the shape in which a source says them."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Membership, Person
from provsluss.register.said import (
    DUTY_ATTRIBUTES,
    ENROLMENT_ATTRIBUTES,
    GROUP_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    RowRead,
    Said,
    SaidDuty,
    SaidGroup,
    SaidPupil,
)

GROUPS = "groups"
"""Among the attributes: the groups of a pupil, or those that a duty's holder teaches."""
_OF_STAFF = tuple(name for name in PERSON_ATTRIBUTES if name not in ("source_id", "role"))

Attributes = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """One object of the register: its attributes, with those of what belongs to it, and where it came from."""

    attributes: Attributes
    is_active: bool
    source: str


def said_attributes(said: Said) -> Attributes:
    """What the row says, by attribute; the same names as in `Known.attributes`."""
    match said:
        case SaidGroup():
            return {name: getattr(said, name) for name in GROUP_ATTRIBUTES}
        case SaidPupil():
            person = {name: getattr(said.person, name) for name in PERSON_ATTRIBUTES}
            enrolment = {name: getattr(said.enrolment, name) for name in ENROLMENT_ATTRIBUTES}
            return {**person, **enrolment, GROUPS: said.groups}
        case SaidDuty():
            duty = {name: getattr(said, name) for name in DUTY_ATTRIBUTES}
            return {**duty, **{name: getattr(said.person, name) for name in _OF_STAFF}, GROUPS: said.groups}


def known_groups(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """The groups with these ids, ended ones too. Scope must be active, as for all of these."""
    return {
        row[0]: Known(dict(zip(GROUP_ATTRIBUTES, row[3:], strict=True)), row[1] is None, row[2])
        for row in Group.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "ended_at", "source", *GROUP_ATTRIBUTES)
    }


def known_pupils(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """The persons with these ids, each with the enrolment and the groups."""
    enrolments = {
        row[0]: dict(zip(ENROLMENT_ATTRIBUTES, row[1:], strict=True))
        for row in Enrolment.objects.filter(person_id__in=ids).values_list("person_id", *ENROLMENT_ATTRIBUTES)
    }
    groups = _groups_by(Membership.objects.filter(person_id__in=ids), "person_id")
    none: Attributes = dict.fromkeys(ENROLMENT_ATTRIBUTES)
    return {
        pk: Known({**attributes, **enrolments.get(pk, none), GROUPS: groups.get(pk, frozenset())}, active, source)
        for pk, (attributes, active, source) in _persons(ids).items()
    }


def known_duties(rows: Collection[RowRead]) -> dict[uuid.UUID, Known]:
    """The duties of these rows, each with the data of the person who the row says has it."""
    ids = [row.object_id for row in rows if row.object_id]
    said_person = {row.said.id: row.said.person_id for row in rows if isinstance(row.said, SaidDuty)}
    persons = _persons(said_person.values())
    groups = _groups_by(DutyAssignment.objects.filter(duty_id__in=ids), "duty_id")
    known = {}
    for pk, ended_at, source, *values in Duty.objects.filter(pk__in=ids).values_list(
        "pk", "ended_at", "source", *DUTY_ATTRIBUTES
    ):
        # A row that ends a duty says nothing of the person, and needs nothing of the person.
        nobody: tuple[Attributes, bool, str] = ({}, pk not in said_person, "")
        person, person_is_active, _ = persons.get(said_person.get(pk, pk), nobody)
        of_person = {name: person.get(name) for name in _OF_STAFF}
        duty = dict(zip(DUTY_ATTRIBUTES, values, strict=True))
        attributes = {**duty, **of_person, GROUPS: groups.get(pk, frozenset())}
        known[pk] = Known(attributes, ended_at is None and person_is_active, source)
    return known


def _persons(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Attributes, bool, str]]:
    rows = Person.objects.filter(pk__in=ids).order_by().values_list("pk", "ended_at", "source", *PERSON_ATTRIBUTES)
    return {row[0]: (dict(zip(PERSON_ATTRIBUTES, row[3:], strict=True)), row[1] is None, row[2]) for row in rows}


def _groups_by(
    links: "QuerySet[Membership] | QuerySet[DutyAssignment]", owner: str
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for owner_id, group_id in links.values_list(owner, "group_id"):
        found[owner_id].add(group_id)
    return {owner_id: frozenset(groups) for owner_id, groups in found.items()}
