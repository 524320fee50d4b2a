"""The same schools a year later: pupils have moved up, left, come, gone to another school or go the year again.

What a workbook of a new school year looks like to the register: classes and teaching groups are new, the oldest pupils
are gone, and those who moved up from a year with national tests are in one without.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from provsluss.register.example.people import Population
from provsluss.register.example.rows import PupilRow, StaffRow
from provsluss.register.example.school import School, class_row, make_school
from provsluss.register.example.school_units import SCHOOL_YEAR_BEGINS

_LAST_YEAR = {"GR": 9, "SAM": 6, "SP": 10}
_GY_YEARS = 3
_ONE_IN = {"repeats": 45, "changes school": 40, "staff leave": 9}


def a_year_later(schools: Iterable[School], population: Population) -> Iterator[School]:
    """Each of `schools` as it is next year. `population` is the one that they were made from."""
    moving: dict[str, list[PupilRow]] = defaultdict(list)
    for school in list(schools):
        later = make_school(school.unit, len(school.pupils), population, SCHOOL_YEAR_BEGINS + 1)
        arrived = moving.pop(school.unit.school_type, [])
        for number, pupil in enumerate(school.pupils):
            if _has_finished(pupil):
                continue
            if number % _ONE_IN["repeats"] == 3 and (classmate := _classmate(later, pupil)):
                groups = {"class_name": classmate.class_name, "teaching_groups": classmate.teaching_groups}
                later.pupils.append(replace(pupil, **groups))  # type: ignore[arg-type]
            elif number % _ONE_IN["changes school"] == 7:
                moving[school.unit.school_type].append(_moved_up(pupil))
            else:
                later.pupils.append(_moved_up(pupil))
        unit = school.unit.code
        later.pupils.extend(
            replace(pupil, school_unit_code=unit, class_name=_some_class(later, pupil)) for pupil in arrived
        )
        _add_missing_classes(later)
        later.staff = _same_staff(school.staff, later.staff)
        yield later


def _has_finished(pupil: PupilRow) -> bool:
    """Whether the pupil was in the last year, or in adult education, where a course is a course."""
    if pupil.school_type == "GY":
        began = 2000 + int(pupil.class_name[2:4])
        return SCHOOL_YEAR_BEGINS - began + 1 >= _GY_YEARS
    return pupil.school_type not in _LAST_YEAR or (pupil.school_year or 0) >= _LAST_YEAR[pupil.school_type]


def _moved_up(pupil: PupilRow) -> PupilRow:
    """A class of upper secondary school keeps its name through the years; 6A becomes 7A."""
    if pupil.school_type == "GY" or pupil.school_year is None:
        return replace(pupil, teaching_groups=())
    year = pupil.school_year + 1
    letters = pupil.class_name.lstrip("0123456789")
    return replace(pupil, school_year=year, class_name=f"{year}{letters}", teaching_groups=())


def _classmate(school: School, pupil: PupilRow) -> PupilRow | None:
    """Somebody of the same year there, in whose class the pupil can go."""
    same = (one for one in school.pupils if one.school_year == pupil.school_year and one.school_year is not None)
    return next((one for one in same if one.teaching_groups), None)


def _some_class(school: School, pupil: PupilRow) -> str:
    """The class of somebody in the same year at the new school; the pupil's own where there is nobody."""
    same = (one.class_name for one in school.pupils if one.school_year == pupil.school_year and one.school_year)
    return next(same, pupil.class_name)


def _add_missing_classes(school: School) -> None:
    known = {row.name for row in school.classes}
    for name in dict.fromkeys(pupil.class_name for pupil in school.pupils if pupil.class_name):
        if name not in known:
            school.classes.append(class_row(school, name))


def _same_staff(before: list[StaffRow], now: list[StaffRow]) -> list[StaffRow]:
    """Those who stay have their duties still, with this year's groups; some are new."""
    stays = [
        replace(old, duty_role=new.duty_role, teaching_groups=new.teaching_groups)
        if number % _ONE_IN["staff leave"] != 4
        else new
        for number, (old, new) in enumerate(zip(before, now, strict=False))
    ]
    return stays + now[len(before) :]
