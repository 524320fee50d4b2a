"""Whoever is protected today is closed in yesterday's transfers too, and stays so."""

import pytest
from pytest_django import DjangoAssertNumQueries

from provsluss.organisations.models import Organisation
from provsluss.preflight.run import make_at_once
from provsluss.register.models import Person
from provsluss.transfers.models import ControlFinding, ObjectResult
from provsluss.transfers.protection_markings import mark_protected
from tests.transfers.small_school import make_school
from tests.web.transfers_made_by_hand import MadeTransfer, make_transfer


@pytest.fixture
def made(scoped: Organisation) -> MadeTransfer:
    return make_transfer(scoped)


def _restricted() -> set[object]:
    return set(ObjectResult.objects.filter(restricted=True).values_list("object_id", flat=True))


def _mark(person: Person, marking: str) -> None:
    Person.objects.filter(pk=person.pk).update(security_marking=marking)


@pytest.mark.parametrize("marking", ["Sekretessmarkering", "Skyddad folkbokföring"])
def test_a_pupil_protected_afterwards_is_closed_in_every_transfer(
    organisation: Organisation, made: MadeTransfer, marking: str
) -> None:
    again = make_transfer(organisation, made.school)
    alva = made.school.pupils[0]
    _mark(alva, marking)

    mark_protected(organisation)

    assert _restricted() == {made.protected.object_id, alva.pk}
    for job in (made.jobs["persons"], again.jobs["persons"]):
        assert ObjectResult.objects.get(sync_job=job, object_id=alva.pk).restricted


def test_the_duties_of_protected_staff_are_closed_too(organisation: Organisation, made: MadeTransfer) -> None:
    _mark(made.school.teacher.person, "Sekretessmarkering")

    mark_protected(organisation)

    teacher = made.school.teacher
    assert _restricted() == {made.protected.object_id, teacher.person_id, teacher.pk}


@pytest.mark.parametrize("marking", ["Ingen", ""])
def test_what_is_closed_is_never_opened(organisation: Organisation, made: MadeTransfer, marking: str) -> None:
    Person.objects.update(security_marking=marking)

    mark_protected(organisation)

    assert _restricted() == {made.protected.object_id}


def test_another_organisation_is_left_alone(organisation: Organisation, made: MadeTransfer) -> None:
    other = Organisation.objects.create(number="2120000829", name="Grannkommunen")
    _mark(made.school.pupils[0], "Sekretessmarkering")

    mark_protected(other)

    assert _restricted() == {made.protected.object_id}


def test_it_takes_as_many_questions_however_many_there_are(
    organisation: Organisation, made: MadeTransfer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Person.objects.update(security_marking="Sekretessmarkering")

    with django_assert_num_queries(5):
        mark_protected(organisation)


def test_who_is_protected_afterwards_is_closed_in_the_control_too(scoped: Organisation) -> None:
    make_school(scoped)
    pupil = Person.objects.filter(role="pupil")[0]
    teacher = Person.objects.get(given_name="Lovisa")
    Person.objects.filter(pk__in=[pupil.pk, teacher.pk]).update(eppn="")
    make_at_once(scoped)
    assert not ControlFinding.objects.filter(restricted=True).exists()
    for person in (pupil, teacher):
        _mark(person, "Sekretessmarkering")

    mark_protected(scoped)

    closed = ControlFinding.objects.filter(restricted=True).values_list("kind", "person_id")
    assert sorted(closed) == sorted([("duties", teacher.pk), ("persons", pupil.pk), ("persons", teacher.pk)])
