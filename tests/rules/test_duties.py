"""D1 and D3: a person's role at a school unit."""

from dataclasses import replace

import pytest

from provsluss.rules.duties import check_duty
from provsluss.ss12000.code_lists import DUTY_ROLES
from tests.rules.examples import CATALOGUE, STAFF, ADuty, APerson, codes


def findings_of(**changes: object) -> list[tuple[str, str]]:
    return codes(check_duty(replace(ADuty(), **changes), STAFF, CATALOGUE))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", DUTY_ROLES)
def test_every_role_of_the_list_passes(role: str) -> None:
    assert findings_of(duty_role=role) == []


@pytest.mark.parametrize("role", ["", "rektor", "Förskolechef", "Övrig pedagogisk personal"])
def test_other_roles_are_an_error(role: str) -> None:
    assert findings_of(duty_role=role) == [("D3", "error")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("", [("D1", "error")]), ("11111111", [("D1", "error")]), ("22222222", [("E10", "warning")]), ("99999999", [])],
)
def test_the_school_unit(code: str, expected: list[tuple[str, str]]) -> None:
    assert findings_of(school_unit_code=code) == expected


def test_a_duty_needs_an_id_and_a_person() -> None:
    assert findings_of(id="x") == [("D1", "error")]
    assert codes(check_duty(ADuty(), None, CATALOGUE)) == [("D1", "error")]


def test_a_pupil_with_a_duty_is_two_persons() -> None:
    assert codes(check_duty(ADuty(), APerson(), CATALOGUE)) == [("P4", "warning")]
