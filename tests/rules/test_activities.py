"""A1, A3–A6: the groups, the teachers and the national test together."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from provsluss.rules.activities import PlannedActivity, check_activity, is_meant_for
from provsluss.rules.catalogue_snapshot import NOTHING_KNOWN
from tests.rules.examples import CATALOGUE, UNIT, ADuty, AnEnrolment, codes

ACTIVITY = PlannedActivity(uuid.uuid4(), "Ma 6A", UNIT, "GRGRMAT01_6", [uuid.uuid4()], [ADuty()])


def findings_of(**changes: object) -> list[tuple[str, str]]:
    return codes(check_activity(replace(ACTIVITY, **changes), CATALOGUE))  # type: ignore[arg-type]


def test_an_activity_without_faults() -> None:
    assert findings_of() == []


@pytest.mark.parametrize("changes", [{"name": ""}, {"group_ids": []}, {"school_unit_code": "11111111"}])
def test_what_is_required(changes: dict[str, object]) -> None:
    assert ("A1", "error") in findings_of(**changes)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ("A3", "error")),
        ("MATMAT01a", ("A3", "error")),  # without its suffix it is no test
        ("GRGRMAT01_3", ("A3", "warning")),  # no longer listed
    ],
)
def test_the_test_is_one_of_skolverkets(name: str, expected: tuple[str, str]) -> None:
    assert findings_of(national_test=name) == [expected]


def test_an_unknown_test_is_no_error_before_the_list_is_fetched() -> None:
    assert check_activity(replace(ACTIVITY, national_test="NYTT01_6"), NOTHING_KNOWN) == []


def test_no_teacher_is_a_warning() -> None:
    assert findings_of(teachers=[]) == [("A5", "warning")]


def test_a_teacher_of_another_school_or_who_has_left_is_flagged() -> None:
    assert findings_of(teachers=[ADuty(school_unit_code="99999999")]) == [("A4", "warning")]
    left = ADuty(ended_at=datetime(2026, 6, 12, tzinfo=UTC))
    assert findings_of(teachers=[ADuty(), left]) == [("A4", "warning")]


def test_teachers_who_have_all_left_are_no_teachers() -> None:
    left = ADuty(school_unit_code="99999999", ended_at=datetime(2026, 6, 12, tzinfo=UTC))
    assert findings_of(teachers=[left]) == [("A5", "warning"), ("A4", "warning")]


def test_several_groups_are_flagged() -> None:
    assert findings_of(group_ids=[uuid.uuid4(), uuid.uuid4()]) == [("A4", "warning")]


@pytest.mark.parametrize(("number", "who"), [(1, "1 elev går"), (3, "3 elever går")])
def test_pupils_whom_the_test_is_not_for_are_counted(number: int, who: str) -> None:
    found = check_activity(replace(ACTIVITY, pupils_outside_target=number), CATALOGUE)
    assert codes(found) == [("A6", "warning")]
    assert found[0].sentence == f"{who} inte i årskurs 6 i grundskolan, som provet är till för."


@pytest.mark.parametrize(
    ("test", "enrolment", "expected"),
    [
        ("GRGRMAT01_6", AnEnrolment(), True),
        ("GRGRMAT01_6", AnEnrolment(school_type="SAM"), True),
        ("GRGRMAT01_6", AnEnrolment(school_year=5), False),
        ("GRGRMAT01_6", AnEnrolment(school_type="GY"), False),
        ("MATMAT01a_GY", AnEnrolment("43219876", "GY", None, "NA"), True),  # a course test has no year
        ("MATMAT01a_GY", AnEnrolment("43219876", "GY", 2, "NA"), True),
    ],
)
def test_whom_a_test_is_meant_for(test: str, enrolment: AnEnrolment, expected: bool) -> None:
    assert is_meant_for(CATALOGUE.national_tests[test], enrolment) == expected
