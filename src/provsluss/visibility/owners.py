"""Which test activity an Activity at Skolverket came from. Its id says so, if one tries (design.md section 3.2)."""

import uuid
from collections.abc import Iterable
from functools import cached_property

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.desired.selection import read_links
from provsluss.transfers.models import TestActivity, TestActivityGroup
from provsluss.visibility.graph import Graph


class ActivityOwners:
    """The test activities of an organisation, archived ones too, by the ids of their Activities.

    Needs the organisation's scope.
    """

    def __init__(self, organisation: Organisation, wanted: Graph) -> None:
        """What `wanted` has is known by it; the ids of the rest are worked out only when one of them is met."""
        self._organisation = organisation
        self._wanted = wanted
        self._class_of: dict[uuid.UUID, uuid.UUID] = {}

    def may_be_of(self, activity_id: uuid.UUID, test_activity: TestActivity) -> bool:
        """False when the id alone says that the Activity belongs to another test activity."""
        return (self._linked_to(activity_id) or test_activity.pk) == test_activity.pk

    def of(self, activity_id: uuid.UUID, groups: Iterable[uuid.UUID]) -> uuid.UUID | None:
        """The test activity of an Activity with these groups, also when the group has been taken out of it since.

        None when there is no such test activity any more.
        """
        if owner := self._linked_to(activity_id):
            return owner
        for group_id in groups:
            for test_activity_id in self._test_activities:
                if self._id("activity", test_activity_id, group_id) == activity_id:
                    return test_activity_id
            if group_id in self._classes_as_groups:
                owner, self._class_of[group_id] = self._classes_as_groups[group_id]
                return owner
        return None

    def register_id(self, group_id: uuid.UUID) -> uuid.UUID:
        """The group of the register that a group at Skolverket is: itself, or the class that it is made of."""
        if (wanted := self._wanted.groups.get(group_id)) and wanted.register_id:
            return wanted.register_id
        return self._class_of.get(group_id) or self._links[1].get(group_id, group_id)

    def _linked_to(self, activity_id: uuid.UUID) -> uuid.UUID | None:
        if wanted := self._wanted.activities.get(activity_id):
            return wanted.test_activity_id
        return self._links[0].get(activity_id)

    @cached_property
    def _links(self) -> tuple[dict[uuid.UUID, uuid.UUID], dict[uuid.UUID, uuid.UUID]]:
        """The test activities by the ids of their Activities, and the classes by the ids that they are sent with."""
        owners, classes = dict[uuid.UUID, uuid.UUID](), dict[uuid.UUID, uuid.UUID]()
        for test_activity_id, group_id, group_type, _ in read_links(TestActivityGroup.objects.order_by()):
            owners[self._id("activity", test_activity_id, group_id)] = test_activity_id
            if group_type == Group.Type.CLASS:
                classes[self._id("class_as_teaching_group", test_activity_id, group_id)] = group_id
        return owners, classes

    @cached_property
    def _test_activities(self) -> list[uuid.UUID]:
        return list(TestActivity.objects.order_by().values_list("pk", flat=True))

    @cached_property
    def _classes_as_groups(self) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]]:
        """(test activity, class) by the id of the group that the class would be sent as."""
        classes = list(Group.objects.filter(group_type=Group.Type.CLASS).order_by().values_list("pk", flat=True))
        return {
            self._id("class_as_teaching_group", test_activity_id, class_id): (test_activity_id, class_id)
            for test_activity_id in self._test_activities
            for class_id in classes
        }

    def _id(self, what: str, test_activity_id: uuid.UUID, group_id: uuid.UUID) -> uuid.UUID:
        return stable_id(self._organisation.id, what, str(test_activity_id), str(group_id))
