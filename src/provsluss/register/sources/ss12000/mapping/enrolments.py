"""Which of a pupil's enrolments count today: registers keep old ones, and mark others as cancelled that are not."""

from dataclasses import dataclass

from provsluss.register.source_records import SourceEnrolment
from provsluss.register.sources.ss12000.mapping.days import is_ahead, is_over
from provsluss.register.sources.ss12000.mapping.school_units import SchoolUnits
from provsluss.register.sources.ss12000.settings import Choices
from provsluss.register.sources.ss12000.shapes import Enrolment, Person
from provsluss.ss12000.code_lists import (
    ONE_SCHOOL_ONLY,
    SCHOOL_TYPES,
    SCHOOL_TYPES_WITH_PROGRAMME,
    SCHOOL_TYPES_WITH_YEAR,
)

_UNCLEAR = {"VUX", "KOMVUX"}
"""They do not tell grundläggande from gymnasial."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a pupil's enrolments come to: those that count, else why none does.

    `faults` are what keeps the pupil out though there is a place; `reason` why there is none.
    """

    enrolments: tuple[SourceEnrolment, ...] = ()
    faults: tuple[str, ...] = ()
    reason: str = ""
    older: int = 0
    """How many gave way to a newer one."""


def enrolments_of(one: Person, units: SchoolUnits, programmes: dict[str, str], choices: Choices, today: str) -> Found:
    """What `one` is enrolled in on `today` (YYYY-MM-DD). `programmes` are studievägskoder by the register's ids."""
    reasons, faults = [], []
    counting: list[tuple[str, SourceEnrolment]] = []
    for enrolment in one.enrolments:
        if reason := _reason(enrolment, choices, today):
            reasons.append(reason)
            continue
        codes = units.codes(enrolment.enroledAt)
        if len(codes) != 1:
            faults.append(_unit_fault(enrolment, codes, units))
            continue
        counting.append((enrolment.startDate, _enrolment(enrolment, codes[0], programmes)))
    kept = _newest(counting)
    if kept:
        return Found(tuple(kept), older=len(counting) - len(kept))
    return Found(faults=tuple(faults), reason=reasons[0] if reasons else "")


def _reason(one: Enrolment, choices: Choices, today: str) -> str:
    school_type = one.schoolType.upper()
    if is_over(one, today):
        return "Inskrivningen har upphört"
    if is_ahead(one, today):
        return "Inskrivningen börjar senare"
    if one.cancelled and not choices.ignore_cancelled:
        return "Inskrivningen är avbruten"
    if school_type in _UNCLEAR:
        return "Skolformen VUX säger inte om det är gymnasial nivå: källan behöver säga VUXGY"
    if not school_type:
        return "Inskrivningen har ingen skolform"
    if school_type not in SCHOOL_TYPES:
        return f"Skolformen {one.schoolType[:20]} skickas inte till Skolverket"
    return ""


def _unit_fault(one: Enrolment, codes: list[str], units: SchoolUnits) -> str:
    if codes:
        return "Inskrivningen gäller en skola med flera skolenheter. Ange skolenheten på inskrivningen i registret."
    if units.is_there(one.enroledAt):
        return "Skolenheten har ingen skolenhetskod. Lägg in koden i registret."
    return "Inskrivningen hänvisar till en skolenhet som inte finns i källan. Rätta den i registret."


def _enrolment(one: Enrolment, code: str, programmes: dict[str, str]) -> SourceEnrolment:
    school_type = one.schoolType.upper()
    has_year = school_type in SCHOOL_TYPES_WITH_YEAR and one.schoolYear is not None and 1 <= one.schoolYear <= 10
    education = one.educationCode or programmes.get(one.programme, "")
    return SourceEnrolment(
        code,
        school_type,
        one.schoolYear if has_year else None,
        education.upper().replace(" ", "")[:20] if school_type in SCHOOL_TYPES_WITH_PROGRAMME else "",
    )


def _newest(counting: list[tuple[str, SourceEnrolment]]) -> list[SourceEnrolment]:
    """In most school types a pupil has one place (rules.md E5), the newest; in the others one of each unit and type."""
    by_place: dict[tuple[str, str], SourceEnrolment] = {}
    newest_first = sorted(counting, key=lambda one: one[0], reverse=True)
    for _, enrolment in newest_first:
        one_only = enrolment.school_type in ONE_SCHOOL_ONLY
        place = ("", "") if one_only else (enrolment.school_unit_code, enrolment.school_type)
        by_place.setdefault(place, enrolment)
    return list(by_place.values())
