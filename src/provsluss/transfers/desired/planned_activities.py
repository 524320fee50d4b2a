"""Activities with what their rules ask for: the groups' teachers, and how many pupils the test is not for."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from provsluss.register.models import Duty, DutyAssignment, Group, Membership
from provsluss.rules.activities import PlannedActivity
from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.transfers.desired.selection import WantedActivity
from provsluss.transfers.test_activities.outside_target import pupils_outside_target


def planned_activities(parts: Mapping[uuid.UUID, WantedActivity], catalogue: Catalogue) -> list[PlannedActivity]:
    """The activities `parts` (some hundreds at a time), with what the register says of teachers and pupils."""
    groups = {part.group_id for part in parts.values()}
    named = {group.pk: group for group in Group._base_manager.filter(pk__in=groups)}
    teachers = _teachers(groups)
    outside_target = _outside_target(parts.values(), catalogue)
    return [
        PlannedActivity(
            activity_id,
            named[part.group_id].name,
            named[part.group_id].school_unit_code,
            part.national_test,
            [part.sent_group_id],
            teachers[part.group_id],
            outside_target.get((part.national_test, part.group_id), 0),
        )
        for activity_id, part in parts.items()
        if part.group_id in named
    ]


def _teachers(groups: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Duty]]:
    by_group: dict[uuid.UUID, list[Duty]] = defaultdict(list)
    assignments = DutyAssignment._base_manager.filter(group_id__in=groups, duty__person__ended_at=None)
    for assignment in assignments.select_related("duty"):
        by_group[assignment.group_id].append(assignment.duty)
    return by_group


def _outside_target(parts: Iterable[WantedActivity], catalogue: Catalogue) -> dict[tuple[str, uuid.UUID], int]:
    """How many pupils each test is not meant for, by test and group: one query for each test."""
    by_test: dict[str, set[uuid.UUID]] = defaultdict(set)
    for part in parts:
        by_test[part.national_test].add(part.group_id)
    return {
        (name, group_id): number
        for name, groups in by_test.items()
        if (test := catalogue.national_tests.get(name))
        for group_id, number in pupils_outside_target(
            Membership._base_manager.filter(group_id__in=groups), test
        ).items()
    }
