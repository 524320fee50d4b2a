"""Seeing protected persons is given for one huvudman at a time, on the page by an operator or by the command."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from tests.web.transfers_made_by_hand import make_school


@pytest.fixture
def other(user: User) -> Organisation:
    """Another huvudman that `user` works with."""
    organisation = Organisation.objects.create(number="5560360793", name="Friskolan", environment="simulator")
    OrganisationAccess.objects.create(user=user, organisation=organisation)
    return organisation


def _sees(user: User) -> set[str]:
    found = OrganisationAccess.objects.filter(user=user, sees_protected=True)
    return set(found.values_list("organisation__name", flat=True))


def test_it_holds_in_that_organisation_only(
    logged_in_client: Client, user: User, organisation: Organisation, other: Organisation
) -> None:
    make_school(organisation)
    make_school(other)
    OrganisationAccess.objects.filter(user=user, organisation=organisation).update(sees_protected=True)
    assert "Iris" in logged_in_client.get(reverse("persons")).content.decode()

    logged_in_client.post(reverse("switch_organisation"), {"organisation": str(other.pk)})
    text = logged_in_client.get(reverse("persons")).content.decode()

    assert "Friskolan" in text
    assert "Begränsade uppgifter" in text
    assert "Iris" not in text


def test_an_operator_gives_and_takes_it_on_the_page(
    logged_in_client: Client, user: User, organisation: Organisation, other: Organisation
) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    address = reverse("user_sees_protected", args=[user.pk])
    assert address in logged_in_client.get(reverse("users")).content.decode()

    logged_in_client.post(address, {"far": "ja"})
    assert _sees(user) == {"Exempelkommunen"}
    logged_in_client.post(address, {"far": "nej"})
    assert _sees(user) == set()


def test_nobody_else_can(logged_in_client: Client, user: User) -> None:
    address = reverse("user_sees_protected", args=[user.pk])

    assert address not in logged_in_client.get(reverse("users")).content.decode()
    assert logged_in_client.post(address, {"far": "ja"}).status_code == 403
    assert _sees(user) == set()


def test_a_user_of_another_organisation_is_not_found(logged_in_client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    stranger = User.objects.create_user("främling", password="x")

    assert logged_in_client.post(reverse("user_sees_protected", args=[stranger.pk]), {"far": "ja"}).status_code == 404


def test_those_who_had_the_old_permission_keep_it(user: User, other: Organisation) -> None:
    old = Permission.objects.create(
        codename="view_protected", name="x", content_type=ContentType.objects.get(app_label="register", model="person")
    )
    user.user_permissions.add(old)
    somebody = User.objects.create_user("bo", password="x")
    OrganisationAccess.objects.create(user=somebody, organisation=other)

    migration = import_module("provsluss.organisations.migrations.0003_sees_protected_in_an_organisation")
    migration.give_it_in_their_organisations(apps, connection.schema_editor())

    assert _sees(user) == {"Exempelkommunen", "Friskolan"}
    assert _sees(somebody) == set()
    assert not Permission.objects.filter(codename="view_protected").exists()
