"""Which objects some test activities want at Skolverket (design.md section 3.2).

Wanted are their groups, the classes of the groups' pupils, the pupils, the teachers and the leaders of the school
units, and the staff that a test activity asks for besides. The union is taken, so that each object is sent once.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership
from provsluss.ss12000.code_lists import LEADING_ROLES, Kind
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import TestActivity, TestActivityGroup

Activities = dict[uuid.UUID, TestActivity]
"""Test activities by their ids."""


@dataclass(frozen=True, slots=True)
class WantedGroup:
    """A group as it is sent: itself, or a class that takes a test as a teaching group of its own."""

    group_id: uuid.UUID
    class_as_teaching_group: bool = False


@dataclass(frozen=True, slots=True)
class WantedActivity:
    """One group's part in a test activity (one Activity a group, so that a teacher sees only the own pupils)."""

    test_activity_id: uuid.UUID
    national_test: str
    group_id: uuid.UUID
    sent_group_id: uuid.UUID


@dataclass(frozen=True)
class Selection:
    """The ids of all wanted objects. `groups` and `activities` say how each is made."""

    persons: frozenset[uuid.UUID]
    duties: frozenset[uuid.UUID]
    groups: dict[uuid.UUID, WantedGroup]
    activities: dict[uuid.UUID, WantedActivity]

    @cached_property
    def sorted_ids(self) -> dict[Kind, list[uuid.UUID]]:
        """The wanted ids of each kind, in the order in which they are made ready."""
        return {
            "persons": sorted(self.persons),
            "duties": sorted(self.duties),
            "groups": sorted(self.groups),
            "activities": sorted(self.activities),
        }


def select(organisation: Organisation, test_activities: Iterable[TestActivity]) -> Selection:
    """What `test_activities` want, from the register as it stands. The organisation's scope must be active."""
    activities = {activity.pk: activity for activity in test_activities}
    links = list(
        TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None).values_list(
            "test_activity_id", "group_id", "group__group_type", "group__school_unit_code"
        )
    )
    taking = {group_id for _, group_id, _, _ in links}
    pupils = _pupils(activities)
    groups = {group_id: WantedGroup(group_id) for group_id in taking | _classes(activities)}
    parts: dict[uuid.UUID, WantedActivity] = {}
    for activity_id, group_id, group_type, _ in links:
        sent_group_id = group_id
        if group_type == Group.Type.CLASS:
            sent_group_id = stable_id(organisation.id, "class_as_teaching_group", str(activity_id), str(group_id))
            groups[sent_group_id] = WantedGroup(group_id, class_as_teaching_group=True)
        part_id = stable_id(organisation.id, "activity", str(activity_id), str(group_id))
        parts[part_id] = WantedActivity(activity_id, activities[activity_id].national_test, group_id, sent_group_id)

    duties = _staff_of_units(activities, links) | _teachers(activities) | _named_staff(activities)
    holders = frozenset(Duty.objects.filter(pk__in=duties).values_list("person_id", flat=True).distinct())
    return Selection(pupils | holders, duties, groups, parts)


def _pupils(activities: Activities) -> frozenset[uuid.UUID]:
    return frozenset(_memberships(activities).values_list("person_id", flat=True).distinct())


def _memberships(activities: Activities) -> "QuerySet[Membership]":
    """The memberships of the groups that take a test."""
    taking = TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None)
    return Membership.objects.filter(group_id__in=taking.values("group_id"), person__ended_at=None)


def _classes(activities: Activities) -> frozenset[uuid.UUID]:
    """The classes that those pupils go in; Skolverket uses them to filter and sort (rules.md G4)."""
    # Asked from the class's side: the other way round SQLite tries every class against every pupil.
    a_member = Membership.objects.filter(
        group=OuterRef("pk"), person_id__in=_memberships(activities).values("person_id")
    )
    classes = Group.objects.filter(Exists(a_member), group_type=Group.Type.CLASS, ended_at=None)
    return frozenset(classes.values_list("pk", flat=True))


def _staff_of_units(activities: Activities, links: list[tuple[uuid.UUID, uuid.UUID, str, str]]) -> frozenset[uuid.UUID]:
    """All staff of a unit where a test activity asks for that, otherwise its leaders (rules.md D5)."""
    units = {code for _, _, _, code in links}
    whole_units = {code for activity_id, _, _, code in links if activities[activity_id].all_staff}
    wanted = Q(school_unit_code__in=whole_units) | Q(school_unit_code__in=units, duty_role__in=LEADING_ROLES)
    return frozenset(_active_duties().filter(wanted).values_list("pk", flat=True))


def _teachers(activities: Activities) -> frozenset[uuid.UUID]:
    taking = TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None)
    assignments = DutyAssignment.objects.filter(group_id__in=taking.values("group_id"), duty__in=_active_duties())
    return frozenset(assignments.values_list("duty_id", flat=True).distinct())


def _named_staff(activities: Activities) -> frozenset[uuid.UUID]:
    named = TestActivity.extra_duties.through.objects.filter(testactivity__in=activities)
    return frozenset(_active_duties().filter(pk__in=named.values("duty_id")).values_list("pk", flat=True))


def _active_duties() -> "QuerySet[Duty]":
    return Duty.objects.filter(ended_at=None, person__ended_at=None)
