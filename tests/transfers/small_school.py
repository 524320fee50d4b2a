"""A small school made by hand, straight into the register: no file, no import."""

import uuid

from django.utils import timezone

from provsluss.catalogue.models import NationalTest
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Membership, Person
from provsluss.ss12000.luhn import luhn_digit
from provsluss.transfers.models import TestActivity, TestActivityGroup

UNIT = "90000011"
"""The simulator's first school unit: an ordinary grundskola."""


def civic_number(number: int, year: int = 2014) -> str:
    """A personnummer with the right check digit; `number` (below 30 000) makes it unique."""
    serial = f"{number % 1000:03d}"
    born = f"{year}{1 + number // 1000 % 12:02d}{1 + number // 12000 % 28:02d}"
    return born + serial + luhn_digit(born[2:] + serial)


def make_pupil(organisation: Organisation, number: int, **changes: object) -> Person:
    """A pupil in year 6 of UNIT."""
    person_id = uuid.uuid5(organisation.id, f"pupil {number}")
    fields: dict[str, object] = {
        "role": Person.Role.PUPIL,
        "civic_number": civic_number(number),
        "eppn": f"{person_id}@elev.exempel.se",
        "given_name": "Elev",
        "family_name": f"Nummer{number:05d}",
    }
    pupil = Person.objects.create(
        id=person_id, organisation=organisation, source="hand", source_id=str(number), **(fields | changes)
    )
    Enrolment.objects.create(person=pupil, school_unit_code=UNIT, school_type="GR", school_year=6)
    return pupil


def make_staff(organisation: Organisation, name: str, duty_role: str, **changes: object) -> Duty:
    """A member of staff with one duty at UNIT."""
    person_id = uuid.uuid5(organisation.id, f"staff {name}")
    number = person_id.int % 12000
    fields: dict[str, object] = {
        "role": Person.Role.STAFF,
        "civic_number": civic_number(number, year=1980),
        "eppn": f"{person_id}@personal.exempel.se",
        "given_name": name,
        "family_name": "Personal",
        "email": "post@exempel.se",
    }
    person = Person.objects.create(
        id=person_id, organisation=organisation, source="hand", source_id=name, **(fields | changes)
    )
    return Duty.objects.create(
        id=uuid.uuid5(organisation.id, f"duty {name}"),
        organisation=organisation,
        source="hand",
        source_id=name,
        person=person,
        school_unit_code=UNIT,
        duty_role=duty_role,
    )


def make_group(organisation: Organisation, name: str, group_type: str, members: list[Person]) -> Group:
    """A class or a teaching group at UNIT with these pupils."""
    group = Group.objects.create(
        id=uuid.uuid5(organisation.id, f"group {name}"),
        organisation=organisation,
        source="hand",
        source_id=name,
        name=name,
        group_type=group_type,
        school_type="GR",
        school_unit_code=UNIT,
        changed_at=timezone.now(),
    )
    Membership.objects.bulk_create([Membership(group=group, person=pupil) for pupil in members])
    return group


def make_school(organisation: Organisation, pupils: int = 5, first: int = 0) -> TestActivity:
    """A class 6A whose pupils take GRGRMAT01_6 in the group Ma6A, its teacher, a Rektor, and the test activity.

    `first` is the first pupil's number; pupils of different organisations need different ones. The organisation's scope
    must be active.
    """
    members = [make_pupil(organisation, number) for number in range(first, first + pupils)]
    make_group(organisation, "6A", Group.Type.CLASS, members)
    teaching_group = make_group(organisation, "Ma6A", Group.Type.TEACHING, members)
    teacher = make_staff(organisation, "Lovisa", "Lärare")
    make_staff(organisation, "Rut", "Rektor")
    make_staff(organisation, "Karl", "Kurator")
    DutyAssignment.objects.create(group=teaching_group, duty=teacher)
    activity = TestActivity.objects.create(
        organisation=organisation, name="Matematik årskurs 6", national_test="GRGRMAT01_6"
    )
    TestActivityGroup.objects.create(test_activity=activity, group=teaching_group)
    return activity


def make_classes(organisation: Organisation, classes: int, pupils: int, first: int = 0) -> TestActivity:
    """A school of so many classes of so many pupils, each with a teaching group and a teacher of its own, and a Rektor.

    One test activity for all. Each pupil, class and group is sent; nothing is refused. `first` as in `make_school`.
    """
    make_staff(organisation, "Rut", "Rektor")
    activity = TestActivity.objects.create(
        organisation=organisation, name="Matematik årskurs 6", national_test="GRGRMAT01_6"
    )
    for number in range(classes):
        start = first + number * pupils
        members = [make_pupil(organisation, pupil) for pupil in range(start, start + pupils)]
        make_group(organisation, f"6-{number}", Group.Type.CLASS, members)
        group = make_group(organisation, f"Ma6-{number}", Group.Type.TEACHING, members)
        DutyAssignment.objects.create(group=group, duty=make_staff(organisation, f"Lovisa {number}", "Lärare"))
        TestActivityGroup.objects.create(test_activity=activity, group=group)
    return activity


def fetch_list_of_tests(organisation: Organisation, *names: str) -> None:
    """As if Skolverket had answered with these tests, of årskurs 6."""
    for name in names or ("GRGRMAT01_6",):
        NationalTest.objects.create(
            environment=organisation.environment,
            name=name,
            skolverket_id=uuid.uuid4(),
            school_type="GR",
            school_year=6,
            fetched_at=timezone.now(),
        )
