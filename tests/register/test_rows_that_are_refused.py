"""A bad row stays out, with everything that is wrong with it; the good ones go in."""

import json
from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Person
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS, Sheet
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import class_row, group_row, pupil_row, staff_row

SAFE = {CLASSES.name: class_row, TEACHING_GROUPS.name: group_row, PUPILS.name: pupil_row, STAFF.name: staff_row}
PARTS = {CLASSES.name: "classes", TEACHING_GROUPS.name: "groups", PUPILS.name: "pupils", STAFF.name: "staff"}


@pytest.mark.parametrize(
    ("sheet", "column"),
    [(s, c) for s in (CLASSES, TEACHING_GROUPS, PUPILS, STAFF) for c in sorted(s.mandatory)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_missing_mandatory_value(sheet: Sheet, column: str, preview: Reads) -> None:
    import_run = preview(**{PARTS[sheet.name]: [SAFE[sheet.name](**{column: " "})]})
    refused = (sheet.name, column) != (STAFF.name, "Ämnesgrupper")  # noted only: see read_staff
    assert (sheet.name, 3, column, refused) in problems_of(import_run)
    assert import_run.counts[sheet.section]["bad"] == int(refused)


@pytest.mark.parametrize(
    "changes",
    [
        {"Årskurs": ""},
        {"Årskurs": 11},
        {"Årskurs": 0},
        {"Årskurs": 6.5},
        {"Årskurs": "Åk 6"},
        {"Studievägskod": "", "Skolform": "GY"},
        {"Skolform": "GRAN"},
        {"Personnummer": "200902302385"},
        {"Personnummer": "abc"},
        {"Personnummer": 209912312385},
        {"Federationsanvändarnamn": "elev1"},
        {"Federationsanvändarnamn": "elev 1@huvudman.se"},
        {"Ta bort": "Kanske"},
        {"Ta bort": True},
        {"Skolenhetskod": "3127929"},
        {"Skolenhetskod": 312792},
        {"Person-ID": 10**17},
        {"Förnamn": "x" * 201},
    ],
    ids=str,
)
def test_a_value_that_cannot_be(changes: dict[str, Any], preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(**changes), pupil_row(2)])
    column = next(iter(changes))
    assert (PUPILS.name, 3, column, True) in problems_of(import_run)
    assert import_run.counts[PUPILS.section] == {
        "rows": 2, "good": 1, "bad": 1, "new": 1, "changed": 0, "unchanged": 0, "ended": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"Personnummer": "200901272386"},
        {"E-postadress": "kim"},
        {"Studievägskod": "NANAT"},
        {"Ämnesgrupper": "MA 6A, MA 6B"},
        {"Klass": "6Z"},
        {"Förnamn": "x" * 40, "Mellannamn": "y" * 40},
        {"Ta bort": "Nej"},
    ],
    ids=str,
)
def test_what_is_noted_but_goes_in(changes: dict[str, Any], preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(**changes)])
    assert problems_of(import_run) == [(PUPILS.name, 3, next(iter(changes)), False)]
    assert import_run.counts[PUPILS.section]["new"] == 1


def test_all_problems_of_a_row_are_told(preview: Reads) -> None:
    import_run = preview(
        pupils=[pupil_row(**{"Förnamn": "", "Årskurs": 12, "Skolenhetskod": "x", "Personnummer": "1"})]
    )
    columns = {column for _, _, column, _ in problems_of(import_run)}
    assert columns == {"Förnamn", "Årskurs", "Skolenhetskod", "Personnummer"}


def test_a_group_name_that_is_taken(preview: Reads) -> None:
    groups = [group_row(), group_row(**{"Grupp-ID": "G2"}), group_row(**{"Grupp-ID": "G3", "Skolform": "SAM"})]
    import_run = preview(groups=groups, staff=[])
    assert problems_of(import_run) == [(TEACHING_GROUPS.name, 4, "Ämnesgrupp", True)]


def test_a_name_that_can_mean_two_groups_gives_a_teacher_none(stored: Reads, organisation: Organisation) -> None:
    groups = [group_row(), group_row(**{"Grupp-ID": "G3", "Skolform": "SAM"})]
    import_run = stored(groups=groups)
    assert problems_of(import_run) == [(STAFF.name, 3, "Ämnesgrupper", False)]
    with scope(organisation=organisation):
        assert not any(group.assignments.exists() for group in Group.objects.all())


def test_staff_told_of_differently_on_two_rows(preview: Reads) -> None:
    second = staff_row(
        **{"Tjänstgörings-ID": "T2", "Personalkategori": "Rektor", "Sekretessmarkering": "sekretessmarkering"}
    )
    import_run = preview(staff=[staff_row(), second, staff_row(**{"Tjänstgörings-ID": "T3"})])
    assert problems_of(import_run) == 2 * [(STAFF.name, 4, "Sekretessmarkering", True)]  # taken in all the same


def test_no_personnummer_is_shown(preview: Reads, organisation: Organisation) -> None:
    spellings = [
        "20090227-2385x",
        "200902302385",
        "090230-2385",
        9002302385,
        "2009022723851",
        "20090230TF12",
        "12345678901",
    ]
    pupils = [pupil_row(n, **{"Personnummer": text, "Klass": "20090127-2385"}) for n, text in enumerate(spellings, 1)]
    import_run = preview(
        pupils=[*pupils, pupil_row(99, **{"Person-ID": "200901272385", "Federationsanvändarnamn": "x"})]
    )
    with scope(organisation=organisation):
        shown = json.dumps([[p.value, p.reason] for p in import_run.problems.all()])
        shown += json.dumps([[c.label, c.attributes] for c in import_run.changes.all()])
    assert "****" in shown
    assert "2385" not in shown
    assert "8901" not in shown


def test_nothing_is_shown_of_protected_persons(preview: Reads, organisation: Organisation) -> None:
    protected = pupil_row(**{"Sekretessmarkering": "Skyddad folkbokföring", "E-postadress": "kim", "Klass": "6Z"})
    import_run = preview(pupils=[protected])
    with scope(organisation=organisation):
        assert {problem.value for problem in import_run.problems.all()} == {""}
        labels = set(import_run.changes.filter(sheet=PUPILS.name).values_list("label", flat=True))
    assert labels == {"Person med skyddade uppgifter"}


def test_an_unknown_column_is_mentioned_and_ignored(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(columns={CLASSES.name: ["Anteckning", *CLASSES.columns]})
    assert problems_of(import_run) == [(CLASSES.name, 2, "Anteckning", False)]
    with scope(organisation=organisation):
        assert Group.objects.filter(group_type="Klass").count() == 1


def test_another_organisations_uuid_is_left_alone(stored: Reads, organisation: Organisation) -> None:
    taken = "717e28a8-3b2f-4c6d-9e6f-aaaaaaaaaaaa"
    other = Organisation.objects.create(number="2021004185", name="Annan")
    with scope(organisation=other):
        Person.objects.create(id=taken, organisation=other, source="x", source_id="1", role="pupil", given_name="Ada")
        Group.objects.create(id=taken, organisation=other, source="x", source_id="1", name="X", group_type="Klass")
    import_run = stored(
        classes=[class_row(**{"Klass-ID": taken})], pupils=[pupil_row(**{"Person-ID": taken}), pupil_row(2)]
    )
    assert [(s, n) for s, n, _, refused in problems_of(import_run) if refused] == [(CLASSES.name, 3), (PUPILS.name, 3)]
    with scope(organisation=other):
        assert Person.objects.get().given_name == "Ada"
        assert not Group.objects.get().memberships.exists()
