"""Looks through who sees whom, and puts the flags where they belong: on the staff and on the groups."""

from collections import defaultdict
from typing import TYPE_CHECKING

from provsluss.visibility import flags as access_flags
from provsluss.visibility.flags import TEACHING_ROLES, Flag
from provsluss.visibility.graph import SeenActivity, SeenDuty, SeenGroup
from provsluss.visibility.presence import GroupAccess, StaffAccess, Standing

if TYPE_CHECKING:
    from provsluss.visibility.report import Access


def add_flags(access: "Access") -> None:
    """Fill in the flags of all staff and groups."""
    shared = [activity for activity in access.accepted.activities.values() if len(activity.groups) > 1]
    led = {sight.duty.unit for staff in access.staff.values() for sight in staff.led_units}
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


def _still_seen(access: "Access", staff: StaffAccess) -> list[Flag]:
    """What is seen at Skolverket only, one sentence for each reason."""
    flags: list[Flag] = []
    seen: dict[tuple[bool, str], list[SeenGroup]] = defaultdict(list)
    for sight in staff.sights:
        if sight.standing == Standing.ONLY_SKOLVERKET:
            ended = sight.duty.id not in access.active_duties
            if sight.group:
                seen[ended, sight.until].append(sight.group)
            else:
                flags.append(access_flags.still_sees_unit(access.unit_name(sight.duty.unit), ended, sight.until))
    return flags + [access_flags.still_sees(groups, *why) for why, groups in seen.items()]


def _elsewhere(access: "Access", staff: StaffAccess) -> list[Flag]:
    seen: dict[tuple[SeenDuty, str], list[SeenGroup]] = defaultdict(list)
    for sight in staff.sights:
        if sight.group and sight.group.unit != sight.duty.unit:
            seen[sight.duty, sight.group.unit].append(sight.group)
    return [
        access_flags.other_unit(duty, groups, access.unit_name(duty.unit), access.unit_name(unit))
        for (duty, unit), groups in seen.items()
    ]


def _refused(access: "Access", staff: StaffAccess) -> list[Flag]:
    states = access.refused_duties
    return [access_flags.refused(duty, states[duty.id]) for duty in staff.duties if duty.id in states]


def _not_teaching(staff: StaffAccess) -> list[Flag]:
    seen: dict[SeenDuty, list[SeenGroup]] = defaultdict(list)
    for sight in staff.sights:
        if sight.group and sight.duty.role not in TEACHING_ROLES:
            seen[sight.duty].append(sight.group)
    return [access_flags.not_teaching(duty, groups) for duty, groups in seen.items()]


def _several(access: "Access", activity: SeenActivity) -> Flag:
    groups = [access.accepted.groups[group_id] for group_id in activity.groups]
    return access_flags.several_groups(activity.name, groups)


def _without_teacher(access: "Access", group: GroupAccess, led: set[str]) -> list[Flag]:
    """Of wanted groups only: what is going away needs no teacher."""
    is_wanted = group.group.id in access.wanted.groups
    if not is_wanted or any(sight.standing != Standing.ONLY_SKOLVERKET for sight in group.sights):
        return []
    return [access_flags.no_teacher(group.group.unit in led)]
