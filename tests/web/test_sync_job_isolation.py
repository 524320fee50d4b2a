"""Another organisation's ids lead nowhere: not on a page, not in an export, not in a fragment, not by an action."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django_scopes import scope, scopes_disabled

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Reveal
from provsluss.transfers.models import TestActivity, Transfer
from provsluss.web import history_urls, test_activities_urls
from tests.web.transfers_made_by_hand import TEST, MadeTransfer, make_school, make_transfer

OTHER_UNIT = "76543210"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def foreign(organisation: Organisation) -> Iterator[MadeTransfer]:
    """A transfer of another organisation, in the same environment as the user's own."""
    other = Organisation.objects.create(number="2120000829", name="Grannkommunen", environment=organisation.environment)
    yield make_transfer(other, make_school(other, OTHER_UNIT))


def _ids(foreign: MadeTransfer) -> dict[str, object]:
    """What stands for `pk` in each address of ours that has one."""
    test_activity, transfer = foreign.test_activity.pk, foreign.transfer.pk
    job, result = foreign.jobs["persons"].pk, foreign.refused.pk
    return {
        "history_transfer": transfer,
        "sync_job": job,
        "sync_job_progress": job,
        "sync_job_list": job,
        "sync_job_export": job,
        "sync_job_object": result,
        "sync_job_object_civic_number": result,
        "call": foreign.batch.pk,
        "call_unmasked": foreign.batch.pk,
        "test_activity": test_activity,
        "test_activity_groups": test_activity,
        "test_activity_groups_export": test_activity,
        "test_activity_history": test_activity,
        "test_activity_change": test_activity,
        "test_activity_state": test_activity,
        "test_activity_send": test_activity,
        "test_activity_steps": test_activity,
        "transfer_cancel": transfer,
        "transfer_resume": transfer,
    }


def _addresses_with_an_id() -> list[URLPattern]:
    patterns = [*history_urls.urlpatterns, *test_activities_urls.urlpatterns]
    return [pattern for pattern in patterns if "pk" in pattern.pattern.converters]


def test_every_address_with_an_id_is_walked(foreign: MadeTransfer) -> None:
    assert {pattern.name for pattern in _addresses_with_an_id()} == set(_ids(foreign))


@pytest.mark.parametrize("name", [pattern.name for pattern in _addresses_with_an_id()])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_another_organisations_id_is_not_found(
    logged_in_client: Client, foreign: MadeTransfer, name: str, headers: dict[str, str]
) -> None:
    address = reverse(name, args=[_ids(foreign)[name]])
    form = {"lage": "archived", "gor": "spara", "bekraftat": "ja", "personnummer": "ja", "sok": "Alva"}

    statuses = {
        logged_in_client.get(address, headers=headers).status_code,
        logged_in_client.post(address, form, headers=headers).status_code,
    }

    assert 404 in statuses
    assert statuses <= {404, 405}
    with scopes_disabled():
        assert not Reveal.objects.exists()
        assert TestActivity.objects.get().state == "active"
        assert Transfer.objects.get().state == "done_with_errors"


@pytest.mark.parametrize("name", [pattern.name for pattern in _addresses_with_an_id()])
def test_the_owner_does_find_it(client: Client, foreign: MadeTransfer, name: str) -> None:
    """Otherwise the test above could not fail."""
    user = foreign.school.organisation.users.create(username="granne")
    client.force_login(user)

    address = reverse(name, args=[_ids(foreign)[name]])

    assert 404 not in {client.get(address).status_code, client.post(address).status_code}


def test_lists_and_their_exports_hold_nothing_of_another_organisation(
    logged_in_client: Client, foreign: MadeTransfer
) -> None:
    foreign_id = str(foreign.test_activity.pk)
    for name in ("history", "test_activities", "test_activity_create"):
        text = logged_in_client.get(reverse(name), {"provaktivitet": foreign_id, "lage": "alla"}).content.decode()
        assert foreign_id not in text.replace(f"provaktivitet={foreign_id}", "")
        assert "6A matematik" not in text
        assert OTHER_UNIT not in text


def test_another_organisations_groups_cannot_be_chosen(
    logged_in_client: Client, foreign: MadeTransfer, organisation: Organisation
) -> None:
    own = make_school(organisation)
    theirs = str(foreign.school.group.pk)

    logged_in_client.post(
        reverse("test_activity_create"), {"gor": "spara", "prov": TEST, "grupp": [str(own.klass.pk), theirs]}
    )

    with scope(organisation=organisation):
        assert list(TestActivity.objects.get().groups.all()) == [Group.objects.get(pk=own.klass.pk)]


def test_a_search_finds_nobody_of_another_organisation(
    logged_in_client: Client, foreign: MadeTransfer, organisation: Organisation
) -> None:
    own = make_transfer(organisation)

    text = logged_in_client.post(
        reverse("sync_job", args=[own.jobs["persons"].pk]), {"sok": foreign.refused.eppn}, follow=True
    ).content.decode()

    assert "Ingen träff" in text


def test_whoever_is_not_logged_in_sees_nothing(client: Client, foreign: MadeTransfer) -> None:
    for name, pk in _ids(foreign).items():
        answer = client.get(reverse(name, args=[pk]))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/konto/")
