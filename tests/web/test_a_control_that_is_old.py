"""Kontroll that is no longer true: never green, and a new one is waited for without disturbing what stands below."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.preflight.run import make_at_once
from provsluss.transfers.models import Control, ObjectResult, TestActivity
from tests.web.transfers_made_by_hand import make_transfer, make_worker


@pytest.fixture
def test_activity(organisation: Organisation) -> Iterator[TestActivity]:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        ObjectResult.objects.all().delete()
        make_at_once(organisation)
        Control.objects.get().causes.all().delete()  # ready in all respects
        yield made.test_activity


def _ask_for_another(organisation: Organisation, is_old: bool) -> Control:
    """A large organisation's: it waits for a worker."""
    if is_old:
        Control.objects.update(made_from="something else")
    return Control.objects.create(organisation=organisation, environment=organisation.environment, state="queued")


def _pages(client: Client, test_activity: TestActivity) -> list[str]:
    addresses = (reverse("control"), reverse("test_activity_control", args=[test_activity.pk]))
    return [client.get(address).content.decode() for address in addresses]


def test_a_true_one_is_green(logged_in_client: Client, test_activity: TestActivity) -> None:
    assert all("Redo.</strong>" in text for text in _pages(logged_in_client, test_activity))


def test_an_old_one_is_not_green_and_says_so_when_nobody_works(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity
) -> None:
    _ask_for_another(organisation, is_old=True)
    for text in _pages(logged_in_client, test_activity):
        assert "Redo.</strong>" not in text
        assert "Ingenting kontrolleras just nu." in text
        assert "Något har ändrats sedan kontrollen gjordes." in text


def test_an_old_one_is_not_green_while_the_new_one_is_made(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity
) -> None:
    make_worker()
    _ask_for_another(organisation, is_old=True)
    for text in _pages(logged_in_client, test_activity):
        assert "Redo.</strong>" not in text
        assert "Kontrollen väntar på sin tur." in text
        assert "Något har ändrats" not in text


def test_only_a_small_part_is_asked_for_until_it_is_over(
    logged_in_client: Client, organisation: Organisation, test_activity: TestActivity
) -> None:
    make_worker()
    made = _ask_for_another(organisation, is_old=False)
    for text in _pages(logged_in_client, test_activity):
        assert "hx-select" not in text
        assert "Redo.</strong>" in text
        assert " disabled>" in text
    address = reverse("control_progress")
    seen = f"{made.pk}-0-0-gar"
    assert f"{address}?sett={seen}" in logged_in_client.get(address).content.decode()
    assert logged_in_client.get(address, {"sett": seen}).status_code == 204

    Control.objects.filter(pk=made.pk).update(checked=5, wanted=10)
    moved = logged_in_client.get(address, {"sett": seen}).content.decode()
    assert "5 av 10 uppgifter" in moved
    assert "atgarder" not in moved

    Control.objects.filter(pk=made.pk).update(
        state="ready", ready_at=timezone.now(), made_from=Control.objects.earliest("pk").made_from
    )
    assert logged_in_client.get(address, {"sett": seen}).headers["HX-Refresh"] == "true"
    assert all(" disabled>" not in text for text in _pages(logged_in_client, test_activity))
