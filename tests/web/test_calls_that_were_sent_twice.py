"""A call that went more than once says so: on its own page, in the list of calls, and on the row of each object."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Batch
from tests.web.transfers_made_by_hand import make_transfer


@pytest.mark.parametrize("attempts", [1, 2])
def test_every_page_about_the_call_says_how_often_it_was_sent(
    logged_in_client: Client, organisation: Organisation, attempts: int
) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        Batch.objects.filter(pk=made.batch.pk).update(attempts=attempts)
    for address in (
        reverse("call", args=[made.batch.pk]),
        reverse("sync_job", args=[made.batch.sync_job_id]),
        reverse("sync_job_object", args=[made.refused.pk]),
    ):
        text = logged_in_client.get(address).content.decode()
        assert ("Skickades 2\u00a0gånger" in text) == (attempts == 2), address
