"""Archiving says what will be taken away at Skolverket before it is done; pausing takes nothing away."""

import pytest
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Accepted, TestActivity, TestActivityState
from provsluss.transfers.removal.guard import set_limit
from provsluss.transfers.test_activities import activities
from tests.web.transfers_made_by_hand import TEST, School, make_school


@pytest.fixture
def school(scoped: Organisation) -> School:
    return make_school(scoped)


@pytest.fixture
def sent(school: School, organisation: Organisation) -> TestActivity:
    """A provaktivitet of which Skolverket has everything."""
    activity = activities.create(organisation, name="Matematik", national_test=TEST, groups=[school.group])
    wanted = Selection(organisation, [activity])
    Accepted.objects.bulk_create(
        Accepted(
            organisation=organisation, environment=organisation.environment, kind=kind, object_id=one, payload="{}"
        )
        for kind in KINDS
        for one in wanted.ids(kind)
    )
    return activity


def _text(client: Client, activity: TestActivity) -> str:
    return client.get(reverse("test_activity_archive", args=[activity.pk])).content.decode()


def test_it_says_how_much_nobody_else_needs(logged_in_client: Client, sent: TestActivity) -> None:
    text = _text(logged_in_client, sent)

    assert "5 personer, 2 tjänstgöringar, 2 grupper och 1 aktivitet tas bort hos Skolverket" in text
    assert "någon får granska det först" not in text
    assert "Pausa i stället" in text
    assert TestActivity.objects.get().state == TestActivityState.ACTIVE


def test_it_says_when_that_is_more_than_the_limit(
    logged_in_client: Client, sent: TestActivity, organisation: Organisation
) -> None:
    set_limit(organisation, "persons", 10, 2)

    assert "någon får granska det först" in _text(logged_in_client, sent)


def test_what_another_one_needs_stays(
    logged_in_client: Client, sent: TestActivity, school: School, organisation: Organisation
) -> None:
    activities.create(organisation, name="Svenska", national_test="GRGRSVE01_6", groups=[school.group])

    assert "1 aktivitet tas bort hos Skolverket" in _text(logged_in_client, sent)


def test_what_was_never_sent_is_not_taken_away(
    logged_in_client: Client, school: School, organisation: Organisation
) -> None:
    activity = activities.create(organisation, name="Ny", national_test=TEST, groups=[school.group])

    assert "Inget tas bort hos Skolverket." in _text(logged_in_client, activity)


def test_after_the_last_one_is_archived_skicka_alla_removes(logged_in_client: Client, sent: TestActivity) -> None:
    logged_in_client.post(reverse("test_activity_state", args=[sent.pk]), {"lage": "archived"})

    text = logged_in_client.get(reverse("test_activities_send")).content.decode()

    assert "Ja, ta bort det som inte behövs" in text
    assert "5 personer, 2 tjänstgöringar, 2 grupper och 1 aktivitet tas bort" in text
    assert reverse("test_activities_send") in logged_in_client.get(reverse("test_activities")).content.decode()


def test_pausing_takes_nothing_away(logged_in_client: Client, sent: TestActivity) -> None:
    logged_in_client.post(reverse("test_activity_state", args=[sent.pk]), {"lage": "paused"})

    page = logged_in_client.get(reverse("test_activity", args=[sent.pk])).content.decode()

    assert "Det som den behöver och som redan finns hos Skolverket ligger kvar." in page
    assert "tas bort hos Skolverket" not in logged_in_client.get(reverse("test_activities_send")).content.decode()
