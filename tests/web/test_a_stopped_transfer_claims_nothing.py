"""Of a transfer that was stopped, only what is known is said, and only what can be done is offered."""

import pytest
from django.test import Client
from django.utils import timezone

from provsluss.transfers.models import ObjectResult, SyncJob, Transfer
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import MadeTransfer


@pytest.fixture
def stopped(made: MadeTransfer) -> MadeTransfer:
    """Five persons were called about; somebody stopped it before the answer had been fetched."""
    Transfer.objects.update(state="cancelled", message="Överföringen avbröts.")
    SyncJob.objects.update(state="cancelled")
    job = SyncJob.objects.get(pk=made.jobs["persons"].pk)
    job.success, job.warning, job.error, job.withheld, job.wanted = 0, 0, 0, 0, 5
    job.save()
    ObjectResult.objects.filter(sync_job=job, batch__isnull=False).update(state="sent", messages=[], findings=[])
    return made


def test_an_answer_that_was_not_fetched_is_not_none_received(logged_in_client: Client, stopped: MadeTransfer) -> None:
    job = stopped.jobs["persons"]
    for text in (
        text_of(logged_in_client, "history"),
        text_of(logged_in_client, "sync_job", job.pk),
        text_of(logged_in_client, "test_activity", stopped.test_activity.pk),
    ):
        assert "0 av 5 mottagna" not in text
        assert "0 av 5 hann tas emot" not in text
    assert "Svar saknas om 5" in text_of(logged_in_client, "history")
    told = "Svaret om 5 hann inte hämtas, så det är inte känt om Skolverket tog emot dem."
    text = text_of(logged_in_client, "sync_job", job.pk)
    assert told in text
    assert "<dt>Svar saknas</dt><dd>5</dd>" in text


def test_one_of_them_waits_for_no_answer(logged_in_client: Client, stopped: MadeTransfer) -> None:
    text = text_of(logged_in_client, "sync_job_object", stopped.refused.pk)

    assert "överföringen avbröts innan svaret hade hämtats" in text
    assert "Skolverket har inte svarat än" not in text


def test_it_can_be_resumed(logged_in_client: Client, stopped: MadeTransfer) -> None:
    assert "Återuppta" in text_of(logged_in_client, "test_activity", stopped.test_activity.pk)


def test_it_is_not_offered_after_a_newer_one_has_started(logged_in_client: Client, stopped: MadeTransfer) -> None:
    old = stopped.transfer
    Transfer.objects.create(
        organisation=old.organisation, environment=old.environment, state="done", started_at=timezone.now()
    )

    assert "Återuppta" not in text_of(logged_in_client, "test_activity", stopped.test_activity.pk)


def test_it_is_not_offered_where_the_address_is_another(logged_in_client: Client, stopped: MadeTransfer) -> None:
    Transfer.objects.update(address="https://nagon.annanstans.example/provisioning/v1")

    assert "Återuppta" not in text_of(logged_in_client, "test_activity", stopped.test_activity.pk)
