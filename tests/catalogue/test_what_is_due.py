"""When the open data is fetched anew: for each organisation by itself."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from provsluss.catalogue.due import due_organisations
from provsluss.catalogue.models import Fetch, SchoolUnit
from provsluss.organisations.models import Organisation
from provsluss.ss12000.ids import skolverket_id

NOW = timezone.now()


def fetched(organisation: Organisation, when: datetime, succeeded: bool = True) -> Fetch:
    return Fetch.objects.create(
        environment=organisation.environment,
        organisation_number=organisation.number,
        started_at=when,
        finished_at=when,
        succeeded=succeeded,
    )


def due(**codes: list[str]) -> list[str]:
    """Names of those that are due, given the codes that each uses."""
    return [each.name for each in due_organisations(NOW, lambda organisation: codes.get(organisation.name, []))]


@pytest.fixture
def other(organisation: Organisation) -> Organisation:
    """A second organisation in the same environment."""
    return Organisation.objects.create(number="2120009952", name="Annan", environment=organisation.environment)


def test_once_a_day_and_not_at_once_after_a_failure(organisation: Organisation) -> None:
    assert due() == ["Exempelkommunen"]
    good = fetched(organisation, NOW - timedelta(hours=21))
    assert due() == ["Exempelkommunen"]
    bad = fetched(organisation, NOW - timedelta(minutes=10), succeeded=False)
    assert due() == []
    bad.started_at = NOW - timedelta(minutes=31)
    bad.save()
    assert due() == ["Exempelkommunen"]
    good.finished_at = NOW - timedelta(hours=19)
    good.save()
    assert due() == []


def test_in_the_environment_that_it_uses(organisation: Organisation) -> None:
    fetched(organisation, NOW)
    organisation.environment = "produktion"
    organisation.save()
    assert due() == ["Exempelkommunen"]


def test_a_new_organisation_does_not_wait_for_the_others(organisation: Organisation, other: Organisation) -> None:
    fetched(organisation, NOW)
    assert due() == ["Annan"]


def test_the_success_of_one_hides_no_failure_of_another(organisation: Organisation, other: Organisation) -> None:
    fetched(other, NOW - timedelta(hours=1), succeeded=False)
    fetched(organisation, NOW)
    assert due() == ["Annan"]


def test_a_failure_of_one_does_not_keep_another_waiting(organisation: Organisation, other: Organisation) -> None:
    fetched(other, NOW, succeeded=False)
    assert due() == ["Exempelkommunen"]


def test_a_school_unit_that_was_never_asked_for(organisation: Organisation) -> None:
    fetched(organisation, NOW)
    assert due(Exempelkommunen=["31279295"]) == ["Exempelkommunen"]
    SchoolUnit.objects.create(
        environment=organisation.environment, code="31279295", skolverket_id=skolverket_id("31279295"), fetched_at=NOW
    )
    assert due(Exempelkommunen=["31279295"]) == []
    assert due(Exempelkommunen=["31279295", "fel"]) == []  # nothing that Skolverket could be asked about
