"""Search from every page's head: by name, EPPN or personnummer, of which the last is kept nowhere."""

import sqlite3
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.register.models import Person
from tests.fixtures.demo import Demo
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, PROTECTED_NUMBER, School, make_school

ADDRESS = "/register/personer/sok/"


def _goes_to(client: Client, text: str) -> str:
    """Where a search leads; empty when it is answered at once."""
    answer = client.post(ADDRESS, {"text": text})
    assert answer.status_code in (200, 302)
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.headers.get("Location", "")


@pytest.mark.parametrize("page", ["overview", "history", "settings", "test_activities"])
def test_the_field_is_on_every_page(logged_in_client: Client, page: str) -> None:
    header = logged_in_client.get(reverse(page)).content.decode().split("</header>")[0]

    assert f'method="post" action="{ADDRESS}"' in header
    assert 'role="search"' in header
    assert "namn, EPPN eller personnummer" in header


@pytest.mark.parametrize(
    "text",
    [
        "Åström", "åström alva", "201405122384", "20140512-2384", "20140512+2384", "1405122384", "140512-2384",
        " 20140512 2384 ", "140512 2384",
    ],
)  # fmt: skip
def test_the_only_hit_is_gone_to(logged_in_client: Client, school: School, text: str) -> None:
    assert _goes_to(logged_in_client, text) == reverse("person", args=[school.pupils[0].pk])


def test_an_eppn_finds_its_person(logged_in_client: Client, school: School) -> None:
    for eppn in (school.pupils[0].eppn, school.pupils[0].eppn.upper()):
        assert _goes_to(logged_in_client, eppn) == reverse("person", args=[school.pupils[0].pk])


def test_the_century_is_a_hundred_years_back_with_a_plus_and_both_without(
    logged_in_client: Client, school: School, organisation: Organisation
) -> None:
    old, young = school.head.person, school.pupils[0]
    with scope(organisation=organisation):
        Person.objects.filter(pk=old.pk).update(civic_number=f"19{CIVIC_NUMBER[2:]}")

    assert _goes_to(logged_in_client, "140512+2384") == reverse("person", args=[old.pk])
    both = logged_in_client.post(ADDRESS, {"text": "140512-2384"}).content.decode()
    assert young.full_name in both
    assert old.full_name in both


def test_several_hits_are_listed_without_the_name_in_the_address(logged_in_client: Client, school: School) -> None:
    address = _goes_to(logged_in_client, "exempel.se")
    text = logged_in_client.get(address).content.decode()

    assert "exempel" not in address
    assert "Alva Åström" in text
    assert "Maja Lindqvist" in text


def test_no_hit_says_so(logged_in_client: Client, school: School) -> None:
    assert "Ingen stämmer med det du sökte" in logged_in_client.post(ADDRESS, {"text": "201001011239"}).content.decode()


def test_no_hit_does_not_speak_of_hits(logged_in_client: Client, school: School) -> None:
    text = logged_in_client.post(ADDRESS, {"text": "finns inte"}, follow=True).content.decode()
    assert "Ingen stämmer med det du sökte" in text
    assert "Visar träffar" not in text


def test_somebody_who_has_ended_is_found_where_nobody_else_is(
    logged_in_client: Client, school: School, organisation: Organisation
) -> None:
    with scope(organisation=organisation):
        Person.objects.filter(pk=school.pupils[0].pk).update(ended_at=timezone.now())

    assert _goes_to(logged_in_client, CIVIC_NUMBER) == reverse("person", args=[school.pupils[0].pk])


@pytest.mark.parametrize("text", ["exempel.se", "2014"])
def test_several_who_have_ended_are_listed_where_nobody_else_is(
    logged_in_client: Client, school: School, organisation: Organisation, text: str
) -> None:
    with scope(organisation=organisation):
        Person.objects.update(ended_at=timezone.now(), eppn="a@exempel.se2014")

    listed = logged_in_client.post(ADDRESS, {"text": text}, follow=True).content.decode()
    assert "Alva Åström" in listed
    assert "Hugo Sjögren" in listed


@pytest.mark.parametrize("text", ["Öberg", "Iris", PROTECTED_NUMBER, "20140101-2399", "201401"])
def test_protected_persons_are_found_by_those_who_may_see_them_only(
    client: Client, logged_in_client: Client, school: School, user: User, text: str
) -> None:
    answer = logged_in_client.post(ADDRESS, {"text": text}, follow=True)
    assert "Iris" not in answer.content.decode().replace(f'value="{text}"', "")
    assert "Ingen stämmer" in answer.content.decode()

    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    client.force_login(User.objects.get(pk=user.pk))
    assert _goes_to(client, text) in (reverse("person", args=[school.pupils[2].pk]), "")


def test_a_protected_persons_eppn_finds_nobody_either(logged_in_client: Client, school: School) -> None:
    text = logged_in_client.post(ADDRESS, {"text": school.pupils[2].eppn}, follow=True).content.decode()

    assert "Ingen stämmer" in text


def test_another_organisations_persons_are_not_found(logged_in_client: Client, organisation: Organisation) -> None:
    make_school(Organisation.objects.create(number="5560360793", name="Granne", environment="simulator"))

    assert "Åström" not in logged_in_client.post(ADDRESS, {"text": CIVIC_NUMBER}).content.decode()


def test_nothing_asked_leads_to_everybody(logged_in_client: Client, school: School) -> None:
    assert _goes_to(logged_in_client, "  ") == reverse("persons")
    assert logged_in_client.get(ADDRESS + "?text=Alva").headers["Location"] == reverse("persons")


@pytest.mark.parametrize("text", [CIVIC_NUMBER, "20140512-2384", "1405122384", "20140512+2384"])
def test_a_personnummer_is_in_no_session_and_no_log(
    logged_in_client: Client, school: School, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level("DEBUG")

    assert CIVIC_NUMBER[8:] not in _goes_to(logged_in_client, text)

    assert CIVIC_NUMBER[8:] not in caplog.text
    for session in Session.objects.all():
        assert CIVIC_NUMBER[8:] not in str(session.get_decoded())


def test_a_real_servers_output_does_not_hold_it(running_provsluss: Demo) -> None:
    """Everything that the server, and the worker in it, print and log."""
    with sqlite3.connect(running_provsluss.data_dir / "provsluss.sqlite3", timeout=30) as database:
        person, number = database.execute(
            "SELECT id, civic_number FROM register_person WHERE security_marking = 'Ingen' AND civic_number <> ''"
        ).fetchone()
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def post(path: str, **form: str) -> str:
        token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
        data = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token or ""}).encode()
        with browser.open(running_provsluss.url + path, data, timeout=20) as answer:
            return str(answer.url)

    browser.open(f"{running_provsluss.url}/konto/logga-in/", timeout=20).close()
    post("/konto/logga-in/", login=running_provsluss.user, password=running_provsluss.password)

    found = post(ADDRESS, text=number)

    assert person in found.replace("-", "")
    output = running_provsluss.running.output()
    assert "Provsluss är igång" in output
    assert number not in output
    assert number[2:] not in output
    assert f"{number[:8]}-{number[8:]}" not in output
