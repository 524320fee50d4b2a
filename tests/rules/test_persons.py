"""P1, P16–P18 and P23, and that all findings of a person are given, not the first."""

import uuid
from dataclasses import replace

import pytest

from provsluss.rules.persons import check_person
from provsluss.rules.who import Who
from tests.rules.examples import CATALOGUE, STAFF, ADuty, AnEnrolment, APerson, codes

PUPIL = APerson()


def findings_of_pupil(**changes: object) -> list[tuple[str, str]]:
    return codes(check_person(replace(PUPIL, **changes), [AnEnrolment()], [], CATALOGUE))  # type: ignore[arg-type]


def findings_of_staff(**changes: object) -> list[tuple[str, str]]:
    return codes(check_person(replace(STAFF, **changes), [], [ADuty()], CATALOGUE))  # type: ignore[arg-type]


def test_a_person_without_faults_has_no_findings() -> None:
    assert findings_of_pupil() == []
    assert findings_of_staff() == []


@pytest.mark.parametrize("name", ["given_name", "family_name"])
def test_a_missing_name_is_an_error(name: str) -> None:
    assert findings_of_pupil(**{name: " "}) == [("P1", "error")]


@pytest.mark.parametrize("written", ["0", "-", "null", "#N/A", "Sj?gren", "SjÃ¶gren", "Sj&ouml;gren", "Sj\ufffdgren"])
@pytest.mark.parametrize("name", ["given_name", "middle_name", "family_name"])
def test_what_does_not_look_like_a_name_is_a_warning(name: str, written: str) -> None:
    assert findings_of_pupil(**{name: written}) == [("P1", "warning")]


@pytest.mark.parametrize("value", [uuid.UUID(int=0), "elev-17"])
def test_an_id_that_skolverket_cannot_use_is_an_error(value: object) -> None:
    assert findings_of_pupil(id=value) == [("P1", "error")]


def test_given_and_middle_name_share_64_characters() -> None:
    assert findings_of_pupil(given_name="A" * 32, middle_name="B" * 31) == []
    assert findings_of_pupil(given_name="A" * 32, middle_name="B" * 32) == [("P16", "warning")]
    assert findings_of_pupil(given_name="A" * 65) == [("P16", "warning")]


def test_the_family_name_has_64_characters() -> None:
    assert findings_of_pupil(family_name="X" * 64) == []
    assert findings_of_pupil(family_name="X" * 65) == [("P16", "warning")]


def test_staff_needs_an_email_and_pupils_do_not() -> None:
    assert findings_of_pupil(email="") == []
    assert findings_of_staff(email="") == [("P17", "error")]


@pytest.mark.parametrize("email", ["a", "a@b", "a b@c.se", "a@b.se, c@d.se", "a@b.", "a..b@c.se", "mailto:a@b.se"])
def test_an_email_that_is_none_is_an_error(email: str) -> None:
    assert findings_of_staff(email=email) == [("P17", "error")]
    assert findings_of_pupil(email=email) == [("P17", "error")]


def test_a_private_address_of_staff_is_a_warning() -> None:
    assert findings_of_staff(email="nagon@gmail.com") == [("P17", "warning")]
    assert findings_of_pupil(email="nagon@gmail.com") == []


@pytest.mark.parametrize("marking", ["", "Ingen", "Sekretessmarkering", "Skyddad folkbokföring"])
def test_the_known_markings_pass(marking: str) -> None:
    assert findings_of_pupil(security_marking=marking) == []


def test_an_unknown_marking_is_an_error() -> None:
    assert findings_of_pupil(security_marking="Ja") == [("P18", "error")]


def test_a_person_at_no_school_gets_a_warning() -> None:
    assert codes(check_person(PUPIL, [], [], CATALOGUE)) == [("P23", "warning")]
    assert codes(check_person(PUPIL, [AnEnrolment(cancelled=True)], [], CATALOGUE)) == [("P23", "warning")]
    assert codes(check_person(STAFF, [], [], CATALOGUE)) == [("P23", "warning")]


def test_all_findings_are_given() -> None:
    person = replace(PUPIL, civic_number="", eppn="", given_name="", family_name="X" * 65, security_marking="?")
    enrolments = [AnEnrolment(school_unit_code="", school_type="XX", school_year=11)]
    found = codes(check_person(person, enrolments, [], CATALOGUE))
    assert sorted(code for code, _ in found) == ["E1", "E2", "E3", "P1", "P1", "P16", "P18", "P3"]


def test_pupils_and_staff_are_mended_in_their_own_registers() -> None:
    pupil = check_person(replace(PUPIL, family_name=""), [AnEnrolment()], [], CATALOGUE)
    staff = check_person(replace(STAFF, family_name=""), [], [ADuty()], CATALOGUE)
    assert [f.who for f in pupil] == [Who.PUPIL_REGISTER]
    assert [f.who for f in staff] == [Who.STAFF_REGISTER]
