"""A sync job whose objects have been purged says so, and not that there never were any."""

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import ObjectResult
from tests.web.transfers_made_by_hand import make_transfer


def test_a_purged_list_says_so(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    address = reverse("sync_job", args=[made.jobs["persons"].pk])
    assert "gallrad" not in logged_in_client.get(address).content.decode()
    with scope(organisation=organisation):
        ObjectResult.objects.all().delete()

    text = logged_in_client.get(address).content.decode()

    assert "Listan är gallrad" in text
