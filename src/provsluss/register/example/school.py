"""One school unit whole: its classes, teaching groups, pupils and staff."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from provsluss.register.example.people import STAFF_DOMAIN, InventedPerson, Population
from provsluss.register.example.rows import ClassRow, PupilRow, StaffRow, TeachingGroupRow
from provsluss.register.example.school_units import SCHOOL_YEAR_BEGINS, Course, SchoolClass, SchoolUnit, classes

_CLASSES_A_SECOND_LANGUAGE_GROUP = 4
_GROUPS_A_TEACHER = 3
_TEACHER_SUBJECTS = {
    "MAT": "science",
    "BIO": "science",
    "FYS": "science",
    "KEM": "science",
    "SVE": "Swedish",
    "SVA": "Swedish as a second language",
    "ENG": "English",
}


@dataclass(slots=True)
class School:
    """The rows of one school unit."""

    unit: SchoolUnit
    begins: int = SCHOOL_YEAR_BEGINS
    classes: list[ClassRow] = field(default_factory=list)
    teaching_groups: list[TeachingGroupRow] = field(default_factory=list)
    pupils: list[PupilRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)


def make_school(unit: SchoolUnit, pupil_count: int, population: Population, begins: int = SCHOOL_YEAR_BEGINS) -> School:
    """A school with `pupil_count` pupils, a teacher for every group, one Rektor and one Skoladministratör.

    `begins` is the year in which the school year begins; each year has classes and groups of its own.
    """
    school = School(unit, begins=begins)
    teaching = _Teaching(school)
    for place, (school_class, size) in enumerate(classes(unit, pupil_count, begins)):
        if school_class.name:
            school.classes.append(class_row(school, school_class.name))
        for number in range(size):
            person = population.pupil(
                school_class.birth_year or population.adult_birth_year(), unit.school_type == "SAM"
            )
            marking = _security_marking(unit.number * 997 + place * 31 + number)
            school.pupils.append(
                _pupil(unit, school_class, person, marking, teaching.groups_of(person, school_class, place))
            )
    _hire(school, teaching, population)
    return school


class _Teaching:
    """Makes a school's teaching groups as the first pupil of each comes."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._made: dict[str, str] = {}
        self.names_by_teacher_subject: dict[str, list[str]] = defaultdict(list)

    def groups_of(self, person: InventedPerson, school_class: SchoolClass, place: int) -> tuple[str, ...]:
        """The names of the groups in which a pupil of the class numbered `place` is taught."""
        second_language = school_class.swedish_as_second_language if person.reads_swedish_as_second_language else None
        names = []
        for course in school_class.courses:
            if course.subject == "SVE" and second_language:
                names.append(self._second_language_group(second_language, school_class, place))
            else:
                names.append(self._group(course, f"{course.title} {school_class.name or f'grupp {place + 1}'}"))
        return tuple(names)

    def _second_language_group(self, course: Course, school_class: SchoolClass, place: int) -> str:
        """Pupils of some classes of the same year read Swedish as a second language together."""
        year = school_class.school_year or school_class.name[2:4]
        return self._group(course, f"{course.title} {year} grupp {place // _CLASSES_A_SECOND_LANGUAGE_GROUP + 1}")

    def _group(self, course: Course, name: str) -> str:
        if name not in self._made:
            self._made[name] = course.national_test
            add_teaching_group(self._school, name, course.national_test)
            self.names_by_teacher_subject[_TEACHER_SUBJECTS.get(course.subject, "social science")].append(name)
        return name


def class_row(school: School, name: str) -> ClassRow:
    """The class `name` of the school's year."""
    return ClassRow(f"{_mark(school)}-{name}", name, school.unit.school_type, school.unit.code)


def add_teaching_group(school: School, name: str, national_test: str) -> None:
    """Gives the school one more teaching group, which takes `national_test`."""
    row_id = f"{_mark(school)}-G{len(school.teaching_groups) + 1:03}"
    unit = school.unit
    school.teaching_groups.append(TeachingGroupRow(row_id, name, unit.school_type, national_test, unit.code))


def _mark(school: School) -> str:
    """What the ids of a school's rows begin with: another year's 6A is another class."""
    year = "" if school.begins == SCHOOL_YEAR_BEGINS else f"-{school.begins}"
    return f"{school.unit.code}{year}"


def _hire(school: School, teaching: _Teaching, population: Population) -> None:
    """The staff: leaders first, then as many teachers of each subject as its groups need."""
    _employ(school, population, "Rektor", ())
    _employ(school, population, "Skoladministratör", ())
    for names in teaching.names_by_teacher_subject.values():
        for first in range(0, len(names), _GROUPS_A_TEACHER):
            role = "Förstelärare" if len(school.staff) % 12 == 5 else "Lärare"
            _employ(school, population, role, tuple(names[first : first + _GROUPS_A_TEACHER]))


def _employ(school: School, population: Population, role: str, teaching_groups: tuple[str, ...]) -> None:
    unit = school.unit
    person = population.staff(unit.school_type == "SAM")
    number = len(school.staff) + 1
    school.staff.append(
        StaffRow(
            duty_id=f"{_mark(school)}-T{number:03}",
            person_id=person.id,
            eppn=person.eppn,
            eduid_eppn=population.eduid() if number % 9 == 4 else "",
            civic_number=person.civic_number,
            given_name=person.given_name,
            middle_name=person.middle_name,
            family_name=person.family_name,
            email=f"{_mail_name(person)}@{STAFF_DOMAIN}",
            school_unit_code=unit.code,
            duty_role=role,
            teaching_groups=teaching_groups,
        )
    )


def _pupil(
    unit: SchoolUnit,
    school_class: SchoolClass,
    person: InventedPerson,
    security_marking: str,
    teaching_groups: tuple[str, ...],
) -> PupilRow:
    return PupilRow(
        person_id=person.id,
        eppn=person.eppn,
        civic_number=person.civic_number,
        security_marking=security_marking,
        given_name=person.given_name,
        middle_name=person.middle_name,
        family_name=person.family_name,
        school_type=unit.school_type,
        school_unit_code=unit.code,
        school_year=school_class.school_year,
        education_code=school_class.education_code,
        class_name=school_class.name,
        teaching_groups=teaching_groups,
    )


def _security_marking(number: int) -> str:
    """One pupil in two hundred or so has sekretessmarkering, very few skyddad folkbokföring (rules.md P18)."""
    if number % 211 == 107:
        return "Skyddad folkbokföring" if number % 7 == 0 else "Sekretessmarkering"
    return ""


def _mail_name(person: InventedPerson) -> str:
    """given.family in plain letters, with some of the person's id, since two may have the same name."""
    letters = f"{person.given_name}.{person.family_name}".lower().replace(" ", "-").replace("ı", "i").replace("đ", "d")
    plain = "".join(c for c in unicodedata.normalize("NFD", letters) if c.isascii())
    return f"{plain}.{person.id[:3]}"
