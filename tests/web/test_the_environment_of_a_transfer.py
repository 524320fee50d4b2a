"""What was done in one environment is never taken for another's."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob, Transfer
from tests.web.transfers_made_by_hand import MadeTransfer, make_running, make_transfer

SENTENCE = "Den här överföringen gjordes i Produktion. Du är nu i Simulator."


def _use(organisation: Organisation, environment: str) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment=environment)
    organisation.refresh_from_db()


@pytest.fixture
def made(organisation: Organisation) -> Iterator[MadeTransfer]:
    """A transfer in Produktion, whose organisation uses the simulator by now."""
    _use(organisation, Environment.PRODUCTION)
    made = make_transfer(organisation)
    _use(organisation, Environment.SIMULATOR)
    with scope(organisation=organisation):
        yield made


def _pages(made: MadeTransfer) -> dict[str, object]:
    return {"sync_job": made.jobs["persons"].pk, "sync_job_object": made.refused.pk, "call": made.batch.pk}


@pytest.mark.parametrize("name", ["sync_job", "sync_job_object", "call"])
def test_a_page_says_it_before_anything_else(logged_in_client: Client, made: MadeTransfer, name: str) -> None:
    text = logged_in_client.get(reverse(name, args=[_pages(made)[name]])).content.decode()

    assert text.index(SENTENCE) < text.index("<h1")


@pytest.mark.parametrize("name", ["sync_job", "sync_job_object", "call"])
def test_in_its_own_environment_there_is_nothing_to_say(
    logged_in_client: Client, made: MadeTransfer, organisation: Organisation, name: str
) -> None:
    _use(organisation, Environment.PRODUCTION)

    assert "Du är nu i" not in logged_in_client.get(reverse(name, args=[_pages(made)[name]])).content.decode()


def test_what_remains_is_not_sent_again_to_another_environment(
    logged_in_client: Client, made: MadeTransfer, organisation: Organisation
) -> None:
    address = reverse("sync_job", args=[made.jobs["persons"].pk])

    assert "Kör om det som felade" not in logged_in_client.get(address).content.decode()
    _use(organisation, Environment.PRODUCTION)
    assert "Kör om det som felade" in logged_in_client.get(address).content.decode()


def test_a_transfer_is_labelled_and_listed_in_its_own_environment_alone(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    own = reverse("sync_job", args=[made.jobs["persons"].pk])
    assert own not in logged_in_client.get(reverse("history")).content.decode()

    fragment = logged_in_client.get(reverse("history_transfer", args=[made.transfer.pk])).content.decode()

    assert own in fragment
    assert 'data-environment="produktion"' in fragment or ">Produktion<" in fragment


def _cancelled(organisation: Organisation, environment: str) -> SyncJob:
    _use(organisation, environment)
    job = make_running(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=job.transfer_id).update(state="cancelled")
        SyncJob.objects.filter(transfer=job.transfer_id).update(state="cancelled")
    return job


@pytest.mark.parametrize("now", [Environment.PRODUCTION, Environment.SIMULATOR])
def test_resuming_to_production_is_confirmed_first(
    logged_in_client: Client, organisation: Organisation, now: str
) -> None:
    job = _cancelled(organisation, Environment.PRODUCTION)
    _use(organisation, now)
    address = reverse("transfer_resume", args=[job.transfer_id])
    back = {"provaktivitet": ""}

    question = logged_in_client.post(address, back)

    text = question.content.decode()
    assert question.status_code == 200
    assert f"Återuppta överföring {job.transfer_id}?" in text
    assert "gäller på riktigt" in text
    assert ("Du är nu i Simulator." in text) == (now == Environment.SIMULATOR)
    with scope(organisation=organisation):
        assert Transfer.objects.get(pk=job.transfer_id).state == "cancelled"

    answer = logged_in_client.post(address, back | {"bekraftat": "ja"})

    assert answer.status_code == 302
    with scope(organisation=organisation):
        assert Transfer.objects.get(pk=job.transfer_id).state == "queued"


def test_resuming_elsewhere_is_not_asked_about(logged_in_client: Client, organisation: Organisation) -> None:
    job = _cancelled(organisation, Environment.SIMULATOR)

    assert logged_in_client.post(reverse("transfer_resume", args=[job.transfer_id])).status_code == 302
