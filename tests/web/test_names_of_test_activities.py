"""Two provaktiviteter cannot have the same name."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities import activities
from tests.web.transfers_made_by_hand import TEST, School, make_school

TAKEN = "Det finns redan en provaktivitet som heter"


@pytest.fixture
def school(organisation: Organisation) -> Iterator[School]:
    school = make_school(organisation)
    with scope(organisation=organisation):
        activities.create(organisation, name="", national_test=TEST, groups=[school.group])
        yield school


@pytest.mark.parametrize("name", ["Matematik årskurs 6", "matematik ÅRSKURS 6 ", ""])
def test_a_new_one_needs_a_name_of_its_own(logged_in_client: Client, school: School, name: str) -> None:
    posted = {"gor": "spara", "prov": TEST, "grupp": [str(school.klass.pk)], "namn": name}

    text = logged_in_client.post(reverse("test_activity_create"), posted).content.decode()

    assert TAKEN in text
    assert 'id="namn-fel"' in text
    assert TestActivity.objects.count() == 1


def test_a_change_keeps_its_own_name_and_takes_no_other(logged_in_client: Client, school: School) -> None:
    other = activities.create(school.organisation, name="Omprov", national_test=TEST, groups=[school.klass])
    address = reverse("test_activity_change", args=[other.pk])
    posted = {"gor": "spara", "grupp": [str(school.klass.pk)]}

    assert TAKEN in logged_in_client.post(address, {**posted, "namn": "Matematik årskurs 6"}).content.decode()
    assert logged_in_client.post(address, {**posted, "namn": "Omprov"}).status_code == 302
