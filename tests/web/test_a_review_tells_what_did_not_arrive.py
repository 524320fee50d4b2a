"""A transfer that waits for review and in which something was refused: never "Allt annat är klart"."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.models import SyncJob
from provsluss.wording.transfer import transfer_notice
from tests.web.removals_made_by_hand import MadeRemoval, make_removal


@pytest.fixture
def made(organisation: Organisation) -> MadeRemoval:
    return make_removal(organisation, state="needs_review")


def _refuse(made: MadeRemoval) -> SyncJob:
    with scope(organisation=made.transfer.organisation):
        job = SyncJob.objects.get(transfer=made.transfer, kind="persons", action="send")
        job.unchanged, job.sent, job.error, job.withheld = 1, 2, 2, 1
        job.save()
    return job


def _text(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_all_else_is_well_when_it_is(logged_in_client: Client, made: MadeRemoval) -> None:
    assert "Allt annat i överföringen är klart" in _text(logged_in_client, "removal_review", made.transfer.pk)
    assert "Allt annat är klart" in _text(logged_in_client, "overview")


def test_what_was_refused_stands_first_and_leads_to_the_errors(logged_in_client: Client, made: MadeRemoval) -> None:
    job = _refuse(made)

    text = _text(logged_in_client, "removal_review", made.transfer.pk)
    assert "Allt annat" not in text
    assert "2 personer nekades av Skolverket och 1 person hålls inne tills vidare." in text.replace("\u00a0", " ")
    assert reverse("sync_job", args=[job.pk]) in text
    assert "Allt annat är klart" not in _text(logged_in_client, "overview")


def test_the_transfers_own_notice_is_red_then(made: MadeRemoval) -> None:
    with scope(organisation=made.transfer.organisation):
        assert transfer_notice(made.transfer, made.transfer.sync_jobs.all()).color == "warning"
        _refuse(made)
        assert transfer_notice(made.transfer, made.transfer.sync_jobs.all()).color == "danger"
