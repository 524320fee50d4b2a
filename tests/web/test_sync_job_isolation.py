"""Nothing of another organisation's transfers is listed, found by a search or chosen."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.transfers.models import TestActivity
from tests.web.transfers_made_by_hand import TEST, MadeTransfer, make_school, make_transfer

OTHER_UNIT = "76543210"


@pytest.fixture
def foreign(organisation: Organisation) -> Iterator[MadeTransfer]:
    """A transfer of another organisation, in the same environment as the user's own."""
    other = Organisation.objects.create(number="2120000829", name="Grannkommunen", environment=organisation.environment)
    yield make_transfer(other, make_school(other, OTHER_UNIT))


def test_lists_and_their_exports_hold_nothing_of_another_organisation(
    logged_in_client: Client, foreign: MadeTransfer
) -> None:
    foreign_id = str(foreign.test_activity.pk)
    for name in ("history", "test_activities", "test_activity_create"):
        text = logged_in_client.get(reverse(name), {"provaktivitet": foreign_id, "lage": "alla"}).content.decode()
        assert foreign_id not in text.replace(f"provaktivitet={foreign_id}", "")
        assert "6A matematik" not in text
        assert OTHER_UNIT not in text


def test_another_organisations_groups_cannot_be_chosen(
    logged_in_client: Client, foreign: MadeTransfer, organisation: Organisation
) -> None:
    own = make_school(organisation)
    theirs = str(foreign.school.group.pk)

    logged_in_client.post(
        reverse("test_activity_create"), {"gor": "spara", "prov": TEST, "grupp": [str(own.klass.pk), theirs]}
    )

    with scope(organisation=organisation):
        assert list(TestActivity.objects.get().groups.all()) == [Group.objects.get(pk=own.klass.pk)]


def test_a_search_finds_nobody_of_another_organisation(
    logged_in_client: Client, foreign: MadeTransfer, organisation: Organisation
) -> None:
    own = make_transfer(organisation)

    text = logged_in_client.post(
        reverse("sync_job", args=[own.jobs["persons"].pk]), {"sok": foreign.refused.eppn}, follow=True
    ).content.decode()

    assert "Ingen träff" in text
