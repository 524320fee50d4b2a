"""A personnummer is shown by its birth date, one by one on request, and every request is logged."""

import io
import re

import openpyxl
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.register.models import Reveal
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, School

LAST_FOUR = CIVIC_NUMBER[8:]
SPELLINGS = (CIVIC_NUMBER, f"{CIVIC_NUMBER[:8]}-{LAST_FOUR}", CIVIC_NUMBER[2:])


def _excel(answer: object) -> list[list[object]]:
    content = b"".join(answer)  # type: ignore[call-overload]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _reveals(organisation: Organisation) -> list[tuple[object, str, str]]:
    with scope(organisation=organisation):
        return [(one.person_id, one.what, one.user.username) for one in Reveal.objects.all()]  # type: ignore[union-attr]


@pytest.mark.parametrize("page", ["overview", "persons", "person", "groups", "group"])
def test_no_page_holds_it(logged_in_client: Client, school: School, page: str) -> None:
    arguments = {"person": [school.pupils[0].pk], "group": [school.group.pk]}.get(page, [])

    text = logged_in_client.get(reverse(page, args=arguments)).content.decode()

    assert not [spelling for spelling in SPELLINGS if spelling in text]
    if page in {"persons", "person", "group"}:
        assert "20140512-****" in text


def test_it_is_shown_on_request_and_that_is_logged(
    logged_in_client: Client, school: School, organisation: Organisation, user: User
) -> None:
    pupil = school.pupils[0]

    answer = logged_in_client.post(reverse("person_civic_number", args=[pupil.pk]))

    assert f"20140512-{LAST_FOUR}" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert _reveals(organisation) == [(pupil.pk, "personnummer", user.username)]


def test_a_link_cannot_show_it(logged_in_client: Client, school: School, organisation: Organisation) -> None:
    assert logged_in_client.get(reverse("person_civic_number", args=[school.pupils[0].pk])).status_code == 405
    assert _reveals(organisation) == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_searching_for_it_keeps_it_out_of_the_address_and_the_session(
    logged_in_client: Client, school: School, spelling: str
) -> None:
    answer = logged_in_client.post(reverse("persons"), {"text": spelling, "roll": "pupil"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Alva Åström" in text
    assert "Hugo Sjögren" not in text
    assert not [address for address in re.findall(r'(?:href|action)="([^"]*)"', text) if LAST_FOUR in address]
    for session in Session.objects.all():
        assert spelling not in str(session.get_decoded())


@pytest.mark.parametrize("text", ["20140512-23", "2014-05-12-2384", "140512", "Alva 1405122384", "20140512TF38"])
def test_what_may_be_a_part_of_it_stays_out_too(logged_in_client: Client, school: School, text: str) -> None:
    assert logged_in_client.post(reverse("persons"), {"text": text}).status_code == 200
    assert not [session for session in Session.objects.all() if text in str(session.get_decoded())]


def test_excel_of_a_search_for_it_has_what_was_found(logged_in_client: Client, school: School) -> None:
    page = logged_in_client.post(reverse("persons"), {"text": CIVIC_NUMBER, "roll": "pupil"}).content.decode()
    (action,) = re.findall(r'action="([^"]*/excel/[^"]*)"', page)
    assert f'name="text" value="{CIVIC_NUMBER}"' in page

    rows = _excel(logged_in_client.post(action.replace("&amp;", "&"), {"text": CIVIC_NUMBER}))

    assert [row[0] for row in rows[1:]] == ["Alva Åström"]


def test_names_stay_out_of_the_address_too(logged_in_client: Client, school: School) -> None:
    address = logged_in_client.post(reverse("persons"), {"text": "Alva", "roll": "pupil"}).headers["Location"]

    assert "Alva" not in address
    assert "roll=pupil" in address


def test_excel_has_birth_dates_only(logged_in_client: Client, school: School, organisation: Organisation) -> None:
    rows = _excel(logged_in_client.post(reverse("persons_export")))

    assert next(row[:3] for row in rows if row[0] == "Alva Åström") == ["Alva Åström", "Elev", "2014-05-12"]
    assert not [cell for row in rows for cell in row if LAST_FOUR in str(cell or "")]
    assert _reveals(organisation) == []


def test_excel_has_the_numbers_when_asked_for_and_that_is_logged(
    logged_in_client: Client, school: School, organisation: Organisation
) -> None:
    rows = _excel(logged_in_client.post(reverse("persons_export") + "?roll=pupil", {"personnummer": "on"}))

    assert next(row[2] for row in rows if row[0] == "Alva Åström") == CIVIC_NUMBER
    assert {person for person, _, _ in _reveals(organisation)} == {school.pupils[0].pk, school.pupils[1].pk}
    assert {what for _, what, _ in _reveals(organisation)} == {"personnummer i Excel"}
