"""Which school units there are, which classes they have, and which national tests a class takes.

Codes and school types are those of the simulator's made-up Sweden, written again here because nothing may import the
simulator; a test compares the two. The school year is 2026/27.
"""

from collections.abc import Iterator
from dataclasses import dataclass

UNIT_COUNT = 360
"""How many school units the simulator's Exempelkommunen has."""
PUPILS_A_CLASS = 24

SCHOOL_YEAR_BEGINS = 2026
_PROGRAMMES = ("NANAT0", "EKEKO0", "SASAM0", "TETEK0", "VOVAR0", "EEAUT0", "BFPED0", "ESMUS0")
_MATHEMATICS = {"NA": "MATMAT01c", "TE": "MATMAT01c", "EK": "MATMAT01b", "SA": "MATMAT01b", "ES": "MATMAT01b"}
_ADULT_COURSES = ("ENGENG05", "SVASVA01", "MATMAT01b", "SVESVE01", "ENGENG06", "SVASVA03", "MATMAT02b", "SVESVE03")
_SUBJECTS = {
    "BIO": "Biologi",
    "ENG": "Engelska",
    "FYS": "Fysik",
    "GEO": "Geografi",
    "HIS": "Historia",
    "KEM": "Kemi",
    "MAT": "Matematik",
    "REL": "Religionskunskap",
    "SAM": "Samhällskunskap",
    "SVA": "Svenska som andraspråk",
    "SVE": "Svenska",
}


@dataclass(frozen=True, slots=True)
class SchoolUnit:
    """A skolenhet."""

    number: int
    code: str
    school_type: str


@dataclass(frozen=True, slots=True)
class Course:
    """What a class studies, and the national test at its end."""

    subject: str
    title: str
    national_test: str


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A klass (in adult education: a course group, and no name) and its courses."""

    name: str
    school_year: int | None
    education_code: str
    birth_year: int | None
    courses: tuple[Course, ...]
    swedish_as_second_language: Course | None


def school_unit(number: int) -> SchoolUnit:
    """The simulator's school unit `number`, from 0."""
    return SchoolUnit(number, str(90000000 + 37 * number + 11), _school_type(number))


def classes(unit: SchoolUnit, pupils: int, begins: int = SCHOOL_YEAR_BEGINS) -> list[tuple[SchoolClass, int]]:
    """The classes of a unit with `pupils` pupils, each with its own number of pupils (as even as can be).

    `begins` is the year in which the school year begins.
    """
    count = max(1, round(pupils / PUPILS_A_CLASS))
    kinds = _class_kinds(unit, begins)
    return [(next(kinds), pupils // count + (1 if place < pupils % count else 0)) for place in range(count)]


def _school_type(number: int) -> str:
    if number % 30 == 29:
        return "SP"
    if number % 30 == 17:
        return "SAM"
    if number % 12 == 11:
        return "VUXGY"
    return "GY" if number % 6 == 4 else "GR"


def _class_kinds(unit: SchoolUnit, begins: int) -> Iterator[SchoolClass]:
    """An endless row of classes, the kinds in turn."""
    match unit.school_type:
        case "GR":
            return _compulsory(unit, "GRGR", (6, 9), begins)
        case "SAM":
            return _compulsory(unit, "GRGR", (6,), begins)
        case "SP":
            return _compulsory(unit, "GRSP", (7, 10), begins)
        case "GY":
            return _upper_secondary(begins)
        case _:
            return _adult()


def _compulsory(
    unit: SchoolUnit, prefix: str, years: tuple[int, ...], school_year_begins: int
) -> Iterator[SchoolClass]:
    number = 0
    while True:
        for year in years:
            subjects = ["MAT", "SVE", "ENG"]
            if year in (9, 10):  # one subject of natural science and one of social science each school
                subjects += [("BIO", "FYS", "KEM")[unit.number % 3], ("GEO", "HIS", "REL", "SAM")[unit.number % 4]]
            yield SchoolClass(
                name=f"{year}{_letters(number)}",
                school_year=year,
                education_code="",
                birth_year=school_year_begins - 6 - year,  # school begins the year a child turns seven
                courses=tuple(_compulsory_course(prefix, subject, year) for subject in subjects),
                swedish_as_second_language=_compulsory_course(prefix, "SVA", year),
            )
        number += 1


def _compulsory_course(prefix: str, subject: str, year: int) -> Course:
    return Course(subject, _SUBJECTS[subject], f"{prefix}{subject}01_{year}")


def _upper_secondary(school_year_begins: int) -> Iterator[SchoolClass]:
    number = 0
    while True:
        for year in (1, 3):
            for programme in _PROGRAMMES:
                begins = school_year_begins - year + 1
                mathematics = _MATHEMATICS.get(programme[:2], "MATMAT01a")
                codes = ("ENGENG05", "SVESVE01", mathematics) if year == 1 else ("ENGENG06", "SVESVE03")
                yield SchoolClass(
                    name=f"{programme[:2]}{begins % 100}{_letters(number)}",
                    school_year=None,
                    education_code=programme,
                    birth_year=begins - 16,
                    courses=tuple(_course(code, "GY") for code in codes),
                    swedish_as_second_language=_course("SVASVA01" if year == 1 else "SVASVA03", "GY"),
                )
        number += 1


def _adult() -> Iterator[SchoolClass]:
    while True:
        for code in _ADULT_COURSES:
            yield SchoolClass("", None, "", None, (_course(code, "VUXGY"),), None)


def _course(code: str, school_type: str) -> Course:
    subject, level = code[3:6], code[6:].lstrip("0")
    return Course(subject, f"{_SUBJECTS[subject]} {level}", f"{code}_{school_type}")


def _letters(number: int) -> str:
    """A … Z, AA, AB …"""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
