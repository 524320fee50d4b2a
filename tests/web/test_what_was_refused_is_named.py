"""Översikt says what was refused: persons, groups or what it was."""

from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob
from tests.web.transfers_made_by_hand import make_transfer


def test_the_kinds_are_named(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    SyncJob._base_manager.filter(pk=made.jobs["groups"].pk).update(error=2)

    text = logged_in_client.get(reverse("overview")).content.decode()

    assert "1 person och 2 grupper nekades av Skolverket" in text
