"""What is checked of a person (rules.md 1.2 and 1.3)."""

import uuid
from typing import Any

import pytest

from tests.simulator.huvudman import (
    NIL,
    UPPER_SECONDARY,
    Huvudman,
    civic_number,
    codes,
    enrolment,
    person,
)

CLOSED = str(uuid.uuid5(NIL, "90099901"))
OUTSIDE = str(uuid.uuid5(NIL, "90099902"))


def outcome(huvudman: Huvudman, wanted: dict[str, Any]) -> tuple[str, list[str]]:
    """Status and codes of one person."""
    [response] = huvudman.sent("persons", wanted)
    return response["status"], codes(response)


@pytest.mark.parametrize("name", ["givenName", "familyName", "civicNo", "eduPersonPrincipalNames"])
def test_required_attributes(huvudman: Huvudman, name: str) -> None:
    wanted = person()
    del wanted[name]
    [response] = huvudman.sent("persons", wanted)
    [entry] = response["errors"]
    assert (entry["id"], entry["attributeName"], entry["resourceId"]) == ("3001", f"Person.{name}", wanted["id"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("200901272385", ("Success", [])),
        ("200901272386", ("Error", ["3020"])),
        ("200901872385", ("Success", [])),  # samordningsnummer: Skolverket's own example, wrong check digit
        ("20090127TF12", ("Success", [])),
        ("20090127tf12", ("Error", ["2014"])),
        ("20090230TF12", ("Error", ["2014"])),
        ("20090127-2385", ("Error", ["2014"])),
        ("0901272385", ("Error", ["2014"])),
        ("200913272385", ("Error", ["2014"])),
        ("200901402385", ("Error", ["2014"])),
        ("200901992385", ("Error", ["2014"])),
        ("٢٠٠٩٠١٢٧٢٣٨٥", ("Error", ["2014"])),
    ],
)
def test_civic_numbers(huvudman: Huvudman, value: str, expected: tuple[str, list[str]]) -> None:
    wanted = person(civicNo={"value": value})
    assert outcome(huvudman, wanted) == expected
    huvudman.delete("persons", wanted)


def test_a_foreign_civic_number(huvudman: Huvudman) -> None:
    assert outcome(huvudman, person(civicNo={"value": civic_number(), "nationality": "NO"})) == ("Error", ["3021"])


@pytest.mark.parametrize(
    ("names", "code"),
    [([], "3040"), (["a@b.se", "c@d.se"], "3040"), (["a"], "2013"), (["a@b@c.se"], "2013"), (["a@b"], "2013")],
)
def test_malformed_eppn(huvudman: Huvudman, names: list[str], code: str) -> None:
    assert outcome(huvudman, person(eduPersonPrincipalNames=names)) == ("Error", [code])


@pytest.mark.parametrize(
    ("given", "family", "local", "warned"),
    [
        ("Pippi", "Långstrump", "xlangy", True),
        ("Pippi", "Långstrump", "LÅNGSTRUMP", True),
        ("Pippi", "Långstrump", "pi.la", True),
        ("Pippi", "Långstrump", "la", False),
        ("Pippi", "Långstrump", "pippi", False),
        ("Bo", "Ek", "ek1", False),
        ("Bo", "Ek", "boek1", True),
    ],
)
def test_an_eppn_like_the_name_gives_a_warning(
    huvudman: Huvudman, given: str, family: str, local: str, warned: bool
) -> None:
    wanted = person(givenName=given, familyName=family, eduPersonPrincipalNames=[f"{local}@langdoman.se"])
    [response] = huvudman.sent("persons", wanted)
    assert (response["status"], response["statusCode"]) == ("Warning" if warned else "Success", 201)
    assert codes(response) == (["3047"] if warned else [])
    if warned:
        assert response["warnings"][0]["attributeName"] == "eppn"
        assert response["warnings"][0]["severityLevel"] == "Warning"
    huvudman.delete("persons", wanted)


def test_an_eppn_belongs_to_one_person(huvudman: Huvudman, quick_simulator: str) -> None:
    first = person()
    huvudman.sent("persons", first)
    taken = {"eduPersonPrincipalNames": [first["eduPersonPrincipalNames"][0].upper()]}
    assert outcome(huvudman, person(**taken)) == ("Error", ["3042"])
    assert outcome(Huvudman(quick_simulator), person(**taken)) == ("Error", ["3041"])
    huvudman.delete("persons", first)
    assert outcome(huvudman, person(**taken)) == ("Success", [])


def test_a_civic_number_belongs_to_one_huvudman_but_may_have_two_roles_there(
    huvudman: Huvudman, quick_simulator: str
) -> None:
    first = person()
    huvudman.sent("persons", first)
    assert outcome(huvudman, person(civicNo=first["civicNo"])) == ("Success", [])
    assert outcome(Huvudman(quick_simulator), person(civicNo=first["civicNo"])) == ("Error", ["3043"])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_neighbours_pupils_are_refused(huvudman: Huvudman, number: int) -> None:
    civic = ["201401172380", "201405232396", "201409042387"][number - 1]
    eppn = f"a1c0ffee-0000-4000-8000-00000000000{number}@edu.grannkommunen.se"
    wanted = person(civicNo={"value": civic}, eduPersonPrincipalNames=[eppn])
    assert outcome(huvudman, wanted) == ("Error", ["3041", "3043"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"enroledAt": {"id": str(uuid.uuid4())}}, "4005"),
        ({"enroledAt": {"id": CLOSED}}, "3010"),
        ({"enroledAt": {"id": OUTSIDE}}, "3011"),
        ({"schoolType": "SP"}, "3012"),
        ({"schoolType": "FSK"}, "2012"),
        ({"schoolYear": 10}, "3013"),
        ({"schoolYear": 11}, "2012"),
        ({"schoolYear": "6"}, "2012"),
        ({"schoolYear": None}, "3014"),
    ],
)
def test_enrolments_in_compulsory_school(huvudman: Huvudman, changed: dict[str, Any], code: str) -> None:
    assert outcome(huvudman, person(enrolments=[enrolment(**changed)])) == ("Error", [code])


@pytest.mark.parametrize(
    ("programme", "expected"),
    [
        ("EKEKO0", ("Success", [])),
        (None, ("Error", ["3015"])),
        ("FINNSEJ", ("Error", ["4010"])),
        ("TEFRA9", ("Error", ["3016"])),
        ("SAGAM9", ("Error", ["3016"])),
    ],
)
def test_enrolments_in_upper_secondary_school(
    huvudman: Huvudman, programme: str | None, expected: tuple[str, list[str]]
) -> None:
    wanted = {"enroledAt": {"id": UPPER_SECONDARY}, "schoolType": "GY", "educationCode": programme}
    assert outcome(huvudman, person(enrolments=[wanted])) == expected


def test_one_enrolment_only(huvudman: Huvudman) -> None:
    assert outcome(huvudman, person(enrolments=[enrolment(), enrolment()])) == ("Error", ["3017"])
    ended = enrolment(cancelled=True)
    assert outcome(huvudman, person(enrolments=[ended, enrolment()])) == ("Success", [])
