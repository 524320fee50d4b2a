"""Rules of a pupil's enrolment (rules.md 1.3)."""

from collections.abc import Sequence

from provsluss.rules.catalogue_snapshot import Catalogue
from provsluss.rules.explained_attributes import (
    AFTERWARDS,
    EDUCATION_CODE,
    ENROLMENT,
    SCHOOL_TYPE,
    SCHOOL_UNIT_OF_PUPIL,
    SCHOOL_YEAR,
)
from provsluss.rules.findings import OPEN_DATA, WORKBOOK, Finding, Severity, about
from provsluss.rules.school_units import school_unit_findings
from provsluss.rules.shapes import EnrolmentLike
from provsluss.ss12000.code_lists import (
    ONE_SCHOOL_ONLY,
    SCHOOL_TYPES,
    SCHOOL_TYPES_WITH_PROGRAMME,
    SCHOOL_TYPES_WITH_YEAR,
)


def check_enrolment(enrolment: EnrolmentLike, catalogue: Catalogue) -> list[Finding]:
    """Every finding about one enrolment. One that is cancelled is sent too, so it must be right as well."""
    return [
        *school_unit(enrolment, catalogue),
        *school_type(enrolment),
        *school_year(enrolment),
        *education_code(enrolment, catalogue),
    ]


def school_unit(enrolment: EnrolmentLike, catalogue: Catalogue) -> list[Finding]:
    """E1, E10."""
    return school_unit_findings(
        enrolment.school_unit_code,
        catalogue,
        SCHOOL_UNIT_OF_PUPIL,
        "E1",
        "enroledAt",
        enrolment.school_type,
        enrolment.school_year or 0,
    )


def school_type(enrolment: EnrolmentLike) -> list[Finding]:
    """E2 (and E1, which requires it)."""
    if enrolment.school_type in SCHOOL_TYPES:
        return []
    sentence = "Skolform saknas." if not enrolment.school_type else "Skolformen är inte GR, SP, SAM, GY eller VUXGY."
    return [about(SCHOOL_TYPE, "E2", Severity.ERROR, "schoolType", sentence)]


def school_year(enrolment: EnrolmentLike) -> list[Finding]:
    """E3: required for GR, SP and SAM, and 1–10 wherever it is given."""
    year = enrolment.school_year
    if year is None:
        if enrolment.school_type not in SCHOOL_TYPES_WITH_YEAR:
            return []
        return [about(SCHOOL_YEAR, "E3", Severity.ERROR, "schoolYear", "Årskurs saknas.")]
    if 1 <= year <= 10:
        return []
    return [about(SCHOOL_YEAR, "E3", Severity.ERROR, "schoolYear", "Årskursen ska vara mellan 1 och 10.")]


def education_code(enrolment: EnrolmentLike, catalogue: Catalogue) -> list[Finding]:
    """E4: required for GY, and one that Skolverket knows. One that it knows but does not use now is a warning."""
    if enrolment.school_type not in SCHOOL_TYPES_WITH_PROGRAMME:
        return []
    if not enrolment.education_code:
        return [about(EDUCATION_CODE, "E4", Severity.ERROR, "educationCode", "Studievägskod saknas.")]
    programme = catalogue.programmes.get(enrolment.education_code)
    if programme is not None and programme.usable:
        return []
    if programme is not None:
        sentence = f"Studievägskoden {programme.education_code} gäller inte i dag."
        return [about(EDUCATION_CODE, "E4", Severity.WARNING, "educationCode", sentence, OPEN_DATA)]
    if not catalogue.programmes_fetched:
        return []
    sentence = "Studievägskoden finns inte hos Skolverket."
    return [about(EDUCATION_CODE, "E4", Severity.ERROR, "educationCode", sentence, OPEN_DATA)]


def one_enrolment(enrolments: Sequence[EnrolmentLike]) -> list[Finding]:
    """E5: pupils in GR, SP, SAM and GY have one enrolment that stands."""
    current = [e for e in enrolments if not e.cancelled and e.school_type in ONE_SCHOOL_ONLY]
    if len(current) <= 1:
        return []
    sentence = "Eleven är inskriven på mer än en skola eller skolform."
    how = f"Avsluta den inskrivning som inte gäller. {AFTERWARDS}"
    return [about(ENROLMENT, "E5", Severity.ERROR, "enrolments", sentence, WORKBOOK, how=how)]
