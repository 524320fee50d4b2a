"""Who would see whom if everything were sent now: the register's graph of access."""

import uuid
from collections import defaultdict
from collections.abc import Collection

from provsluss.batching import as_text, keys_of
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group
from provsluss.ss12000.code_lists import LEADING_ROLES
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import TestActivity, TestActivityGroup
from provsluss.visibility.graph import Graph, SeenActivity, SeenDuty, SeenGroup


def desired_graph(organisation: Organisation, test_activities: Collection[TestActivity]) -> Graph:
    """What `test_activities` want. Five queries, however many groups. Needs the organisation's scope."""
    graph = Graph()
    if not test_activities:
        return graph
    ids = graph.ids
    taking = TestActivityGroup.objects.filter(test_activity__in=test_activities, group__ended_at=None)
    taking_ids = taking.values("group_id")
    named = Group.objects.filter(pk__in=taking_ids).order_by().values_list(as_text("pk"), "name", "school_unit_code")
    groups = {ids[key]: (name, unit) for key, name, unit in named}
    teachers: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    assignments = DutyAssignment.objects.filter(
        group_id__in=taking_ids, duty__ended_at=None, duty__person__ended_at=None
    )
    for group_key, duty_key in keys_of(assignments, "group_id", "duty_id"):
        teachers[ids[group_key]].add(ids[duty_key])
    for activity_id, part in Selection(organisation, test_activities).activities.items():
        name, unit = groups[part.group_id]
        graph.groups[part.sent_group_id] = SeenGroup(part.sent_group_id, part.group_id, name, unit)
        graph.activities[activity_id] = SeenActivity(
            activity_id,
            part.test_activity_id,
            f"{name} {part.national_test}",
            (part.sent_group_id,),
            frozenset(teachers[part.group_id]),
        )
    lasting = Duty.objects.filter(ended_at=None, person__ended_at=None).order_by()
    seeing = (
        lasting.filter(pk__in=assignments.values("duty_id")),
        lasting.filter(school_unit_code__in=graph.units, duty_role__in=LEADING_ROLES),
    )
    for duties in seeing:
        columns = (as_text("pk"), as_text("person_id"), "school_unit_code", "duty_role")
        for key, person_key, unit, role in duties.values_list(*columns):
            graph.duties[ids[key]] = SeenDuty(ids[key], ids[person_key], unit, role)
    return graph
