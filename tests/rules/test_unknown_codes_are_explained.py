"""A code that is not public is explained by its series, the attribute, the kind of object and the role."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.rules.explanations import explain
from provsluss.rules.who import Who


@pytest.mark.parametrize(
    ("code", "attribute", "kind", "title"),
    [
        ("4005", "Enrolment.enroledAt", "persons", "Skolverket hittar inte elevens skolenhet."),
        ("4005", "Person.enrolments[0].enroledAt.id", "persons", "Skolverket hittar inte elevens skolenhet."),
        ("4005", "organisation", "duties", "Skolverket hittar inte tjänstgöringens skolenhet."),
        ("4005", "Duty.dutyAt", "Duty", "Skolverket hittar inte tjänstgöringens skolenhet."),
        ("4005", "Group.organisation", "Group", "Skolverket hittar inte gruppens skolenhet."),
        ("4005", "Duty.person", "Duty", "Skolverket hittar inte personen."),
        ("4005", "Group.groupMemberships.person.id", "Group", "Skolverket hittar inte alla elever i gruppen."),
        ("4005", "Activity.teachers.duty", "Activity", "Skolverket hittar inte alla lärare i aktiviteten."),
        ("4005", "parentActivity.id", "activities", "Skolverket hittar inte provet."),
        ("3999", "eppn", "persons", "Skolverket godtar inte inloggningsnamnet (EPPN)."),
        ("3999", "eduPersonPrincipalNames", "persons", "Skolverket godtar inte inloggningsnamnet (EPPN)."),
        ("2999", "civicNo.value", "persons", "Skolverket kan inte läsa personnumret."),
        ("9999", "educationCode", "persons", "Skolverket har en anmärkning på studievägskoden."),
    ],
)
def test_the_attribute_says_what_it_is_about(code: str, attribute: str, kind: str, title: str) -> None:
    explanation = explain(code, "Ogiltigt värde.", attribute=attribute, kind=kind)
    assert explanation.title == title
    assert not explanation.known


def test_the_attribute_is_found_in_the_message_when_it_stands_nowhere_else() -> None:
    assert "årskursen" in explain("2999", "Ogiltigt format på <schoolYear>.").title
    assert "EPPN" in explain("3999", "Bristfälligt värde på Federationsanvändarnamn, värdet …").title


def test_a_public_code_with_an_attribute_is_about_the_attribute() -> None:
    explanation = explain("2011", "Ogiltigt format på <schoolYear>.", attribute="Enrolment.schoolYear")
    assert explanation.known
    assert explanation.title == "Skolverket kan inte läsa årskursen."
    assert explanation.who is Who.PUPIL_REGISTER


@pytest.mark.parametrize(
    ("role", "kind", "who"),
    [
        ("Elev", "persons", Who.PUPIL_REGISTER),
        ("pupil", "persons", Who.PUPIL_REGISTER),
        ("Personal", "persons", Who.STAFF_REGISTER),
        ("Lärare", "persons", Who.STAFF_REGISTER),
        ("", "duties", Who.STAFF_REGISTER),
        ("", "persons", Who.PUPIL_REGISTER),
    ],
)
def test_pupils_and_staff_are_mended_in_their_own_registers(role: str, kind: str, who: Who) -> None:
    explanation = explain("3999", "", attribute="civicNo", kind=kind, role=role)
    assert explanation.who is who
    assert who.value in explanation.where.lower()


def test_a_message_type_stands_in_for_a_missing_code() -> None:
    assert explain(None, "", message_type="Ogiltigt format").title == explain("2999", "").title
    assert explain(None, "", message_type="Behörighet saknas").who is Who.IT


def test_permission_and_technical_trouble_are_told_apart() -> None:
    assert explain("5999", "", message_type="Behörighet saknas").who is Who.IT
    assert explain("5999", "", message_type="Teknisk begränsning").who is Who.SKOLVERKET


def test_an_unknown_series_shows_skolverkets_own_text_with_the_personnummer_masked() -> None:
    explanation = explain("9999", "Numret 20090127-2385 är upptaget")
    assert explanation.meaning == "Skolverket skriver: ”Numret 20090127-**** är upptaget”."
    assert not explanation.known


def test_a_person_of_another_huvudman_is_not_blamed_on_the_register() -> None:
    text = "Federationsanvändarnamnet används redan av en person hos en annan huvudman."
    explanation = explain("3041", text, "eppn", "Ogiltigt värde", "persons")
    assert "annan huvudman" in explanation.title
    assert "tidigare skolan" in explanation.how


@given(st.none() | st.text(), st.text(), st.text(), st.text(), st.text(), st.text())
def test_whatever_comes_in_an_explanation_comes_out(
    code: str | None, message: str, attribute: str, message_type: str, kind: str, role: str
) -> None:
    explanation = explain(code, message, attribute, message_type, kind, role)
    assert explanation.title and explanation.meaning and explanation.where and explanation.how and explanation.source
