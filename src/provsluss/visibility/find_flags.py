"""Looks through who sees whom, and puts the flags where they belong: on the staff and on the groups."""

import uuid
from collections import defaultdict
from typing import Protocol

from provsluss.visibility import flags as access_flags
from provsluss.visibility.flags import TEACHING_ROLES, Flag
from provsluss.visibility.graph import Graph, SeenActivity, SeenDuty, SeenGroup
from provsluss.visibility.presence import GroupAccess, Presence, StaffAccess


class Seen(Protocol):
    """Who sees whom in both graphs, which is what the flags are found in (report.Access)."""

    accepted: Graph
    wanted: Graph
    staff: dict[uuid.UUID, StaffAccess]
    groups: dict[uuid.UUID, GroupAccess]
    active_duties: set[uuid.UUID]
    refused_duties: dict[uuid.UUID, str]

    def unit_name(self, code: str) -> str:
        """What the school unit is called."""


def add_flags(access: Seen) -> None:
    """Fill in the flags of all staff and groups."""
    shared = [activity for activity in access.accepted.activities.values() if len(activity.groups) > 1]
    led = {grant.duty.unit for staff in access.staff.values() for grant in staff.led_units}
    for staff in access.staff.values():
        staff.flags = [
            *_still_seen(access, staff),
            *_elsewhere(access, staff),
            *_refused(access, staff),
            *_not_teaching(staff),
            *(_several(access, one) for one in shared if one.duties & {duty.id for duty in staff.duties}),
        ]
    for group in access.groups.values():
        group.flags = [
            *_without_teacher(access, group, led),
            *(_several(access, one) for one in shared if group.group.id in one.groups),
        ]


def _still_seen(access: Seen, staff: StaffAccess) -> list[Flag]:
    """What is seen at Skolverket only, one sentence for each reason."""
    flags: list[Flag] = []
    seen: dict[tuple[bool, str], list[SeenGroup]] = defaultdict(list)
    for grant in staff.grants:
        if grant.presence == Presence.ONLY_SKOLVERKET:
            ended = grant.duty.id not in access.active_duties
            if grant.group:
                seen[ended, grant.until].append(grant.group)
            else:
                flags.append(access_flags.still_sees_unit(access.unit_name(grant.duty.unit), ended, grant.until))
    return flags + [access_flags.still_sees(groups, *why) for why, groups in seen.items()]


def _elsewhere(access: Seen, staff: StaffAccess) -> list[Flag]:
    seen: dict[tuple[SeenDuty, str], list[SeenGroup]] = defaultdict(list)
    for grant in staff.grants:
        if grant.group and grant.group.unit != grant.duty.unit:
            seen[grant.duty, grant.group.unit].append(grant.group)
    return [
        access_flags.other_unit(duty, groups, access.unit_name(duty.unit), access.unit_name(unit))
        for (duty, unit), groups in seen.items()
    ]


def _refused(access: Seen, staff: StaffAccess) -> list[Flag]:
    states = access.refused_duties
    return [access_flags.refused(duty, states[duty.id]) for duty in staff.duties if duty.id in states]


def _not_teaching(staff: StaffAccess) -> list[Flag]:
    seen: dict[SeenDuty, list[SeenGroup]] = defaultdict(list)
    for grant in staff.grants:
        if grant.group and grant.duty.role not in TEACHING_ROLES:
            seen[grant.duty].append(grant.group)
    return [access_flags.not_teaching(duty, groups) for duty, groups in seen.items()]


def _several(access: Seen, activity: SeenActivity) -> Flag:
    groups = [access.accepted.groups[group_id] for group_id in activity.groups]
    return access_flags.several_groups(activity.name, groups)


def _without_teacher(access: Seen, group: GroupAccess, led: set[str]) -> list[Flag]:
    """Of wanted groups only: what is going away needs no teacher."""
    is_wanted = group.group.id in access.wanted.groups
    if not is_wanted or any(grant.presence != Presence.ONLY_SKOLVERKET for grant in group.grants):
        return []
    return [access_flags.no_teacher(group.group.unit in led)]
