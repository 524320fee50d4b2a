"""E1–E5 and E10: where a pupil goes to school."""

from dataclasses import replace

import pytest

from provsluss.rules.catalogue_snapshot import NOTHING_KNOWN
from provsluss.rules.enrolments import check_enrolment, one_enrolment
from provsluss.ss12000.code_lists import SCHOOL_TYPES_WITH_YEAR
from tests.rules.examples import CATALOGUE, GYMNASIUM, AnEnrolment, codes

AT_GYMNASIUM = AnEnrolment(GYMNASIUM, "GY", None, "NA")


def findings_of(enrolment: AnEnrolment, **changes: object) -> list[tuple[str, str]]:
    return codes(check_enrolment(replace(enrolment, **changes), CATALOGUE))  # type: ignore[arg-type]


def test_enrolments_without_faults() -> None:
    assert findings_of(AnEnrolment()) == []
    assert findings_of(AT_GYMNASIUM) == []
    assert findings_of(AnEnrolment(GYMNASIUM, "VUXGY", None), school_unit_code="99999999") == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", [("E1", "error")]),
        ("3127929", [("E1", "error")]),
        ("3127929X", [("E1", "error")]),
        ("11111111", [("E1", "error")]),  # fetched: Skolverket does not know it
        ("22222222", [("E10", "warning")]),  # expired
        ("33333333", [("E10", "warning")]),  # dnpStatus false
        ("44444444", [("E10", "warning")]),  # the school type's dnpStatus false
        ("99999999", []),  # never fetched: not knowing is nobody's error
    ],
)
def test_the_school_unit(code: str, expected: list[tuple[str, str]]) -> None:
    assert findings_of(AnEnrolment(), school_unit_code=code) == expected


def test_a_school_type_or_year_that_the_unit_does_not_have_is_a_warning() -> None:
    assert findings_of(AnEnrolment(), school_type="SP") == [("E10", "warning")]
    assert findings_of(AnEnrolment(), school_year=9) == [("E10", "warning")]
    assert findings_of(AnEnrolment(), school_year=5) == []


@pytest.mark.parametrize("school_type", ["", "GRAN", "gr"])
def test_an_unknown_school_type_is_an_error(school_type: str) -> None:
    assert findings_of(AnEnrolment(), school_type=school_type) == [("E2", "error")]


@pytest.mark.parametrize("school_type", sorted(SCHOOL_TYPES_WITH_YEAR))
def test_a_year_is_needed_in_compulsory_school(school_type: str) -> None:
    enrolment = AnEnrolment("99999999", school_type, None)
    assert findings_of(enrolment) == [("E3", "error")]


@pytest.mark.parametrize(("year", "expected"), [(0, [("E3", "error")]), (1, []), (10, []), (11, [("E3", "error")])])
def test_the_year_is_1_to_10(year: int, expected: list[tuple[str, str]]) -> None:
    assert findings_of(AnEnrolment("99999999"), school_year=year) == expected


@pytest.mark.parametrize(
    ("education_code", "expected"),
    [("", [("E4", "error")]), ("FINNSINTE", [("E4", "error")]), ("GAMMAL", [("E4", "warning")]), ("NA", [])],
)
def test_the_programme(education_code: str, expected: list[tuple[str, str]]) -> None:
    assert findings_of(AT_GYMNASIUM, education_code=education_code) == expected


def test_an_unknown_programme_is_no_error_before_the_list_is_fetched() -> None:
    assert check_enrolment(replace(AT_GYMNASIUM, education_code="FINNSINTE"), NOTHING_KNOWN) == []


def test_two_standing_enrolments_are_an_error() -> None:
    elsewhere = replace(AnEnrolment(), school_unit_code="55555555")
    assert codes(one_enrolment([AnEnrolment(), elsewhere])) == [("E5", "error")]
    assert one_enrolment([AnEnrolment(), replace(elsewhere, cancelled=True)]) == []


def test_adult_education_may_have_several() -> None:
    assert one_enrolment([AnEnrolment("1", "VUXGY", None), AnEnrolment("2", "VUXGY", None)]) == []
