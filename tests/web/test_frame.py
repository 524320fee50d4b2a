"""What every page has around it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation, OrganisationAccess, User

PAGES = [
    "overview", "imports", "persons", "groups", "access", "test_activities", "history", "settings", "catalogue",
    "preview_all", "national_tests", "unknown_codes", "control", "users", "mfa_index", "kept_objects", "removal_limits",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("environment", "word"),
    [("produktion", "Produktion"), ("verifieringstest", "Verifieringstest"), ("simulator", "Simulator")],
)
def test_the_environment_is_on_every_page(
    logged_in_client: Client, organisation: Organisation, page: str, environment: str, word: str
) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(environment=environment)

    header = logged_in_client.get(reverse(page)).content.decode().split("</header>")[0]

    assert f'data-environment="{environment}"' in header
    assert f'data-icon="{environment}"' in header
    assert f"<span>{word}</span>" in header


@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_an_inline_script_or_style(logged_in_client: Client, page: str) -> None:
    answer = logged_in_client.get(reverse(page))
    text = answer.content.decode()

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", text)
    assert not re.findall(r"<script(?![^>]*\ssrc=)", text)
    assert "<style" not in text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_heading_and_a_way_past_the_menu(logged_in_client: Client, page: str) -> None:
    text = logged_in_client.get(reverse(page)).content.decode()

    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert text.index('href="#innehall"') < text.index("<header")
    assert 'id="innehall"' in text
    assert '<html lang="sv"' in text


def test_the_menu_says_where_one_is(logged_in_client: Client) -> None:
    text = logged_in_client.get(reverse("persons")).content.decode()

    current = re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', text)

    assert (reverse("persons"), "page") in current
    assert (reverse("imports"), "true") in current
    assert len(current) == 2


def test_light_or_dark_is_remembered_by_a_cookie(logged_in_client: Client) -> None:
    assert 'data-color-scheme="auto"' in logged_in_client.get("/").content.decode()
    logged_in_client.cookies["utseende"] = "dark"
    assert 'data-color-scheme="dark"' in logged_in_client.get("/").content.decode()
    logged_in_client.cookies["utseende"] = '"><script>'
    assert 'data-color-scheme="auto"' in logged_in_client.get("/").content.decode()


def test_whoever_has_several_organisations_switches_between_them(
    logged_in_client: Client, organisation: Organisation, user: User
) -> None:
    assert "byt-huvudman" not in logged_in_client.get("/").content.decode().split("<main")[0]
    other = Organisation.objects.create(number="5560360793", name="Friskolan Norrsken", environment="produktion")
    OrganisationAccess.objects.create(user=user, organisation=other)
    assert "Byt huvudman" in logged_in_client.get("/").content.decode()

    logged_in_client.post(reverse("switch_organisation"), {"organisation": str(other.pk)})

    header = logged_in_client.get("/").content.decode().split("</header>")[0]
    assert 'data-environment="produktion"' in header


def test_access_that_is_taken_back_ends_at_once(
    logged_in_client: Client, organisation: Organisation, user: User
) -> None:
    OrganisationAccess.objects.filter(user=user).delete()

    assert logged_in_client.get("/").status_code == 403
