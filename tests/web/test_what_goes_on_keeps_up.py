"""Whatever says that something goes on asks anew while it does, and says when it stands still."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from provsluss.operations import queue_pause
from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Import
from provsluss.transfers.models import Plan, SyncJob, Transfer
from tests.web.reading import text_of
from tests.web.removals_made_by_hand import make_removal
from tests.web.transfers_made_by_hand import MadeTransfer, make_running, make_worker

KEEPS_UP = "data-keeps-up"
PAGES = ("test_activities", "overview", "preview_all")


@pytest.fixture
def running(organisation: Organisation, scoped: Organisation) -> Transfer:
    transfer = make_running(organisation).transfer
    plan = Plan.objects.create(
        organisation=organisation, environment=organisation.environment, state="ready", seconds=1.0
    )
    plan.test_activities.set(transfer.test_activities.all())
    Transfer.objects.filter(pk=transfer.pk).update(plan=plan)
    return transfer


@pytest.mark.parametrize("page", PAGES)
def test_lists_follow_a_transfer_to_its_end(logged_in_client: Client, running: Transfer, page: str) -> None:
    make_worker()
    text = text_of(logged_in_client, page)
    assert "Pågår" in text
    assert KEEPS_UP in text

    Transfer.objects.update(state="done")
    SyncJob.objects.update(state="done", finished_at=timezone.now())
    assert KEEPS_UP not in text_of(logged_in_client, page)


@pytest.mark.parametrize("page", PAGES)
def test_none_goes_on_where_nobody_works(logged_in_client: Client, running: Transfer, page: str) -> None:
    text = text_of(logged_in_client, page)

    assert "Står still" in text
    assert not re.search(r">\s*Pågår\s*<", text)


def test_the_list_of_imports_follows_one_that_is_read(
    logged_in_client: Client, scoped: Organisation, user: User
) -> None:
    Import.objects.create(organisation=scoped, source="test", state="reading", created_by=user, file_name="a.xlsx")
    assert "Står still" in text_of(logged_in_client, "imports")

    make_worker()
    assert KEEPS_UP in text_of(logged_in_client, "imports")
    Import.objects.update(state="done")
    assert KEEPS_UP not in text_of(logged_in_client, "imports")


def test_an_approved_removal_says_how_far_it_has_come(
    logged_in_client: Client, organisation: Organisation, user: User
) -> None:
    made = make_removal(organisation, "needs_review")
    make_worker()
    with scope(organisation=organisation):
        SyncJob.objects.filter(action="remove").update(
            state="running", decision="approved", decided_by=user, decided_at=timezone.now()
        )
        Transfer.objects.update(state="running")

    text = text_of(logged_in_client, "removal_review", made.transfer.pk)

    assert "Nedan ser du hur det går" not in text
    assert "0 av 4 är borttagna hittills." in text
    assert KEEPS_UP in text


@pytest.mark.parametrize("page", ["history", "test_activity"])
def test_who_waits_while_the_queue_is_paused_is_told_so(
    logged_in_client: Client, made: MadeTransfer, page: str
) -> None:
    Transfer.objects.update(state="queued", started_at=None, finished_at=None)
    SyncJob.objects.all().delete()
    make_worker()
    arguments = [made.test_activity.pk] if page == "test_activity" else []
    assert "Överföringen börjar när ingen annan pågår." in text_of(logged_in_client, page, *arguments)

    queue_pause.pause_queue()
    text = text_of(logged_in_client, page, *arguments)
    assert "börjar när ingen annan pågår" not in text
    assert "Överföringen börjar tidigast när den släpps på igen." in text
