"""The rows of åtkomst as one user may see them: staff, groups, and pupils who are seen from several school units."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from provsluss.organisations.reader import Reader
from provsluss.register.models import Person
from provsluss.transfers.models import TestActivity
from provsluss.visibility.flags import Flag
from provsluss.visibility.presence import GroupAccess, Presence, StaffAccess
from provsluss.visibility.pupils import accepted_of_units, pupils_of, pupils_of_units, teachers_of_pupils
from provsluss.visibility.report import Access
from provsluss.web.frame.protected import NEUTRAL_NAME, is_restricted

PRESENCE_WORDS = {
    Presence.BOTH: ("ok", "ok", "Som i registret"),
    Presence.ONLY_REGISTER: ("calm", "waiting", "Bara i registret"),
    Presence.ONLY_SKOLVERKET: ("bad", "error", "Bara hos Skolverket"),
    None: ("warn", "warning", "Skiljer sig"),
}
"""Tone, icon and words of where something is seen; None when it differs from group to group."""


@dataclass(slots=True)
class StaffRow:
    """One member of staff. `hidden`: a neutral row, of which nothing else may be shown."""

    staff: StaffAccess
    hidden: bool
    pupils: int = 0
    pupils_at_skolverket: int = 0
    other_pupils: bool = False
    duties: list[str] = field(default_factory=list)
    led_units: list[tuple[str, int, int]] = field(default_factory=list)
    """Each unit that is seen as a whole: its name, its pupils in the register, and those that Skolverket shows."""
    test_activities: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name, or what stands instead of it."""
        return NEUTRAL_NAME if self.hidden else self.staff.name or "En person som inte finns i registret"

    @property
    def presence(self) -> tuple[str, str, str]:
        """Whether Skolverket shows what the register wants: tone, icon, words."""
        return presence_of((grant.presence for grant in self.staff.grants), self.other_pupils)


@dataclass(slots=True)
class GroupRow:
    """One group, with those who see it."""

    access: GroupAccess
    unit_name: str
    teachers: list[tuple[str, uuid.UUID | None, Presence]]
    leaders: int
    test_activities: list[str]
    flags: list[Flag]
    pupils: int = 0
    pupils_at_skolverket: int = 0
    other_pupils: bool = False

    @property
    def presence(self) -> tuple[str, str, str]:
        """Whether Skolverket shows the group, with the same pupils, to those who are to see it."""
        return presence_of((presence for _, _, presence in self.teachers), self.other_pupils)


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil whom teachers of several school units see. Neutral where `person` is None."""

    person: Person | None
    seen_by: list[tuple[str, uuid.UUID | None, str, str]]
    """Teacher, the teacher's id where it may be shown, school unit, group."""


def presence_of(presences: Iterable[Presence], other_pupils: bool) -> tuple[str, str, str]:
    """One word for several presences; nothing seen is nothing to differ about.

    `other_pupils`: the same groups have other pupils at Skolverket than in the register.
    """
    found = set(presences)
    if other_pupils and found == {Presence.BOTH}:
        return PRESENCE_WORDS[None]
    return PRESENCE_WORDS[found.pop() if len(found) == 1 else None] if found else ("calm", "removed", "–")


def is_hidden(staff: StaffAccess, reader: Reader) -> bool:
    """Whether `staff` must be a neutral row for `reader`."""
    return staff.restricted and not reader.sees_protected


