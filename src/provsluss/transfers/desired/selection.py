"""Which objects some test activities want at Skolverket (design.md section 3.2).

Wanted are their groups, the classes of the groups' pupils, the pupils, the teachers and the leaders of the school
units, and the staff that a test activity asks for besides. The union is taken, so that each object is sent once.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from provsluss.batching import Ids, as_text, in_pieces, keys_of
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.ss12000.code_lists import LEADING_ROLES, Kind
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState

Activities = dict[uuid.UUID, TestActivity]
"""Test activities by their ids."""
Part = tuple[uuid.UUID, "WantedActivity"]
"""The id of an Activity, and how it is made."""
Links = list[tuple[uuid.UUID, uuid.UUID, str, str]]
"""(test activity, group, its type, its school unit) of every group that takes a test."""
WANTING_STATES = (TestActivityState.ACTIVE, TestActivityState.PAUSED)
"""A paused provaktivitet is not sent, but it is to go on one day: what it wants stays at Skolverket."""


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


class Selection:
    """The ids of all wanted objects; `groups` and `activities` also say how each is made.

    Each kind is worked out when it is first asked for, and only once, so that the first call can leave early.
    """

    def __init__(self, organisation: Organisation, test_activities: Iterable[TestActivity]) -> None:
        """What `test_activities` want, from the register as it stands. Needs the organisation's scope throughout."""
        self._organisation = organisation
        self._activities = {activity.pk: activity for activity in test_activities}
        self._sorted: dict[Kind, list[uuid.UUID]] = {}

    @property
    def organisation(self) -> Organisation:
        """Whose it is."""
        return self._organisation

    def ids(self, kind: Kind) -> list[uuid.UUID]:
        """The wanted ids of one kind, in the order in which they are made ready."""
        if kind not in self._sorted:
            self._sorted[kind] = sorted(getattr(self, kind))
        return self._sorted[kind]

    def wanted_among(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that are wanted. Of persons only these are looked up, not everybody who is."""
        if kind != "persons":
            return {one for one in ids if one in getattr(self, kind)}
        found: set[uuid.UUID] = set()
        for piece in in_pieces(ids):
            placed = keys_of(
                Membership._base_manager.filter(person_id__in=piece, person__ended_at=None), "person_id", "group_id"
            )
            found |= {uuid.UUID(person) for person, group in placed if group in self._taking}
            held = Duty._base_manager.filter(person_id__in=piece).values_list("person_id", "pk")
            found |= {person_id for person_id, duty_id in held if duty_id in self.duties}
        return found

    @cached_property
    def persons(self) -> frozenset[uuid.UUID]:
        """The pupils of the groups, and those who hold the duties."""
        return frozenset(map(uuid.UUID, self.person_keys))

    @cached_property
    def person_keys(self) -> set[str]:
        """The same persons, by their keys (batching.keys_of)."""
        holders = (keys_of(Duty._base_manager.filter(pk__in=piece), "person_id") for piece in in_pieces(self.duties))
        return self.pupil_keys.union(*holders)

    @cached_property
    def duties(self) -> frozenset[uuid.UUID]:
        """The groups' teachers, the units' leaders or whole staff, and those named."""
        return (
            _staff_of_units(self._activities, self._links)
            | _teachers(self._activities)
            | _named_staff(self._activities)
        )

    @cached_property
    def groups(self) -> dict[uuid.UUID, WantedGroup]:
        """The groups that take a test, and the classes of their pupils."""
        taking = {group_id for _, group_id, _, _ in self._links}
        groups = {group_id: WantedGroup(group_id) for group_id in taking | self._classes}
        for part in self.activities.values():
            if part.sent_group_id != part.group_id:
                groups[part.sent_group_id] = WantedGroup(part.group_id, class_as_teaching_group=True)
        return groups

    @cached_property
    def activities(self) -> dict[uuid.UUID, WantedActivity]:
        """One for each group in each test activity."""
        return dict(self._part(*link) for link in self._links)

    @cached_property
    def pupil_keys(self) -> set[str]:
        """The pupils of the groups that take a test, by their keys (batching.keys_of)."""
        return _pupils(self._activities)

    @cached_property
    def _taking(self) -> set[str]:
        """The groups that take a test, by their keys. To ask for memberships of both makes SQLite try every group."""
        return set(keys_of(links_of(self._activities), "group_id"))

    @cached_property
    def _classes(self) -> frozenset[uuid.UUID]:
        """The classes that the groups' pupils go in; Skolverket uses them to filter and sort (rules.md G4)."""
        return _classes(self.pupil_keys)

    @cached_property
    def in_several_classes(self) -> frozenset[uuid.UUID]:
        """The pupils of the whole register who go in more than one class (rules.md G4)."""
        classes = Membership.objects.filter(group__group_type=Group.Type.CLASS, group__ended_at=None)
        several = classes.order_by().values("person_id").annotate(classes=Count("pk")).filter(classes__gt=1)
        return frozenset(several.values_list("person_id", flat=True))

    def _part(self, activity_id: uuid.UUID, group_id: uuid.UUID, group_type: str, _: str) -> "Part":
        of, both = self._organisation.id, (str(activity_id), str(group_id))
        sent_as = stable_id(of, "class_as_teaching_group", *both) if group_type == Group.Type.CLASS else group_id
        national_test = self._activities[activity_id].national_test
        return stable_id(of, "activity", *both), WantedActivity(activity_id, national_test, group_id, sent_as)

    @cached_property
    def _links(self) -> Links:
        return read_links(links_of(self._activities))


def everything_wanted(organisation: Organisation) -> Selection:
    """What is to be at Skolverket as the register stands: nothing of it is removed. Needs the organisation's scope."""
    return Selection(organisation, TestActivity.objects.filter(state__in=WANTING_STATES))


def links_of(activities: Activities) -> "QuerySet[TestActivityGroup]":
    """Which groups take which of the tests."""
    return TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None)


