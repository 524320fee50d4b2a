"""What the pages of a person and of a group say: everything, errors first, as the register stands now."""

import pytest

from provsluss.organisations.models import Organisation
from provsluss.preflight.one_object import findings_of_group, findings_of_person
from provsluss.register.models import DutyAssignment, Enrolment, Group, Person
from provsluss.transfers.models import TestActivity
from tests.transfers.small_school import civic_number, make_group, make_pupil, make_school


@pytest.fixture
def school(scoped: Organisation) -> TestActivity:
    return make_school(scoped)


def of_person(**changes: object) -> list[str]:
    pupil = Person.objects.get(source_id="1")
    for name, value in changes.items():
        setattr(pupil, name, value)
    pupil.save()
    return [finding.code for finding in findings_of_person(pupil)]


def of_group(name: str) -> list[str]:
    return [finding.code for finding in findings_of_group(Group.objects.get(name=name))]


def test_nothing_is_said_of_what_is_right(school: TestActivity) -> None:
    assert of_person() == []
    assert [findings_of_person(one) for one in Person.objects.filter(role="staff")] == [[], [], []]
    assert of_group("Ma6A") == of_group("6A") == []


def test_all_findings_are_said_errors_first(school: TestActivity) -> None:
    assert of_person(eppn="num1@x.se", civic_number="", family_name="Nummer00001") == ["P1", "P7"]


def test_what_only_shows_beside_others(scoped: Organisation, school: TestActivity) -> None:
    pupil = Person.objects.get(family_name="Nummer00001")
    make_group(scoped, "6B", Group.Type.CLASS, [pupil])
    twin = make_pupil(scoped, 60, family_name=pupil.family_name, civic_number=civic_number(1)[:8] + "TF12")
    Person.objects.filter(pk=twin.pk).update(eppn=pupil.eppn.upper())
    assert sorted(of_person()) == ["G4", "N6", "P8"]


def test_a_duty_is_its_persons(school: TestActivity) -> None:
    rut = Person.objects.get(given_name="Rut")
    rut.duties.update(duty_role="Vaktmästare")
    assert [finding.code for finding in findings_of_person(rut)] == ["D3"]


def test_a_group_and_its_part_in_the_tests(scoped: Organisation, school: TestActivity) -> None:
    DutyAssignment.objects.all().delete()
    Enrolment.objects.update(school_year=5)
    assert of_group("Ma6A") == ["A5"]  # the year is compared when Skolverket's list has been fetched
    make_group(scoped, "Ma6A ", Group.Type.TEACHING, [])
    assert sorted(of_group("Ma6A")) == ["A5", "G6"]


def test_who_has_ended_is_not_judged(school: TestActivity) -> None:
    assert of_person(ended_at="2026-06-12T12:00Z", eppn="") == []
