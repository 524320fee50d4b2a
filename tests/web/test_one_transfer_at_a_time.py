"""A provaktivitet whose transfer goes on is not sent once more, and a cancelled press never hides what was sent."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.actions import send
from provsluss.transfers.models import TestActivity, Transfer
from tests.web.transfers_made_by_hand import TEST, MadeTransfer, make_running, make_transfer

BUTTON = "Skicka till Skolverket</button>"


@pytest.fixture(autouse=True)
def scoped(organisation: Organisation) -> Iterator[None]:
    with scope(organisation=organisation):
        yield


@pytest.fixture
def made(organisation: Organisation) -> MadeTransfer:
    return make_transfer(organisation)


def _page(client: Client, test_activity: TestActivity, name: str = "test_activity") -> str:
    return client.get(reverse(name, args=[test_activity.pk])).content.decode()


def _queued(made: MadeTransfer) -> Transfer:
    return send.press_send(made.school.organisation, None, [made.test_activity])


def test_a_running_transfer_stands_where_the_button_was(logged_in_client: Client, organisation: Organisation) -> None:
    transfer = make_running(organisation).transfer
    test_activity = transfer.test_activities.get()

    for name in ("test_activity", "test_activity_groups", "test_activity_history"):
        text = _page(logged_in_client, test_activity, name)
        assert f"Överföring {transfer.pk} är inte klar än" in text
        assert BUTTON not in text

    address = reverse("test_activity_send", args=[test_activity.pk])
    text = logged_in_client.post(address, {"bekraftat": "ja"}, follow=True).content.decode()
    assert f"Överföring {transfer.pk} av Matematik årskurs 6 är inte klar än" in text
    assert Transfer.objects.count() == 1


def test_all_are_not_sent_once_more_while_all_are_being_sent(
    logged_in_client: Client, organisation: Organisation
) -> None:
    transfer = make_running(organisation).transfer
    address = reverse("test_activities_send")

    text = logged_in_client.post(address, follow=True).content.decode()
    assert "Alla aktiva provaktiviteter är redan på väg" in text
    assert Transfer.objects.count() == 1

    other = TestActivity.objects.create(organisation=organisation, name="Omprov", national_test=TEST)
    logged_in_client.post(address)
    assert other in Transfer.objects.exclude(pk=transfer.pk).get().test_activities.all()


def test_the_button_comes_back_when_the_transfer_ends(logged_in_client: Client, organisation: Organisation) -> None:
    transfer = make_running(organisation).transfer
    address = reverse("test_activity_steps", args=[transfer.test_activities.get().pk])
    Transfer.objects.update(state="done")

    text = logged_in_client.get(address, {"sett": f"{transfer.pk}-running."}).content.decode()

    assert 'id="skicka" hx-swap-oob="true"' in text
    assert BUTTON in text


def test_one_that_waits_for_review_keeps_nobody_from_sending(logged_in_client: Client, made: MadeTransfer) -> None:
    Transfer.objects.update(state="needs_review")

    text = _page(logged_in_client, made.test_activity)

    assert BUTTON in text
    assert f"Överföring {made.transfer.pk} är inte klar än" not in text
    assert reverse("transfer_cancel", args=[made.transfer.pk]) in text


def test_a_transfer_that_waits_is_said_to_wait(logged_in_client: Client, made: MadeTransfer) -> None:
    queued = _queued(made)

    assert f"Överföring {queued.pk} väntar på sin tur" in _page(logged_in_client, made.test_activity)


def test_a_running_one_is_shown_before_one_that_waits(logged_in_client: Client, organisation: Organisation) -> None:
    running = make_running(organisation).transfer
    waiting = Transfer.objects.create(organisation=organisation, environment=organisation.environment)
    waiting.test_activities.set(running.test_activities.all())

    text = _page(logged_in_client, running.test_activities.get())

    assert f'id="steg-rubrik">Överföring {running.pk}<' in text


def test_one_cancelled_in_the_queue_does_not_hide_the_last_result(logged_in_client: Client, made: MadeTransfer) -> None:
    queued = _queued(made)
    send.cancel(queued)

    text = _page(logged_in_client, made.test_activity)

    assert f'id="steg-rubrik">Överföring {made.transfer.pk}<' in text
    assert "4 av 5 mottagna" in text
    assert f"Överföring {queued.pk} (" in text
    assert "avbröts innan den började" in text
    assert "Klar med fel" in logged_in_client.get(reverse("test_activities")).content.decode()


def test_one_cancelled_before_anything_was_sent_says_so(logged_in_client: Client, made: MadeTransfer) -> None:
    Transfer.objects.all().delete()
    send.cancel(_queued(made))

    text = _page(logged_in_client, made.test_activity)

    assert "Inget hade skickats." in text
    assert "ligger kvar hos Skolverket." not in text
    assert "Inte börjat" not in text
    assert text.count("Inget skickades") == 4


def test_one_cancelled_half_way_says_what_stays(logged_in_client: Client, organisation: Organisation) -> None:
    transfer = make_running(organisation).transfer
    send.cancel(transfer)

    text = _page(logged_in_client, transfer.test_activities.get())

    assert "Det som redan har skickats ligger kvar hos Skolverket." in text
