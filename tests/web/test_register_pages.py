"""Personer and Grupper: search, filter, order, and each one's page."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from provsluss.organisations.models import Organisation
from provsluss.register.models import Enrolment, Person
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import School, make_transfer


def _search(client: Client, text: str) -> str:
    return client.get(client.post(reverse("persons"), {"text": text}).headers["Location"]).content.decode()


@pytest.mark.parametrize("page", ["persons", "groups", "catalogue"])
def test_an_empty_register_leads_on(logged_in_client: Client, organisation: Organisation, page: str) -> None:
    text = text_of(logged_in_client, page)

    assert reverse("imports") in text
    assert "Läs in en fil" in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("alva", {"Alva Åström"}),
        ("ÅSTRÖM", {"Alva Åström"}),
        ("åström alva", {"Alva Åström"}),
        ("sjö", {"Hugo Sjögren"}),
        ("@exempel.se", {"Alva Åström", "Hugo Sjögren", "Maja Lindqvist", "Mohammed Hassan"}),
        ("alva hugo", set()),
        ("%", set()),
    ],
)
def test_search(logged_in_client: Client, school: School, words: str, found: set[str]) -> None:
    text = _search(logged_in_client, words)

    everybody = {"Alva Åström", "Hugo Sjögren", "Maja Lindqvist", "Mohammed Hassan"}
    assert {name for name in everybody if name in text} == found


@pytest.mark.parametrize("written", ["{0}{1}{2}", "{0}-{1}-{2}", " {0}{1}{2} "])
def test_search_by_date_of_birth(logged_in_client: Client, school: School, written: str) -> None:
    number = school.pupils[0].civic_number
    asked = written.format(number[:4], number[4:6], number[6:8])

    text = logged_in_client.post(reverse("persons"), {"text": asked}).content.decode()

    assert "Alva Åström" in text
    assert "Maja Lindqvist" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?roll=staff", {"Maja Lindqvist", "Mohammed Hassan"}),
        ("?arskurs=6", {"Alva Åström", "Hugo Sjögren"}),
        ("?arskurs=9", set()),
        ("?skolenhet=31279295&roll=staff", {"Maja Lindqvist", "Mohammed Hassan"}),
        ("?skolenhet=00000000", set()),
        ("?visa=avslutade", {"Sara Ek"}),
        ("?arskurs=abc&roll=", {"Alva Åström", "Hugo Sjögren", "Maja Lindqvist", "Mohammed Hassan"}),
    ],
)
def test_filters(
    logged_in_client: Client, school: School, organisation: Organisation, query: str, found: set[str]
) -> None:
    with scope(organisation=organisation):
        gone = Person.objects.get(family_name="Hassan")
        gone.pk, gone.given_name, gone.family_name = school.klass.pk, "Sara", "Ek"
        gone.ended_at = gone.changed_at
        gone.save(force_insert=True)

    text = text_of(logged_in_client, "persons", query=query)

    everybody = {"Alva Åström", "Hugo Sjögren", "Maja Lindqvist", "Mohammed Hassan", "Sara Ek"}
    assert {name for name in everybody if name in text} == found


def test_a_search_that_the_session_has_forgotten_shows_everybody(logged_in_client: Client, school: School) -> None:
    assert "Hugo Sjögren" in text_of(logged_in_client, "persons", query="?sokning=finnsinte")


def test_the_list_asks_as_much_of_the_database_for_one_as_for_a_hundred(
    logged_in_client: Client,
    school: School,
    organisation: Organisation,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with scope(organisation=organisation):
        for number in range(60):
            pupil = school.pupils[0]
            pupil.pk, pupil.source_id = f"00000000-0000-0000-0000-{number:012}", str(number)  # type: ignore[assignment]
            pupil.save(force_insert=True)
            Enrolment.objects.create(person=pupil, school_unit_code="31279295", school_type="GR", school_year=6)

    with django_assert_max_num_queries(20):
        text = text_of(logged_in_client, "persons", query="?antal=100")

    assert "av 65 personer" in text


def test_a_persons_card(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)
    pupil = made.school.pupils[0]

    text = text_of(logged_in_client, "person", pupil.pk)

    for shown in (
        "Alva Åström",
        "Elev",
        pupil.eppn,
        str(pupil.pk),
        "Grundskola, årskurs 6",
        "6A matematik",
        "31279295",
    ):
        assert shown in text
    assert reverse("group", args=[made.school.group.pk]) in text


def test_what_was_sent_about_somebody_leads_to_the_sync_job(
    logged_in_client: Client, organisation: Organisation
) -> None:
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        person = Person.objects.get(pk=made.refused.object_id)

    text = text_of(logged_in_client, "person", person.pk)

    assert reverse("sync_job", args=[made.jobs["persons"].pk]) in text
    assert "Fel" in text


def test_a_teachers_card(logged_in_client: Client, school: School) -> None:
    text = text_of(logged_in_client, "person", school.teacher.person_id)

    assert "Lärare" in text
    assert "Undervisar" in text
    assert reverse("group", args=[school.group.pk]) in text


def test_groups_are_filtered_and_counted(logged_in_client: Client, school: School) -> None:
    both = text_of(logged_in_client, "groups")
    classes = text_of(logged_in_client, "groups", query="?typ=Klass")
    named = text_of(logged_in_client, "groups", query="?sok=MATEMATIK&sortera=-elever")

    assert "6A matematik" in both
    assert '<td class="number" data-label="Elever">3</td>' in both
    assert "6A matematik" not in classes
    assert "Visar 1 av 1" in named


def test_groups_are_saved_as_excel(logged_in_client: Client, school: School) -> None:
    answer = logged_in_client.get(reverse("groups_export") + "?typ=Undervisning")

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [
        "6A matematik", "Undervisningsgrupp", "GR", "31279295", "31279295", "Matematik årskurs 6", 3, 1,
    ]  # fmt: skip


def test_a_group_shows_teachers_pupils_and_test(logged_in_client: Client, organisation: Organisation) -> None:
    made = make_transfer(organisation)

    text = text_of(logged_in_client, "group", made.school.group.pk)

    assert "Maja Lindqvist" in text
    assert "Alva Åström" in text
    assert reverse("test_activity", args=[made.test_activity.pk]) in text


def test_the_bare_address_of_the_register_leads_to_the_imports(logged_in_client: Client) -> None:
    answer = logged_in_client.get("/register/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("imports")
