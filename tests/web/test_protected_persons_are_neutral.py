"""A person with a sekretessmarkering is a neutral row for everybody without the permission to see more."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.register.models import Person
from provsluss.transfers.protection_markings import mark_protected
from tests.web.reading import text_of
from tests.web.transfers_made_by_hand import PROTECTED_NUMBER, School, make_transfer


@pytest.fixture
def trusted_client(user: User) -> Client:
    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    client = Client()
    client.force_login(user)
    return client


def _names_in_excel(client: Client, query: str = "") -> list[object]:
    answer = client.post(reverse("persons_export") + query, {"personnummer": "on"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[call-overload]
    assert sheet is not None
    assert PROTECTED_NUMBER not in str([[cell.value for cell in row] for row in sheet.iter_rows()])
    return [row[0].value for row in sheet.iter_rows(min_row=2)]


def test_the_list_says_that_there_is_somebody_and_no_more(logged_in_client: Client, school: School) -> None:
    text = text_of(logged_in_client, "persons")

    assert "Begränsade uppgifter" in text
    for secret in ("Iris", "Öberg", "20140101", "Sekretessmarkering", str(school.pupils[2].pk)):
        assert secret not in text


@pytest.mark.parametrize("order", ["namn", "-namn", "roll", "fodd", "-fodd", "eppn", "-eppn"])
def test_the_neutral_row_stands_last_in_every_order(logged_in_client: Client, school: School, order: str) -> None:
    text = text_of(logged_in_client, "persons", query=f"?sortera={order}")

    assert text.index("Begränsade uppgifter") > max(text.rindex("Alva"), text.rindex("Hugo"), text.rindex("Hassan"))


@pytest.mark.parametrize("query", ["?roll=pupil", "?arskurs=6", "?skolenhet=31279295"])
def test_a_filter_does_not_tell_on_them(logged_in_client: Client, school: School, query: str) -> None:
    text = text_of(logged_in_client, "persons", query=query)

    assert "Begränsade uppgifter" not in text
    assert "Alva" in text


@pytest.mark.parametrize("search", ["Iris", "Öberg", PROTECTED_NUMBER])
def test_a_search_does_not_find_them(logged_in_client: Client, school: School, search: str) -> None:
    text = logged_in_client.post(reverse("persons"), {"text": search}, follow=True).content.decode()

    assert "Ingen stämmer med det du sökte" in text
    assert "Begränsade uppgifter" not in text


def test_their_page_is_not_there(logged_in_client: Client, school: School) -> None:
    assert logged_in_client.get(reverse("person", args=[school.pupils[2].pk])).status_code == 404


def test_their_number_cannot_be_shown(logged_in_client: Client, school: School) -> None:
    assert logged_in_client.post(reverse("person_civic_number", args=[school.pupils[2].pk])).status_code == 404


def test_they_are_neutral_in_their_group(logged_in_client: Client, school: School) -> None:
    text = text_of(logged_in_client, "group", school.group.pk)

    assert "Elever (3)" in text
    assert "Begränsade uppgifter" in text
    assert "Öberg" not in text
    assert "20140101" not in text


def test_they_are_neutral_in_excel(logged_in_client: Client, school: School) -> None:
    assert _names_in_excel(logged_in_client)[-1] == "Begränsade uppgifter"
    assert "Begränsade uppgifter" not in _names_in_excel(logged_in_client, "?roll=pupil")


def test_the_permission_shows_them(trusted_client: Client, school: School) -> None:
    assert "Iris Öberg" in text_of(trusted_client, "persons", query="?roll=pupil")
    assert "Iris Öberg" in text_of(trusted_client, "group", school.group.pk)
    card = text_of(trusted_client, "person", school.pupils[2].pk)
    assert "Sekretessmarkering" in card
    assert PROTECTED_NUMBER not in card


def test_whoever_is_protected_after_a_transfer_is_neutral_in_it(
    logged_in_client: Client, organisation: Organisation
) -> None:
    made = make_transfer(organisation)
    alva, job = made.school.pupils[0], made.jobs["persons"].pk
    with scope(organisation=organisation):
        Person.objects.filter(pk=alva.pk).update(security_marking="Sekretessmarkering")
    mark_protected(organisation)

    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(logged_in_client.post(reverse("sync_job_export", args=[job]), {"personnummer": "ja"})))
    ).active
    assert sheet is not None
    texts = [
        text_of(logged_in_client, "sync_job", job),
        text_of(logged_in_client, "sync_job_object", made.group_result.pk),
        text_of(logged_in_client, "call", made.batch.pk),
        logged_in_client.post(reverse("call_unmasked", args=[made.batch.pk])).content.decode(),
        logged_in_client.post(reverse("sync_job", args=[job]), {"sok": alva.civic_number}).content.decode(),
        str([[cell.value for cell in row] for row in sheet.iter_rows()]),
    ]

    for text in texts:
        for secret in ("Alva", "Åström", alva.eppn, alva.civic_number):
            assert secret not in text
    address = reverse("sync_job_object_civic_number", args=[made.refused.pk])
    assert logged_in_client.post(address).status_code == 404
    assert logged_in_client.get(reverse("sync_job_object", args=[made.refused.pk])).status_code == 404
