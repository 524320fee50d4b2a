"""The groups of a test activity: how many they are, and what is missing before they can take the test."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from provsluss.catalogue.lookup import national_test, school_unit_status, school_units
from provsluss.catalogue.models import NationalTest, SchoolUnit
from provsluss.register.models import Duty, DutyAssignment, Group, Membership
from provsluss.register.rejected_rows import rejected_by_group
from provsluss.register.sections import Section
from provsluss.ss12000.code_lists import LEADING_ROLES, SCHOOL_TYPES
from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState
from provsluss.transfers.test_activities.outside_target import pupils_outside_target


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, as a Swedish sentence. `serious`: pupils cannot take the test as it stands."""

    text: str
    serious: bool = True


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a test activity."""

    group: Group
    school_unit: SchoolUnit | None
    pupils: int
    teachers: int
    missing: list[Missing] = field(default_factory=list)

    @property
    def school_unit_name(self) -> str:
        return (self.school_unit and self.school_unit.name) or self.group.school_unit_code

    @property
    def is_serious(self) -> bool:
        return any(missing.serious for missing in self.missing)


def with_sizes(groups: QuerySet[Group]) -> QuerySet[Group]:
    """`groups` with `pupil_count` and `teacher_count`: the pupils and teachers that have not ended."""
    pupils = Membership.objects.filter(group=OuterRef("pk"), person__ended_at=None)
    teachers = DutyAssignment.objects.filter(group=OuterRef("pk"), duty__ended_at=None, duty__person__ended_at=None)
    return groups.annotate(pupil_count=_counted(pupils), teacher_count=_counted(teachers, "duty__person"))


def group_rows(test_activity: TestActivity) -> list[GroupRow]:
    """The groups of `test_activity` in the order of school unit and name. Six queries, however many groups.

    Teachers come from the register; that a class is chosen without a teacher is missed all the same, because nobody
    then sees the pupils' results but the school unit's leaders (rules.md A4–A5).
    """
    organisation = test_activity.organisation
    groups = list(with_sizes(Group.objects.filter(test_activity_links__test_activity=test_activity)))
    codes = {group.school_unit_code for group in groups}
    units = school_units(organisation.environment, codes)
    led = _led_units(codes)
    test = national_test(organisation.environment, test_activity.national_test)
    strangers = _strangers(test_activity, test)
    elsewhere = _other_test_activities(test_activity)
    rejected = rejected_by_group()
    rows = []
    for group in groups:
        unit = units.get(group.school_unit_code)
        missing = [
            *_missing_in_group(group, strangers.get(group.pk, 0), test),
            *_missing_at_unit(group.school_unit_code, unit, led),
            *_not_read_in(rejected.get(group.pk, Counter())),
        ]
        if names := elsewhere.get(group.pk):
            missing.append(Missing(f"Gruppen är också med i {_listed(names)}. En grupp ska bara göra ett prov.", False))
        rows.append(GroupRow(group, unit, group.pupil_count, group.teacher_count, missing))  # type: ignore[attr-defined]
    return rows


def groups_without_teacher(test_activity: TestActivity) -> list[Group]:
    """The groups that are sent though no teacher will see their pupils' results (rules.md A4)."""
    groups = with_sizes(Group.objects.filter(test_activity_links__test_activity=test_activity, ended_at=None))
    return [group for group in groups.order_by("name") if not group.teacher_count]  # type: ignore[attr-defined]


def _missing_in_group(group: Group, strangers: int, test: NationalTest | None) -> list[Missing]:
    pupils, teachers = group.pupil_count, group.teacher_count  # type: ignore[attr-defined]
    missing = []
    if group.ended_at:
        missing.append(Missing("Gruppen finns inte längre i registret och skickas inte."))
    if not pupils:
        missing.append(Missing("Inga elever i gruppen."))
    if not teachers:
        missing.append(Missing("Ingen lärare i gruppen."))
    if strangers and test:
        who = "1 elev går" if strangers == 1 else f"{strangers} elever går"
        missing.append(Missing(f"{who} inte i {_meant_for(test)}, som provet är till för.", False))
    return missing


def _missing_at_unit(code: str, unit: SchoolUnit | None, led: set[str]) -> list[Missing]:
    missing = []
    standing = school_unit_status(unit)
    if not standing.ok:
        missing.append(Missing(f"Skolenheten {code}: {standing.text[0].lower()}{standing.text[1:]}."))
    elif unit is None:
        missing.append(Missing(f"Skolenheten {code} har inte kontrollerats mot Skolverket än.", serious=False))
    if code not in led:
        missing.append(Missing("Skolenheten saknar Rektor eller Skoladministratör."))
    return missing


def _not_read_in(rejected: Counter[Section]) -> list[Missing]:
    """Whom the latest import left out of the group: they are in no other number of it."""
    pupils, staff = rejected[Section.PUPILS], rejected[Section.DUTIES]
    missing = []
    if pupils:
        missing.append(Missing(f"{pupils} {'elev' if pupils == 1 else 'elever'} lästes inte in."))
    if staff:
        missing.append(Missing(f"{staff} i personalen lästes inte in."))
    if rejected.total() > pupils + staff:
        missing.append(Missing("Gruppens egen rad i filen lästes inte in, så gruppen är som den var."))
    return missing


def _counted(rows: QuerySet[Any], what: str = "pk") -> Coalesce:
    """How many different `what` there are among `rows`, as a subquery: two joins in one query would multiply."""
    counted = rows.order_by().values("group").annotate(number=Count(what, distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _led_units(codes: Iterable[str]) -> set[str]:
    """The school units that have somebody who can administer them (rules.md D5)."""
    leaders = Duty.objects.filter(
        school_unit_code__in=codes, duty_role__in=LEADING_ROLES, ended_at=None, person__ended_at=None
    )
    return set(leaders.values_list("school_unit_code", flat=True).distinct())


def _strangers(test_activity: TestActivity, test: NationalTest | None) -> dict[uuid.UUID, int]:
    """How many pupils of each group the test is not meant for."""
    members = Membership.objects.filter(group__test_activity_links__test_activity=test_activity)
    return pupils_outside_target(members, test) if test else {}


def _other_test_activities(test_activity: TestActivity) -> dict[uuid.UUID, list[str]]:
    """The names of the other active test activities of each group (rules.md G6)."""
    others: dict[uuid.UUID, list[str]] = {}
    links = TestActivityGroup.objects.filter(
        group__test_activity_links__test_activity=test_activity, test_activity__state=TestActivityState.ACTIVE
    ).exclude(test_activity=test_activity)
    for group_id, name in links.values_list("group_id", "test_activity__name"):
        others.setdefault(group_id, []).append(name)
    return others


def _meant_for(test: NationalTest) -> str:
    school_type = SCHOOL_TYPES.get(test.school_type, test.school_type).lower()
    return f"{school_type} årskurs {test.school_year}" if test.school_year is not None else school_type


def _listed(names: list[str]) -> str:
    shown = sorted(set(names))
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} och {shown[-1]}"
