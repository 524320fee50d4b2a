"""The same schools a year later: pupils have moved up, left, come, gone to another school or go the year again.

What a workbook of a new school year looks like to the register: classes and teaching groups are new, and the oldest
pupils are gone. Skolverket's workbook lists only pupils who are in an ämnesgrupp, so those who moved up are in one:
French after year 6, and English 6 in the second year of upper secondary school. Nobody else has a test in the year
after one, and those pupils are gone from the file. Skolverket has nothing for year 7: the French bedömningsstöd is for
year 9, so Kontroll remarks on those groups.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from provsluss.register.example.people import Population
from provsluss.register.example.rows import PupilRow, StaffRow
from provsluss.register.example.school import School, add_teaching_group, class_row, make_school
from provsluss.register.example.school_units import SCHOOL_YEAR_BEGINS

_GOES_ON = {"GR": ("Franska", "GRGRMSP01FRA_9"), "GY": ("Engelska 6", "ENGENG06_GY")}
"""School type → the group that those who moved up are taught in, and its national test."""
_LAST_YEAR = 9
_GY_YEARS = 3
_ONE_IN = {"repeats": 45, "changes school": 40, "staff leave": 9}


def a_year_later(schools: Iterable[School], population: Population) -> Iterator[School]:
    """Each of `schools` as it is next year. `population` is the one that they were made from."""
    moving: dict[str, list[PupilRow]] = defaultdict(list)
    for school in list(schools):
        later = make_school(school.unit, len(school.pupils), population, SCHOOL_YEAR_BEGINS + 1)
        arrived = moving.pop(school.unit.school_type, [])
        for number, pupil in enumerate(school.pupils):
            if _is_gone(pupil):
                continue
            if number % _ONE_IN["repeats"] == 3 and (classmate := _classmate(later, pupil)):
                groups = {"class_name": classmate.class_name, "teaching_groups": classmate.teaching_groups}
                later.pupils.append(replace(pupil, **groups))  # type: ignore[arg-type]
            elif number % _ONE_IN["changes school"] == 7:
                moving[school.unit.school_type].append(_moved_up(pupil))
            else:
                later.pupils.append(_moved_up(pupil))
        later.pupils.extend(_arrived(later, pupil) for pupil in arrived)
        _add_what_is_missing(later, school)
        later.staff = _same_staff(school.staff, later.staff)
        yield later


def _is_gone(pupil: PupilRow) -> bool:
    """Whether the pupil has left, or is in a year without any test."""
    if pupil.school_type == "GY":
        began = 2000 + int(pupil.class_name[2:4])
        return SCHOOL_YEAR_BEGINS - began + 1 >= _GY_YEARS
    return pupil.school_type not in _GOES_ON or (pupil.school_year or 0) >= _LAST_YEAR


def _moved_up(pupil: PupilRow) -> PupilRow:
    """6A becomes 7A; a class of upper secondary school keeps its name through the years."""
    if pupil.school_year is None:
        return replace(pupil, teaching_groups=(_group_of(pupil.school_type, pupil.class_name),))
    year = pupil.school_year + 1
    class_name = f"{year}{pupil.class_name.lstrip('0123456789')}"
    groups = (_group_of(pupil.school_type, class_name),)
    return replace(pupil, school_year=year, class_name=class_name, teaching_groups=groups)


def _group_of(school_type: str, class_name: str) -> str:
    return f"{_GOES_ON[school_type][0]} {class_name}"


def _classmate(school: School, pupil: PupilRow) -> PupilRow | None:
    """Somebody of the same year there, in whose class the pupil can go."""
    same = (one for one in school.pupils if one.school_year == pupil.school_year and one.school_year is not None)
    return next((one for one in same if one.teaching_groups), None)


def _arrived(school: School, pupil: PupilRow) -> PupilRow:
    """The pupil in the class of somebody in the same year at the new school; where there is nobody, in a new one."""
    same = (one.class_name for one in school.pupils if one.school_year == pupil.school_year and one.school_year)
    class_name = next(same, pupil.class_name)
    groups = (_group_of(pupil.school_type, class_name),)
    return replace(pupil, school_unit_code=school.unit.code, class_name=class_name, teaching_groups=groups)


def _add_what_is_missing(school: School, before: School) -> None:
    """The classes of those who moved up, their teaching groups, and a teacher for these."""
    known = {row.name for row in school.classes}
    goes_on = {row.name: row for row in before.classes}
    for name in dict.fromkeys(pupil.class_name for pupil in school.pupils if pupil.class_name):
        if name not in known:
            school.classes.append(goes_on.get(name) or class_row(school, name))
    taught = {row.name for row in school.teaching_groups}
    more = [
        name
        for name in dict.fromkeys(g for pupil in school.pupils for g in pupil.teaching_groups)
        if name not in taught
    ]
    for name in more:
        add_teaching_group(school, name, _GOES_ON[school.unit.school_type][1])
    if more:
        teacher = school.staff[-1]
        school.staff[-1] = replace(teacher, teaching_groups=(*teacher.teaching_groups, *more))


def _same_staff(before: list[StaffRow], now: list[StaffRow]) -> list[StaffRow]:
    """Those who stay have their duties still, with this year's groups; some are new."""
    stays = [
        replace(old, duty_role=new.duty_role, teaching_groups=new.teaching_groups)
        if number % _ONE_IN["staff leave"] != 4
        else new
        for number, (old, new) in enumerate(zip(before, now, strict=False))
    ]
    return stays + now[len(before) :]
