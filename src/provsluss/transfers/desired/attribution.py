"""Which test activities an object has to do with: whom it concerns that something is wrong with it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from provsluss.batching import in_pieces
from provsluss.register.models import Duty, DutyAssignment, Group, Membership
from provsluss.ss12000.code_lists import LEADING_ROLES
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import TestActivity

Places = set[int]
"""Test activities, by their places in Control.test_activity_ids."""


class Reach:
    """Looks up the test activities of some hundreds of objects at a time. Holds only groups and school units itself."""

    def __init__(self, selection: Selection, test_activities: Sequence[TestActivity]) -> None:
        """`test_activities` in the order that gives their places. Needs the organisation's scope throughout."""
        self._selection = selection
        self.test_activities = test_activities
        self._place = {one.pk: place for place, one in enumerate(test_activities)}
        self._of_group: dict[uuid.UUID, Places] = defaultdict(set)
        self.units: dict[str, Places] = defaultdict(set)
        self.groups_of: dict[tuple[str, int], int] = defaultdict(int)
        """(school unit, place) → how many groups take the test there."""
        for part in selection.activities.values():
            self._of_group[part.group_id].add(self._place[part.test_activity_id])
        for piece in in_pieces(self._of_group):
            taking = Group._base_manager.filter(pk__in=piece)
            for group_id, code in taking.values_list("pk", "school_unit_code"):
                self.units[code] |= self._of_group[group_id]
                for place in self._of_group[group_id]:
                    self.groups_of[code, place] += 1
        self._all_staff = {place for place, one in enumerate(test_activities) if one.all_staff}
        named = TestActivity.extra_duties.through.objects.filter(testactivity__in=self._place)
        self._named: dict[uuid.UUID, Places] = defaultdict(set)
        for duty_id, activity_id in named.values_list("duty_id", "testactivity_id"):
            self._named[duty_id].add(self._place[activity_id])

    def of_pupils(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Places]:
        """The tests that these persons take."""
        found: dict[uuid.UUID, Places] = defaultdict(set)
        memberships = Membership._base_manager.filter(person_id__in=ids)
        for person_id, group_id in memberships.values_list("person_id", "group_id"):
            found[person_id] |= self._of_group.get(group_id, set())
        return found

    def of_persons(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Places]:
        """The tests that these persons take, or have duties for."""
        found = self.of_pupils(ids)
        duties = Duty._base_manager.filter(person_id__in=ids, ended_at=None)
        for duty, places in self.of_duties(duties):
            found[duty.person_id] |= places
        return found

    def of_duties(self, duties: Iterable[Duty]) -> list[tuple[Duty, Places]]:
        """Each duty with its tests: of the groups it teaches, of its school unit if it leads or is asked for there."""
        duties = list(duties)
        taught: dict[uuid.UUID, Places] = defaultdict(set)
        assignments = DutyAssignment._base_manager.filter(duty_id__in=[duty.pk for duty in duties])
        for duty_id, group_id in assignments.values_list("duty_id", "group_id"):
            taught[duty_id] |= self._of_group.get(group_id, set())
        return [(duty, taught[duty.pk] | self._named.get(duty.pk, set()) | self._at_unit(duty)) for duty in duties]

    def of_groups(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Places]:
        """The tests of these groups (register ids); of a class that takes none itself, those of its pupils."""
        found = {group_id: set(self._of_group.get(group_id, set())) for group_id in ids}
        return found | self.of_classes([group_id for group_id, places in found.items() if not places])

    def of_classes(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Places]:
        """The tests that the pupils of these classes (register ids) take, in whatever group."""
        found: dict[uuid.UUID, Places] = {class_id: set() for class_id in ids}
        beside = Membership._base_manager.filter(group_id__in=ids).order_by()
        for class_id, group_id in beside.values_list("group_id", "person__memberships__group_id").distinct():
            found[class_id] |= self._of_group.get(group_id, set())
        return found

    def of_activities(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Places]:
        """The test activity that each activity is a part of."""
        parts = self._selection.activities
        return {one: {self._place[parts[one].test_activity_id]} for one in ids if one in parts}

    def _at_unit(self, duty: Duty) -> Places:
        here = self.units.get(duty.school_unit_code, set())
        return here if duty.duty_role in LEADING_ROLES else here & self._all_staff


def written(places: Collection[int]) -> str:
    """As ControlFinding.tests holds them: " 0 7 ", so that a whole number can be searched for."""
    return f" {' '.join(str(place) for place in sorted(places))} " if places else ""
