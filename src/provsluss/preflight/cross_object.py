"""What only shows when the whole organisation is seen at once (rules/cross_object.py), asked of the database as sets.

Only rows that may break a rule are read, so memory stays flat however large the register is.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Lower, Substr, Trim

from provsluss.batching import in_pieces
from provsluss.organisations.models import Organisation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import Duty, Enrolment, Group, Membership, Person
from provsluss.register.sources.skolverket_workbook.source import SOURCE as WORKBOOK
from provsluss.rules import cross_object
from provsluss.rules.activities import is_meant_for
from provsluss.rules.catalogue_snapshot import Catalogue, NationalTestFacts
from provsluss.rules.cross_object import Found, FoundTogether
from provsluss.rules.findings import Finding
from provsluss.rules.protection import marking_not_sent, unprepared_organisation
from provsluss.ss12000.code_lists import LEADING_ROLES, UNPROTECTED
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Accepted, TestActivityGroup, TestActivityState


def found_together(organisation: Organisation, selection: Selection, catalogue: Catalogue) -> FoundTogether:
    """The findings of `selection` as a whole, and of what is missing in it. Needs the organisation's scope."""
    current = Person.objects.filter(ended_at=None)
    taking = _taking_groups(selection)
    groups = _groups(taking) + _forgotten_groups()
    in_several = frozenset(selection.in_several_classes & selection.persons)
    units = {group.school_unit_code for group in groups if group.id in taking}
    leaders = Duty.objects.filter(school_unit_code__in=units, duty_role__in=LEADING_ROLES, person__ended_at=None)
    named = [group for group in groups if group.id in taking]
    return FoundTogether(
        persons=cross_object.merged(
            _wanted(cross_object.shared_eppn(_sharing_eppn(current)), selection.persons),
            _wanted(cross_object.shared_number(_sharing_number(current)), selection.persons),
            _wanted(cross_object.exchanged_number(_exchanged(organisation)), selection.persons),
            _several_classes(in_several),
            _missed_pupils(selection, _cohorts(named, selection, catalogue)),
        ),
        duties=_wanted(cross_object.repeated_duty(_repeated_duties()), selection.duties),
        groups=cross_object.merged(
            cross_object.same_name(named),
            cross_object.group_with_several_tests(named, taking),
            cross_object.group_without_test(groups, taking.keys()),
        ),
        school_units=cross_object.unit_without_leader(leaders, named),
        organisation=_protection(organisation, selection)
        + cross_object.unfetched_list_of_tests(catalogue.national_tests_fetched or not selection.activities),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """A group as the rules need it: a model's instance takes five times as much memory."""

    id: uuid.UUID
    name: str
    group_type: str
    school_type: str
    school_unit_code: str


_GROUP_FIELDS = ("id", "name", "group_type", "school_type", "school_unit_code")


def _groups(ids: Iterable[uuid.UUID]) -> list[_Group]:
    return [
        _Group(*row)
        for piece in in_pieces(ids)
        for row in Group._base_manager.filter(pk__in=piece).values_list(*_GROUP_FIELDS)
    ]


def _taking_groups(selection: Selection) -> Counter[uuid.UUID]:
    """The groups that take a test, and how many test activities each is in."""
    return Counter(part.group_id for part in selection.activities.values())


def _forgotten_groups() -> list[_Group]:
    """Teaching groups that the source has a test for, but that are in no test activity, not even a paused one."""
    forgotten = Group.objects.filter(ended_at=None, group_type=Group.Type.TEACHING, test_activity_links=None)
    return [_Group(*row) for row in forgotten.exclude(national_test="").values_list(*_GROUP_FIELDS)]


def _sharing_eppn(current: "QuerySet[Person]") -> list[Person]:
    by_eppn = current.exclude(eppn="").order_by().annotate(same=Lower(Trim("eppn"))).values("same")
    shared = by_eppn.annotate(number=Count("pk")).filter(number__gt=1).values_list("same", flat=True)
    return [
        person
        for piece in in_pieces(list(shared))
        for person in current.annotate(same=Lower(Trim("eppn"))).filter(same__in=piece)
    ]


def _sharing_number(current: "QuerySet[Person]") -> list[Person]:
    numbers = current.exclude(civic_number="").order_by().values("role", "civic_number")
    shared = numbers.annotate(number=Count("pk")).filter(number__gt=1).values_list("civic_number", flat=True)
    return [person for piece in in_pieces(set(shared)) for person in current.filter(civic_number__in=piece)]


def _exchanged(organisation: Organisation) -> Iterator[Person]:
    """Persons with a TF-nummer, also one who has ended but is still at Skolverket, and all of the same birth date."""
    still_there = Accepted.objects.filter(environment=organisation.environment, kind="persons")
    ended = Person.objects.filter(
        civic_number__contains="TF", ended_at__isnull=False, pk__in=still_there.values("object_id")
    )
    current = Person.objects.filter(ended_at=None)
    with_tf = [*current.filter(civic_number__contains="TF"), *ended]
    births = sorted({person.civic_number[:8] for person in with_tf})
    yield from with_tf
    for piece in in_pieces(births):
        same_day = current.annotate(birth=Substr("civic_number", 1, 8)).filter(birth__in=piece)
        yield from same_day.exclude(civic_number__contains="TF")


def _several_classes(persons: frozenset[uuid.UUID]) -> Found:
    memberships = [
        membership
        for piece in in_pieces(sorted(persons))
        for membership in Membership._base_manager.filter(
            person_id__in=piece, group__group_type=Group.Type.CLASS, group__ended_at=None
        ).select_related("group")
    ]
    return cross_object.several_classes([membership.group for membership in memberships], memberships)


def _repeated_duties() -> list[Duty]:
    same = ("person_id", "school_unit_code", "duty_role")
    current = Duty.objects.filter(ended_at=None)
    repeated = current.order_by().values(*same).annotate(number=Count("pk")).filter(number__gt=1)
    holders = {row["person_id"] for row in repeated}
    return [duty for piece in in_pieces(sorted(holders)) for duty in current.filter(person_id__in=piece)]


def _protection(organisation: Organisation, selection: Selection) -> list[Finding]:
    """P19: whether protected persons are held back, and that some of them are at Skolverket without their marking."""
    if not (missing := missing_preparations(organisation)):
        return []
    marked = Person.objects.filter(ended_at=None).exclude(security_marking__in=UNPROTECTED)
    held = selection.wanted_among("persons", list(marked.values_list("pk", flat=True)))
    there = Accepted.objects.filter(environment=organisation.environment, kind="persons", object_id__in=held)
    found = [unprepared_organisation([what.label for what in missing])] if held else []
    if there.filter(payload__contains='"securityMarking":"Ingen"').exists():
        found.append(marking_not_sent())
    return found


Cohorts = dict[str, set[NationalTestFacts]]
"""The tests that somebody takes, by school unit."""


def _cohorts(groups: Iterable[_Group], selection: Selection, catalogue: Catalogue) -> Cohorts:
    units = {group.id: group.school_unit_code for group in groups}
    cohorts: Cohorts = defaultdict(set)
    for part in selection.activities.values():
        if (test := catalogue.national_tests.get(part.national_test)) and part.group_id in units:
            cohorts[units[part.group_id]].add(test)
    return cohorts


def _missed_pupils(selection: Selection, cohorts: Cohorts) -> Found:
    """A5: pupils of a school unit, school type and year where others take a test, who are in no group with one.

    A course test has no year, and a gymnasium has many pupils who do not take the course. There only those count whom
    Skolverket's workbook lists: it holds nobody else (rules.md section 4).
    """
    pupils = Person.objects.filter(ended_at=None, role=Person.Role.PUPIL).order_by()
    outside = (row for row in pupils.values_list("pk", "source").iterator(5000) if row[0] not in selection.persons)
    found: Found = {}
    for piece in in_pieces(outside):
        sources = dict(piece)
        enrolments = Enrolment._base_manager.filter(
            person_id__in=sources, cancelled=False, school_unit_code__in=list(cohorts)
        )
        expected = {
            enrolment.person_id
            for enrolment in enrolments
            for test in cohorts[enrolment.school_unit_code]
            if is_meant_for(test, enrolment)
            and (test.school_year is not None or sources[enrolment.person_id] == WORKBOOK)
        }
        missing = list(Person._base_manager.filter(pk__in=expected))
        waiting = _in_groups_of_inactive_tests(expected)
        found |= cross_object.pupils_of_inactive_tests(person for person in missing if person.pk in waiting)
        found |= cross_object.pupils_without_test([one for one in missing if one.pk not in waiting], (), frozenset())
    return found


def _in_groups_of_inactive_tests(pupils: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those of `pupils` (a piece of them) who are in a group of an archived or paused test activity."""
    links = TestActivityGroup._base_manager.filter(group=OuterRef("group"), group__ended_at=None)
    inactive = links.exclude(test_activity__state=TestActivityState.ACTIVE)
    memberships = Membership._base_manager.filter(Exists(inactive), person_id__in=pupils)
    return set(memberships.order_by().values_list("person_id", flat=True))


def _wanted(found: Found, ids: Collection[uuid.UUID]) -> Found:
    return {object_id: findings for object_id, findings in found.items() if object_id in ids}
