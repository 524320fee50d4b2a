"""Activities with what their rules ask for: the groups' teachers, and the pupils' school types and years."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Count

from provsluss.register.models import Duty, DutyAssignment, Group, Membership
from provsluss.rules.activities import PlannedActivity
from provsluss.transfers.selection import WantedActivity


class Place(NamedTuple):
    """An enrolment as far as an activity is concerned."""

    school_type: str
    school_year: int | None
    school_unit_code: str = ""
    education_code: str = ""
    cancelled: bool = False


def planned_activities(parts: Mapping[uuid.UUID, WantedActivity]) -> list[PlannedActivity]:
    """The activities `parts` (some hundreds at a time), with teachers and pupils from the register: three queries."""
    groups = {part.group_id for part in parts.values()}
    named = {group.pk: group for group in Group._base_manager.filter(pk__in=groups)}
    teachers = _teachers(groups)
    places = _places(groups)
    return [
        PlannedActivity(
            activity_id,
            named[part.group_id].name,
            named[part.group_id].school_unit_code,
            part.national_test,
            [part.sent_group_id],
            teachers[part.group_id],
            places[part.group_id],
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


def _places(groups: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Place]]:
    """The standing enrolments of the groups' pupils; the same kind of place is one object, however many have it."""
    pupils = Membership._base_manager.filter(
        group_id__in=groups, person__ended_at=None, person__enrolments__cancelled=False
    )
    by_group: dict[uuid.UUID, list[Place]] = defaultdict(list)
    counted = pupils.order_by().values_list(
        "group_id", "person__enrolments__school_type", "person__enrolments__school_year"
    )
    for group_id, school_type, school_year, number in counted.annotate(number=Count("pk")):
        by_group[group_id] += [Place(school_type, school_year)] * number
    return by_group