def staff_rows(access: Access, staff: Sequence[StaffAccess], reader: Reader) -> list[StaffRow]:
    """Rows for some of the staff: their pupils are counted for these only."""
    groups = {grant.group.id for one in staff for grant in one.groups if grant.group}
    pupils = pupils_of(access, groups)
    led = {grant.duty.unit for one in staff for grant in one.led_units}
    in_units, at_skolverket = pupils_of_units(access, led), accepted_of_units(access, led)
    rows = []
    for one in staff:
        row = StaffRow(one, is_hidden(one, reader))
        if not row.hidden:
            wanted, accepted = pupils.wanted_by(one.groups), pupils.accepted_by(one.groups)
            row.pupils, row.pupils_at_skolverket, row.other_pupils = len(wanted), len(accepted), wanted != accepted
            row.duties = [f"{duty.role}, {access.unit_name(duty.unit)}" for duty in one.duties]
            row.led_units = [
                (access.unit_name(unit), in_units.get(unit, 0), at_skolverket.get(unit, 0))
                for unit in (grant.duty.unit for grant in one.led_units)
            ]
            row.other_pupils |= any(wants != has for _, wants, has in row.led_units)
            row.test_activities = names_of(access, {i for grant in one.groups for i in grant.test_activities})
        rows.append(row)
    return rows


def group_rows(access: Access, groups: Sequence[GroupAccess], reader: Reader) -> list[GroupRow]:
    """Rows for some of the groups."""
    pupils = pupils_of(access, [one.group.id for one in groups])
    leaders: dict[str, int] = defaultdict(int)
    for staff in access.staff.values():
        for unit in {grant.duty.unit for grant in staff.led_units}:
            leaders[unit] += 1
    rows = []
    for one in groups:
        seen_by = [(access.staff[grant.duty.person_id], grant) for grant in one.grants]
        teachers: list[tuple[str, uuid.UUID | None, Presence]] = [
            (NEUTRAL_NAME, None, grant.presence)
            if is_hidden(staff, reader)
            else (staff.name or "En person som inte finns i registret", staff.person_id, grant.presence)
            for staff, grant in sorted(seen_by, key=lambda pair: (is_hidden(pair[0], reader), pair[0].sort_name))
        ]
        wanted, accepted = (found.get(one.group.id, set()) for found in (pupils.register, pupils.skolverket))
        rows.append(
            GroupRow(
                one,
                access.unit_name(one.group.unit),
                teachers,
                leaders[one.group.unit],
                names_of(access, one.test_activities),
                group_flags(access, one, reader),
                len(wanted),
                len(accepted),
                wanted != accepted,
            )
        )
    return rows


def group_flags(access: Access, one: GroupAccess, reader: Reader) -> list[Flag]:
    """The group's own flags, and those of its teachers under their names."""
    flags = list(one.flags)
    for person_id in {grant.duty.person_id for grant in one.grants}:
        staff = access.staff[person_id]
        if not is_hidden(staff, reader):
            name = staff.name or "En person som inte finns i registret"
            flags += [
                Flag(flag.code, f"{name}: {flag.text[0].lower()}{flag.text[1:]}", flag.serious)
                for flag in staff.flags
                if flag not in flags and (not flag.groups or one.group.id in flag.groups)
            ]
    return flags


def pupil_rows(
    test_activities: Sequence[TestActivity], pupils: Sequence[uuid.UUID], unit_names: dict[str, str], reader: Reader
) -> list[PupilRow]:
    """Rows for some pupils, in the order of `pupils`."""
    persons = {person.pk: person for person in Person._base_manager.filter(pk__in=pupils)}
    assignments = teachers_of_pupils(test_activities, pupils)
    rows = []
    for pk in pupils:
        seen_by = []
        for one in assignments[pk]:
            holder, unit = one.duty.person, one.duty.school_unit_code
            hidden = is_restricted(holder, reader)
            name = NEUTRAL_NAME if hidden else holder.full_name
            seen_by.append((name, None if hidden else holder.pk, unit_names.get(unit) or unit, one.group.name))
        hidden_pupil = is_restricted(persons[pk], reader)
        rows.append(PupilRow(None, []) if hidden_pupil else PupilRow(persons[pk], sorted(seen_by, key=lambda s: s[2])))
    return rows


def names_of(access: Access, test_activities: Iterable[uuid.UUID]) -> list[str]:
    """The names of test activities, in order."""
    return sorted(access.test_activities[pk].name for pk in test_activities if pk in access.test_activities)
