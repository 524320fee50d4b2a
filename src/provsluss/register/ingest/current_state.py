"""The register as it is: the objects of a batch of rows, in the shape in which a source says them.

Every query here goes by id alone, and the organisation is checked on what comes back. Asked for both, SQLite without
statistics goes through all that the organisation has instead of looking up five hundred ids, for every batch.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Membership, Person
from provsluss.register.source_records import (
    DUTY_ATTRIBUTES,
    ENROLMENT_ATTRIBUTES,
    GROUP_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    RowRead,
    SourceDuty,
    SourceEnrolment,
    SourceGroup,
    SourcePupil,
    SourceRecord,
)

GROUPS = "groups"
"""Among the attributes: the groups of a pupil, or those that a duty's holder teaches."""
SUBJECTS = "taught_subjects"
"""Among the attributes of a duty: what its holder teaches each group, where the source tells."""
OTHER_ENROLMENTS = "other_enrolments"
"""Among the attributes: a pupil's enrolments besides the first (a frozenset of SourceEnrolment)."""
PERSON_SOURCE_ID = "person_source_id"
"""Among the attributes of a duty: the id that the source has for the person."""
_NO_OTHERS: frozenset[SourceEnrolment] = frozenset()
_OF_STAFF = tuple(name for name in PERSON_ATTRIBUTES if name not in ("source_id", "role"))

Attributes = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """One object of the register: its attributes, with those of what belongs to it, and where it came from."""

    attributes: Attributes
    is_active: bool
    source: str


Found = tuple[Attributes, bool, str]
"""A row of the register: attributes, whether it is active, source."""


def attributes_of(record: SourceRecord) -> Attributes:
    """What the row says, by attribute; the same names as in `Known.attributes`."""
    match record:
        case SourceGroup():
            return {name: getattr(record, name) for name in GROUP_ATTRIBUTES}
        case SourcePupil():
            person = {name: getattr(record.person, name) for name in PERSON_ATTRIBUTES}
            enrolment = {name: getattr(record.enrolment, name) for name in ENROLMENT_ATTRIBUTES}
            return {**person, **enrolment, OTHER_ENROLMENTS: record.other_enrolments, GROUPS: record.groups}
        case SourceDuty():
            duty = {name: getattr(record, name) for name in DUTY_ATTRIBUTES}
            person = {name: getattr(record.person, name) for name in _OF_STAFF}
            of_person = {**person, PERSON_SOURCE_ID: record.person.source_id}
            return {**duty, **of_person, GROUPS: record.groups, SUBJECTS: record.subjects}


def known_groups(organisation_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """The organisation's groups with these ids, ended ones too."""
    with scopes_disabled():
        rows = _found(Group.objects.filter(pk__in=ids), organisation_id, GROUP_ATTRIBUTES)
    return {pk: Known(attributes, active, source) for pk, (attributes, active, source) in rows.items()}


def known_pupils(organisation_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """The organisation's persons with these ids, each with the enrolments and the groups."""
    with scopes_disabled():
        persons = _found(Person.objects.filter(pk__in=ids), organisation_id, PERSON_ATTRIBUTES)
        enrolments = _enrolments_of(persons)
        groups = _groups_by(Membership.objects.filter(person_id__in=persons), "person_id")
    none: Attributes = {**dict.fromkeys(ENROLMENT_ATTRIBUTES), OTHER_ENROLMENTS: _NO_OTHERS}
    return {
        pk: Known({**attributes, **enrolments.get(pk, none), GROUPS: groups.get(pk, frozenset())}, active, source)
        for pk, (attributes, active, source) in persons.items()
    }


def known_duties(
    organisation_id: uuid.UUID, rows: Collection[RowRead], persons_before: dict[uuid.UUID, Found | None]
) -> dict[uuid.UUID, Known]:
    """The organisation's duties of these rows, each with the data of the person who the row says has it.

    A person with several duties has several rows, and storing the first changes the person. So that the later ones are
    held against the same, `persons_before` remembers persons as they were; new ones are added to it.
    """
    persons_of_duties = {row.record.id: row.record.person_id for row in rows if isinstance(row.record, SourceDuty)}
    with scopes_disabled():
        ids = [row.object_id for row in rows if row.object_id]
        duties = _found(Duty.objects.filter(pk__in=ids), organisation_id, DUTY_ATTRIBUTES)
        unseen = set(persons_of_duties.values()) - persons_before.keys()
        found = _found(Person.objects.filter(pk__in=unseen), organisation_id, PERSON_ATTRIBUTES)
        persons_before.update({pk: found.get(pk) for pk in unseen})
        taught = _taught_by(duties)
    known = {}
    for pk, (duty, duty_is_active, source) in duties.items():
        # A row that ends a duty says nothing of the person, and needs nothing of the person.
        nobody: Found = ({}, pk not in persons_of_duties, "")
        person, person_is_active, _ = persons_before.get(persons_of_duties.get(pk, pk)) or nobody
        of_person = {name: person.get(name) for name in _OF_STAFF}
        of_person[PERSON_SOURCE_ID] = person.get("source_id")
        of_groups = taught.get(pk, {})
        told = frozenset((group_id, subjects) for group_id, subjects in of_groups.items() if subjects)
        attributes = {**duty, **of_person, GROUPS: frozenset(of_groups), SUBJECTS: told}
        known[pk] = Known(attributes, duty_is_active and person_is_active, source)
    return known


def _enrolments_of(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, Attributes]:
    """Of each the first, as attributes, and the others; in the order in which rows of one pupil are put together."""
    found: dict[uuid.UUID, Attributes] = {}
    enrolled = Enrolment.objects.filter(person_id__in=persons).order_by("person_id", "school_unit_code", "school_type")
    for person_id, *values in enrolled.values_list("person_id", *ENROLMENT_ATTRIBUTES):
        first = found.get(person_id)
        if first is None:
            found[person_id] = {**dict(zip(ENROLMENT_ATTRIBUTES, values, strict=True)), OTHER_ENROLMENTS: _NO_OTHERS}
        else:
            first[OTHER_ENROLMENTS] = first[OTHER_ENROLMENTS] | {SourceEnrolment(*values)}  # type: ignore[operator]
    return found


def _found(
    objects: "QuerySet[Group] | QuerySet[Person] | QuerySet[Duty]",
    organisation_id: uuid.UUID,
    attributes: Sequence[str],
) -> dict[uuid.UUID, Found]:
    rows = objects.order_by().values_list("pk", "organisation_id", "ended_at", "source", *attributes)
    return {
        pk: (dict(zip(attributes, values, strict=True)), ended_at is None, source)
        for pk, owner, ended_at, source, *values in rows
        if owner == organisation_id
    }


def _taught_by(duties: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """By duty, the groups with what each is taught."""
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    links = DutyAssignment.objects.filter(duty_id__in=duties).order_by()
    for duty_id, group_id, subjects in links.values_list("duty_id", "group_id", "subjects"):
        found[duty_id][group_id] = subjects
    return found


def _groups_by(links: "QuerySet[Membership]", owner: str) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for owner_id, group_id in links.order_by().values_list(owner, "group_id"):
        found[owner_id].add(group_id)
    return {owner_id: frozenset(groups) for owner_id, groups in found.items()}
