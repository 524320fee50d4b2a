"""A protection marking reaches the register, whatever else is wrong with the row."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.register.sources.skolverket_workbook.layout import PUPILS, STAFF
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import pupil_row, staff_row

MARKED: dict[str, Any] = {"Sekretessmarkering": "Sekretessmarkering"}


def marking_of(organisation: Organisation, role: str) -> str:
    with scope(organisation=organisation):
        return Person.objects.get(role=role).security_marking


@pytest.mark.parametrize("written", ["Sekretessmarkering", "Ja"])
def test_a_refused_pupil_is_protected(written: str, stored: Reads, preview: Reads, organisation: Organisation) -> None:
    stored()
    changes: dict[str, Any] = {"Sekretessmarkering": written, "Årskurs": 12, "Förnamn": "Annat"}
    bad = pupil_row(**changes)
    waiting = preview(pupils=[bad])
    with scope(organisation=organisation):
        change = waiting.changes.get()
        first = waiting.problems.first()
    assert (change.what, change.label, change.row) == ("changed", "Person med skyddade uppgifter", 3)
    assert change.attributes == [["skyddad", "Nej", "Ja"]]
    assert first is not None
    assert first.reason.startswith("Sekretessmarkering är inläst")
    assert marking_of(organisation, "pupil") == "Ingen"

    import_run = stored(pupils=[bad])
    assert import_run.counts[PUPILS.section]["bad"] == import_run.counts[PUPILS.section]["changed"] == 1
    assert marking_of(organisation, "pupil") == "Sekretessmarkering"
    with scope(organisation=organisation):
        assert Person.objects.get(role="pupil").given_name == "Kim"
    assert stored(pupils=[bad]).counts[PUPILS.section]["changed"] == 0


def test_a_refused_member_of_staff_is_protected(stored: Reads, organisation: Organisation) -> None:
    stored()
    stored(staff=[staff_row(**MARKED, Personalkategori="Vaktmästare")])
    assert marking_of(organisation, "staff") == "Sekretessmarkering"


@pytest.mark.parametrize("marked_first", [True, False])
def test_one_of_two_duties_says_so(marked_first: bool, stored: Reads, organisation: Organisation) -> None:
    bad = staff_row(**MARKED, **{"Tjänstgörings-ID": "T2", "Personalkategori": "Vaktmästare"})
    rows = [bad, staff_row()] if marked_first else [staff_row(), bad]
    stored(staff=[staff_row()])
    stored(staff=rows)
    assert marking_of(organisation, "staff") == "Sekretessmarkering"


def test_a_refused_person_who_is_not_in_the_register_is_not_made(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(pupils=[pupil_row(**MARKED | {"Årskurs": 12})])
    assert problems_of(import_run) == [(PUPILS.name, 3, "Årskurs", True)]
    with scope(organisation=organisation):
        assert not Person.objects.filter(role="pupil").exists()


def test_another_organisations_person_is_left_alone(stored: Reads) -> None:
    taken = "717e28a8-3b2f-4c6d-9e6f-aaaaaaaaaaaa"
    other = Organisation.objects.create(number="2021004185", name="Annan")
    with scope(organisation=other):
        Person.objects.create(id=taken, organisation=other, source="x", source_id="1", role="pupil")
    stored(pupils=[pupil_row(**MARKED | {"Person-ID": taken})])
    assert marking_of(other, "pupil") == "Ingen"


@pytest.mark.parametrize(
    ("written", "marking"),
    [("Ja", "Sekretessmarkering"), (1, "Sekretessmarkering"), ("Skyddad", "Sekretessmarkering"), ("Nej", "Ingen")],
)
def test_an_unknown_value_is_noted_first(written: Any, marking: str, stored: Reads, organisation: Organisation) -> None:
    import_run = stored(
        pupils=[pupil_row(2, **{"Årskurs": 12}), pupil_row(**{"Sekretessmarkering": written})], staff=[]
    )
    assert problems_of(import_run) == [
        (PUPILS.name, 4, "Sekretessmarkering", False),
        (PUPILS.name, 3, "Årskurs", True),
    ]
    assert marking_of(organisation, "pupil") == marking


def test_a_staff_member_with_an_unknown_value_goes_in_as_protected(stored: Reads, organisation: Organisation) -> None:
    assert stored(staff=[staff_row(Sekretessmarkering="Ja")]).counts[STAFF.section]["new"] == 1
    assert marking_of(organisation, "staff") == "Sekretessmarkering"
