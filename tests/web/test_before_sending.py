"""What there is to know before pressing the button: protected persons left behind, a file that waits for a decision."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, ImportState, Person
from provsluss.transfers.models import Plan, TestActivity
from tests.transfers.prepared import prepare
from tests.transfers.small_school import make_school

LEFT_BEHIND = "Personer med skyddade personuppgifter skickas inte än."
WAITS = "En inläst fil väntar på beslut."


@pytest.fixture
def activity(organisation: Organisation) -> TestActivity:
    with scope(organisation=organisation):
        return make_school(organisation)


@pytest.fixture
def pages(logged_in_client: Client, organisation: Organisation, activity: TestActivity) -> dict[str, str]:
    """The address of every page with a button that sends, by name."""
    with scope(organisation=organisation):
        plan = Plan.objects.create(
            organisation=organisation,
            environment=organisation.environment,
            state="ready",
            counts={"persons": {"new": 1}},
            seconds=1,
        )
        plan.test_activities.add(activity)
    return {
        "its own": reverse("test_activity", args=[activity.pk]),
        "send": reverse("test_activity_send", args=[activity.pk]),
        "send all": reverse("test_activities_send"),
        "preview": reverse("plan", args=[plan.pk]),
    }


def _texts(client: Client, pages: dict[str, str]) -> dict[str, str]:
    return {name: client.get(address).content.decode() for name, address in pages.items()}


def test_who_is_left_behind_stands_at_every_button(
    logged_in_client: Client, organisation: Organisation, pages: dict[str, str]
) -> None:
    assert not [name for name, text in _texts(logged_in_client, pages).items() if LEFT_BEHIND in text]
    with scope(organisation=organisation):
        Person.objects.filter(family_name="Nummer00001").update(security_marking="Sekretessmarkering")
    texts = _texts(logged_in_client, pages)
    assert [name for name, text in texts.items() if LEFT_BEHIND in text] == list(pages)
    assert "Ja, skicka alla utan skyddade personuppgifter</button>" in texts["send all"]
    assert "utan personer med skyddade personuppgifter</span>" in texts["its own"]
    prepare(organisation, "epost")
    assert (
        "Det är inte bekräftat: e-postadress dit Skolverket kan höra av sig." in _texts(logged_in_client, pages)["send"]
    )
    prepare(organisation)
    assert not [name for name, text in _texts(logged_in_client, pages).items() if "skyddade personuppgifter" in text]


@pytest.mark.parametrize("state", ImportState.values)
def test_a_file_that_waits_for_a_decision_is_told_of(
    logged_in_client: Client, organisation: Organisation, pages: dict[str, str], state: str
) -> None:
    with scope(organisation=organisation):
        waiting = Import.objects.create(
            organisation=organisation, source="skolverket_workbook", file_name="nya.xlsx", state=state
        )
    for text in _texts(logged_in_client, pages).values():
        assert (WAITS in text) is (state == ImportState.PREVIEW)
        assert ("nya.xlsx" in text) is (state == ImportState.PREVIEW)
        assert (reverse("import", args=[waiting.pk]) in text) is (state == ImportState.PREVIEW)
