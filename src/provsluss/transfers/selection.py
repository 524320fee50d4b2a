"""Which objects some test activities want at Skolverket (design.md section 3.2).

Wanted are their groups, the classes of the groups' pupils, the pupils, the teachers and the leaders of the school
units, and the staff that a test activity asks for besides. The union is taken, so that each object is sent once.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership
from provsluss.ss12000.code_lists import LEADING_ROLES, Kind
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import TestActivity, TestActivityGroup


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
    activities = list(test_activities)
    links = list(
        TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None).values_list(
            "test_activity_id", "group_id", "group__group_type", "group__school_unit_code"
        )
    )
    pupils = _pupils(activities)
    groups = {group_id: WantedGroup(group_id) for group_id in _classes(activities)}
    parts: dict[uuid.UUID, WantedActivity] = {}
    national_test = {activity.pk: activity.national_test for activity in activities}
    for activity_id, group_id, group_type, _ in links:
        sent_group_id = group_id
        groups[group_id] = WantedGroup(group_id)
        if group_type == Group.Type.CLASS:
            sent_group_id = stable_id(organisation.id, "class_as_teaching_group", str(activity_id), str(group_id))
            groups[sent_group_id] = WantedGroup(group_id, class_as_teaching_group=True)
        part_id = stable_id(organisation.id, "activity", str(activity_id), str(group_id))
        parts[part_id] = WantedActivity(activity_id, national_test[activity_id], group_id, sent_group_id)

    units = _units_by_activity(links)
    duties = frozenset().union(*(_duties(activity, units.get(activity.pk, frozenset())) for activity in activities))
    staff = Duty.objects.filter(pk__in=duties).values_list("person_id", flat=True)
    return Selection(pupils | frozenset(staff), duties, groups, parts)


def _pupils(activities: list[TestActivity]) -> frozenset[uuid.UUID]:
    return frozenset(
        Membership.objects.filter(
            group__test_activity_links__test_activity__in=activities, group__ended_at=None, person__ended_at=None
        ).values_list("person_id", flat=True)
    )


def _classes(activities: list[TestActivity]) -> frozenset[uuid.UUID]:
    """The classes that those pupils go in; Skolverket uses them to filter and sort (rules.md G4)."""
    pupils = Membership.objects.filter(
        group__test_activity_links__test_activity__in=activities, group__ended_at=None, person__ended_at=None
    ).values("person_id")
    return frozenset(
        Membership.objects.filter(
            person_id__in=pupils, group__group_type=Group.Type.CLASS, group__ended_at=None
        ).values_list("group_id", flat=True)
    )


def _units_by_activity(
    links: list[tuple[uuid.UUID, uuid.UUID, str, str]],
) -> dict[uuid.UUID, frozenset[str]]:
    units: dict[uuid.UUID, set[str]] = {}
    for activity_id, _, _, school_unit_code in links:
        units.setdefault(activity_id, set()).add(school_unit_code)
    return {activity_id: frozenset(codes) for activity_id, codes in units.items()}


def _duties(activity: TestActivity, units: frozenset[str]) -> frozenset[uuid.UUID]:
    """All staff of the units, or the groups' teachers, the units' leaders and those named (rules.md D5)."""
    active = Duty.objects.filter(ended_at=None, person__ended_at=None)
    at_units = active.filter(school_unit_code__in=units)
    if activity.all_staff:
        named = at_units.values_list("pk", flat=True)
    else:
        named = at_units.filter(duty_role__in=LEADING_ROLES).values_list("pk", flat=True)
    teachers = DutyAssignment.objects.filter(
        group__test_activity_links__test_activity=activity,
        group__ended_at=None,
        duty__ended_at=None,
        duty__person__ended_at=None,
    ).values_list("duty_id", flat=True)
    extra = active.filter(pk__in=activity.extra_duties.values("pk")).values_list("pk", flat=True)
    return frozenset(named) | frozenset(teachers) | frozenset(extra)
