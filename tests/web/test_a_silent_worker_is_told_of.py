"""While nobody does the work, no page says that it goes on."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob, Transfer
from tests.web.transfers_made_by_hand import make_running, make_worker

SILENT = "Ingenting skickas just nu."


@pytest.fixture
def job(organisation: Organisation) -> Iterator[SyncJob]:
    job = make_running(organisation)
    with scope(organisation=organisation):
        yield job


def _addresses(job: SyncJob) -> list[str]:
    test_activity = job.transfer.test_activities.get()
    return [
        reverse("test_activity", args=[test_activity.pk]),
        reverse("test_activity_steps", args=[test_activity.pk]),
        reverse("test_activity_history", args=[test_activity.pk]),
        reverse("history"),
        reverse("history_transfer", args=[job.transfer_id]),
        reverse("sync_job", args=[job.pk]),
        reverse("sync_job_progress", args=[job.pk]),
    ]


@pytest.mark.parametrize("state", ["queued", "running"])
def test_every_page_of_what_waits_says_so(logged_in_client: Client, job: SyncJob, state: str) -> None:
    Transfer.objects.update(state=state)

    for address in _addresses(job):
        text = logged_in_client.get(address).content.decode()
        assert SILENT in text, address
        assert "Överföringen fortsätter" not in text


def test_nothing_of_it_while_a_worker_works(logged_in_client: Client, job: SyncJob) -> None:
    make_worker()

    for address in _addresses(job):
        assert SILENT not in logged_in_client.get(address).content.decode(), address


def test_a_paused_transfer_says_why_it_is_paused(logged_in_client: Client, job: SyncJob) -> None:
    Transfer.objects.update(message="Kön är pausad.")

    for address in _addresses(job):
        text = logged_in_client.get(address).content.decode()
        assert SILENT not in text, address
        assert "Kön är pausad." in text


def test_nothing_of_it_when_nothing_waits(logged_in_client: Client, job: SyncJob) -> None:
    Transfer.objects.update(state="done")
    SyncJob.objects.update(state="done")

    for address in _addresses(job):
        assert SILENT not in logged_in_client.get(address).content.decode(), address


def test_an_open_page_hears_of_a_worker_that_comes_and_goes(logged_in_client: Client, job: SyncJob) -> None:
    for name, pk in (("test_activity_steps", job.transfer.test_activities.get().pk), ("sync_job_progress", job.pk)):
        address = reverse(name, args=[pk])
        seen = logged_in_client.get(address).context["version"]
        assert logged_in_client.get(address, {"sett": seen}).status_code == 204

        worker = make_worker()

        assert SILENT not in logged_in_client.get(address, {"sett": seen}).content.decode()
        worker.delete()