def read_links(links: "QuerySet[TestActivityGroup]") -> Links:
    """The same as Links."""
    ids = Ids()
    columns = (as_text("test_activity_id"), as_text("group_id"), "group__group_type", "group__school_unit_code")
    return [(ids[test], ids[group], kind, unit) for test, group, kind, unit in links.values_list(*columns)]


def _pupils(activities: Activities) -> set[str]:
    # Each membership is read, also of somebody who is there already, and those who have ended are taken away: as one
    # question, distinct and joined, it takes four times as long.
    found = set(keys_of(_memberships(activities), "person_id"))
    return found.difference(keys_of(Person.objects.filter(ended_at__isnull=False), "pk")) if found else found


def _memberships(activities: Activities) -> "QuerySet[Membership]":
    """Who is in the groups that take a test, also those who have ended. The groups are the organisation's own."""
    taking = TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None).order_by()
    return Membership._base_manager.filter(group_id__in=taking.values("group_id"))


def _classes(pupils: set[str]) -> frozenset[uuid.UUID]:
    # All classes with all who are in them: to ask for those of so many pupils takes a database ten times as long.
    classes = Membership.objects.filter(group__group_type=Group.Type.CLASS, group__ended_at=None)
    pairs = keys_of(classes, "person_id", "group_id") if pupils else iter(())
    return frozenset(map(uuid.UUID, {group for person, group in pairs if person in pupils}))


def _staff_of_units(activities: Activities, links: Links) -> frozenset[uuid.UUID]:
    """All staff of a unit where a test activity asks for that, otherwise its leaders (rules.md D5)."""
    units = {code for _, _, _, code in links}
    whole_units = {code for activity_id, _, _, code in links if activities[activity_id].all_staff}
    wanted = Q(school_unit_code__in=whole_units) | Q(school_unit_code__in=units, duty_role__in=LEADING_ROLES)
    return frozenset(_active_duties().filter(wanted).values_list("pk", flat=True))


def _teachers(activities: Activities) -> frozenset[uuid.UUID]:
    taking = TestActivityGroup.objects.filter(test_activity__in=activities, group__ended_at=None)
    assignments = DutyAssignment.objects.filter(
        group_id__in=taking.values("group_id"), duty__ended_at=None, duty__person__ended_at=None
    )
    return frozenset(assignments.values_list("duty_id", flat=True).distinct())


def _named_staff(activities: Activities) -> frozenset[uuid.UUID]:
    named = TestActivity.extra_duties.through.objects.filter(testactivity__in=activities)
    return frozenset(_active_duties().filter(pk__in=named.values("duty_id")).values_list("pk", flat=True))


def _active_duties() -> "QuerySet[Duty]":
    return Duty.objects.filter(ended_at=None, person__ended_at=None)
