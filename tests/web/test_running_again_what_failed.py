"""Kör om det som felade: where the button stands, what it starts, and what it refuses."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.environments import place
from provsluss.organisations.models import Organisation, User
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.actions.send_again import can_run_again, run_again
from provsluss.transfers.models import Purpose, SyncJob, TestActivity, Transfer, TransferState
from tests.web.transfers_made_by_hand import MadeTransfer, make_transfer

BUTTON = "Kör om det som felade"


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeTransfer]:
    """A transfer with errors, in the environment that is used."""
    made = make_transfer(organisation)
    Organisation.objects.filter(pk=organisation.pk).update(environment="simulator")
    with scope(organisation=organisation):
        Transfer.objects.update(environment="simulator")
        made.transfer.refresh_from_db()
        yield made


def _page(client: Client, made: MadeTransfer) -> str:
    return client.get(reverse("sync_job", args=[made.jobs["persons"].pk])).content.decode()


def test_the_button_starts_a_transfer_of_the_same_test_activities(
    logged_in_client: Client, made: MadeTransfer, user: User
) -> None:
    address = reverse("transfer_run_again", args=[made.transfer.pk])
    assert f'action="{address}"' in _page(logged_in_client, made)

    text = logged_in_client.post(address, follow=True).content.decode()

    new = Transfer.objects.get(state=TransferState.QUEUED)
    assert f"Överföring {new.pk} är beställd" in text
    assert (list(new.test_activities.all()), new.purpose, new.created_by) == ([made.test_activity], Purpose.SEND, user)
    again = logged_in_client.post(address, follow=True).content.decode()
    assert "väntar redan på sin tur" in again
    Transfer.objects.filter(pk=new.pk).update(state=TransferState.RUNNING)  # a worker was quicker than the second press
    again = logged_in_client.post(address, follow=True).content.decode()
    assert f"Överföring {new.pk} är inte klar än" in again
    assert not Transfer.objects.filter(state=TransferState.QUEUED).exists()


def test_in_production_the_user_is_asked_first(
    logged_in_client: Client, made: MadeTransfer, organisation: Organisation
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment="produktion")
    Transfer.objects.update(environment="produktion", address=place("produktion"))
    address = reverse("transfer_run_again", args=[made.transfer.pk])
    assert "Uppgifterna gäller på riktigt" in logged_in_client.post(address).content.decode()
    assert not Transfer.objects.filter(state=TransferState.QUEUED).exists()
    logged_in_client.post(address, {"bekraftat": "ja"})
    assert Transfer.objects.filter(state=TransferState.QUEUED).exists()


@pytest.mark.parametrize("why", ["nothing failed", "another environment", "paused", "one person", "running"])
def test_where_there_is_nothing_to_run_again(
    logged_in_client: Client, made: MadeTransfer, organisation: Organisation, why: str
) -> None:
    if why == "nothing failed":
        SyncJob.objects.update(error=0, withheld=0)
    elif why == "another environment":
        Transfer.objects.update(environment="verifieringstest")
    elif why == "paused":
        TestActivity.objects.update(state="paused")
    elif why == "one person":
        Transfer.objects.update(purpose=Purpose.ONE_PERSON)
    else:
        Transfer.objects.update(state=TransferState.RUNNING)
    transfer = Transfer.objects.select_related("organisation").get(pk=made.transfer.pk)
    assert not can_run_again(transfer)
    assert BUTTON not in _page(logged_in_client, made)
    with pytest.raises(CannotSend):
        run_again(transfer, None)
    assert not Transfer.objects.filter(state=TransferState.QUEUED).exists()
