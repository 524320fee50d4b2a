"""The ids of another organisation's objects lead nowhere: 404, the same as for ids that do not exist."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.register.models import Import, ImportProblem, Reveal
from tests.web.transfers_made_by_hand import School, make_school


@pytest.fixture
def stranger(organisation: Organisation) -> Organisation:
    return Organisation.objects.create(number="5560360793", name="Friskolan Norrsken", environment="simulator")


@pytest.fixture
def strange_school(stranger: Organisation) -> School:
    return make_school(stranger)


@pytest.fixture
def strange_import(stranger: Organisation) -> Iterator[Import]:
    with scope(organisation=stranger):
        run = Import.objects.create(organisation=stranger, source="test", file_name="hemlig.xlsx", state="preview")
        ImportProblem.objects.create(import_run=run, sheet="Klasser", row=3, reason="Hemlig orsak")
    yield run


@pytest.mark.parametrize(("name", "method"), [("person", "get"), ("person_civic_number", "post"), ("group", "get")])
def test_persons_and_groups(logged_in_client: Client, strange_school: School, name: str, method: str) -> None:
    pk = strange_school.group.pk if name == "group" else strange_school.pupils[0].pk

    assert getattr(logged_in_client, method)(reverse(name, args=[pk])).status_code == 404
    with scopes_disabled():
        assert not Reveal.objects.exists()


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("import", "get"),
        ("import_progress", "get"),
        ("import_changes", "get"),
        ("import_problems_export", "get"),
        ("import_store", "post"),
        ("import_discard", "post"),
    ],
)
def test_imports(logged_in_client: Client, strange_import: Import, name: str, method: str) -> None:
    answer = getattr(logged_in_client, method)(reverse(name, args=[strange_import.pk]))

    assert answer.status_code == 404
    with scopes_disabled():
        assert Import.objects.get(pk=strange_import.pk).state == "preview"


@pytest.mark.parametrize("name", ["overview", "persons", "groups", "imports", "users", "catalogue"])
def test_lists_hold_only_ones_own(
    logged_in_client: Client, strange_school: School, strange_import: Import, stranger: Organisation, name: str
) -> None:
    other = User.objects.create_user("främling", password="x")
    OrganisationAccess.objects.create(user=other, organisation=stranger)

    text = logged_in_client.get(reverse(name)).content.decode()

    for word in ("Åström", "6A matematik", "hemlig.xlsx", "främling", "31279295"):
        assert word not in text


def test_one_cannot_switch_to_another_organisation(logged_in_client: Client, stranger: Organisation) -> None:
    answer = logged_in_client.post(reverse("switch_organisation"), {"organisation": str(stranger.pk)})

    assert answer.status_code == 404
    assert "Friskolan" not in logged_in_client.get(reverse("overview")).content.decode()
