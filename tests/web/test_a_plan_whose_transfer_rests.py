"""Plan och utfall of a transfer that has come to rest with something left: never "Allt blev som planerat"."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Plan, PlannedObject, SyncJob, Transfer
from tests.web.removals_made_by_hand import MadeRemoval, make_removal


@pytest.fixture
def waiting(organisation: Organisation) -> Iterator[MadeRemoval]:
    """Three persons and an activity that the plan said would go, and that wait for a decision."""
    made = make_removal(organisation, state="needs_review")
    with scope(organisation=organisation):
        plan = Plan.objects.create(organisation=organisation, environment=organisation.environment, state="ready")
        Transfer.objects.filter(pk=made.transfer.pk).update(plan=plan)
        for job in made.jobs.values():
            for result in job.results.all():
                PlannedObject.objects.create(
                    plan=plan, organisation=organisation, kind=job.kind, object_id=result.object_id, fate="removed",
                    name=result.name,
                )  # fmt: skip
        yield made


def _text(client: Client) -> str:
    return client.get(reverse("plan_outcome", args=[Plan.objects.get().pk])).content.decode()


def test_what_waits_for_review_is_not_as_planned(logged_in_client: Client, waiting: MadeRemoval) -> None:
    text = _text(logged_in_client)

    assert "Allt blev som planerat" not in text
    assert "4\u00a0uppgifter väntar på granskning" in text
    assert "blev inte som planerat." not in text
    assert "Skulle tas bort. Väntar på granskning." in text


def test_what_a_cancelled_transfer_left_is_not_as_planned(logged_in_client: Client, waiting: MadeRemoval) -> None:
    Transfer.objects.filter(pk=waiting.transfer.pk).update(state="cancelled")
    SyncJob.objects.filter(transfer=waiting.transfer, action="remove").update(state="cancelled")

    text = _text(logged_in_client)
    assert "4\u00a0uppgifter blev inte som planerat" in text
    assert "Hann inte göras innan överföringen avbröts." in text


def test_while_it_moves_nothing_is_said_yet(logged_in_client: Client, waiting: MadeRemoval) -> None:
    Transfer.objects.filter(pk=waiting.transfer.pk).update(state="running")

    text = _text(logged_in_client)
    assert "Jämförelsen är hel när den är klar" in text
    assert "Hann inte göras" not in text
