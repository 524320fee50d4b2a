"""An archived or paused provaktivitet that the file has groups for is told of, and can be made active."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Import
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities import activities
from tests.web.transfers_made_by_hand import TEST, make_school

SAID = "1\u00a0arkiverad provaktivitet har grupper i registret och skickas inte."


@pytest.fixture
def archived(organisation: Organisation) -> Iterator[TestActivity]:
    school = make_school(organisation)
    with scope(organisation=organisation):
        Group.objects.filter(pk=school.group.pk).update(national_test=TEST)
        activities.follow_register(organisation)
        made = TestActivity.objects.get()
        activities.set_state(made, "archived")
        yield made


def _pages(client: Client, organisation: Organisation) -> list[str]:
    stored = Import.objects.create(organisation=organisation, source="test", file_name="2027.xlsx", state="done")
    addresses = [reverse("test_activities"), reverse("test_activities_send"), reverse("import", args=[stored.pk])]
    return [client.get(address).content.decode() for address in addresses]


def test_every_page_on_the_way_says_it(
    logged_in_client: Client, organisation: Organisation, archived: TestActivity
) -> None:
    for text in _pages(logged_in_client, organisation):
        assert SAID in text
        assert reverse("test_activity", args=[archived.pk]) in text


def test_a_paused_one_is_told_of_and_stays(
    logged_in_client: Client, organisation: Organisation, archived: TestActivity
) -> None:
    activities.set_state(archived, "paused")

    for text in _pages(logged_in_client, organisation):
        assert "1\u00a0pausad provaktivitet har grupper" in text
    logged_in_client.post(reverse("test_activities_activate"))
    assert TestActivity.objects.get().state == "paused"


def test_nothing_is_said_of_one_without_groups(
    logged_in_client: Client, organisation: Organisation, archived: TestActivity
) -> None:
    Group.objects.update(ended_at="2026-06-12T12:00Z")

    for text in _pages(logged_in_client, organisation):
        assert "har grupper i registret" not in text


def test_all_are_made_active_at_once(
    logged_in_client: Client, organisation: Organisation, archived: TestActivity
) -> None:
    answer = logged_in_client.post(reverse("test_activities_activate"), follow=True)

    assert "provaktivitet är aktiv igen" in answer.content.decode()
    assert TestActivity.objects.get().state == "active"
    assert SAID not in "".join(_pages(logged_in_client, organisation))
