"""Which test activity an Activity at Skolverket came from. Its id says so, if one tries (design.md section 3.2)."""

import uuid
from collections.abc import Iterable
from functools import cached_property

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.ss12000.ids import stable_id
from provsluss.transfers.models import TestActivity, TestActivityGroup


class ActivityOwners:
    """The test activities of an organisation, archived ones too, by the ids of their Activities.

    Needs the organisation's scope. `class_of` says which class a group at Skolverket is made of.
    """

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self.class_of: dict[uuid.UUID, uuid.UUID] = {}
        self._linked: dict[uuid.UUID, uuid.UUID] = {}
        links = TestActivityGroup.objects.order_by().values_list("test_activity_id", "group_id", "group__group_type")
        for test_activity_id, group_id, group_type in links:
            self._linked[self._id("activity", test_activity_id, group_id)] = test_activity_id
            if group_type == Group.Type.CLASS:
                self.class_of[self._id("class_as_teaching_group", test_activity_id, group_id)] = group_id

    def may_be_of(self, activity_id: uuid.UUID, test_activity: TestActivity | None) -> bool:
        """False when the id alone says that the Activity belongs to another test activity. None means any."""
        return test_activity is None or self._linked.get(activity_id, test_activity.pk) == test_activity.pk

    def of(self, activity_id: uuid.UUID, groups: Iterable[uuid.UUID]) -> uuid.UUID | None:
        """The test activity of an Activity with these groups, also when the group has been taken out of it since.

        None when there is no such test activity any more.
        """
        if activity_id in self._linked:
            return self._linked[activity_id]
        for group_id in groups:
            for test_activity_id in self._test_activities:
                if self._id("activity", test_activity_id, group_id) == activity_id:
                    return test_activity_id
            if group_id in self._classes_as_groups:
                owner, self.class_of[group_id] = self._classes_as_groups[group_id]
                return owner
        return None

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
