"""A cell with #N/A, a formula without a result, or `null`, is not an empty cell: what the register has stays."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Import, Person
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import NA, UNIT, UNWORKED, Formula, class_row, group_row, pupil_row, staff_row

MARKED: dict[str, Any] = {"Sekretessmarkering": "Sekretessmarkering"}
EVERYTHING_WRONG = dict.fromkeys(PUPILS.columns, NA)
TELLS_NOTHING = pytest.mark.parametrize("cell", [NA, "#SAKNAS!", "null"], ids=str)


def pupil(organisation: Organisation, source_id: str = "E1") -> Person:
    with scope(organisation=organisation):
        return Person.objects.get(source_id=source_id)


def groups_of(person: Person) -> set[str]:
    with scope(organisation=person.organisation):
        return {membership.group.name for membership in person.memberships.all()}


def told(import_run: Import) -> list[tuple[int, str, str, str]]:
    with scope(organisation=import_run.organisation):
        return list(import_run.problems.values_list("row", "column", "value", "reason"))


def nobody_ended(organisation: Organisation) -> bool:
    with scope(organisation=organisation):
        return not Person.objects.filter(ended_at__isnull=False).exists()


@TELLS_NOTHING
def test_a_marking_stays(cell: Any, stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(**MARKED)])
    import_run = stored(pupils=[pupil_row(Sekretessmarkering=cell)])
    text = cell.result if isinstance(cell, Formula) else cell
    (row, column, value, reason), *rest = told(import_run)
    assert (row, column, value, rest) == (3, "Sekretessmarkering", text, [])
    assert reason.endswith(
        f"innehåller ”{text}” i stället för ett värde. Skriv Sekretessmarkering eller Skyddad folkbokföring, eller töm "
        "cellen om personen inte är skyddad. Raden läses in utan att ändra den uppgiften."
    )
    assert pupil(organisation).security_marking == "Sekretessmarkering"
    assert import_run.counts[PUPILS.section]["unchanged"] == 1


def test_somebody_new_who_may_be_protected_is_not_made(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(pupils=[pupil_row(Sekretessmarkering=NA), pupil_row(2)], staff=[])
    assert import_run.counts[PUPILS.section]["new"] == 1
    with scope(organisation=organisation):
        assert set(Person.objects.values_list("source_id", flat=True)) == {"E2"}
        assert not import_run.problems.filter(reason__contains="läses in utan").exists()
        assert UNIT not in import_run.problems.values_list("school_unit_code", flat=True), "who may be protected"


def test_a_marking_is_unknown_only_where_no_row_of_the_person_tells(stored: Reads, organisation: Organisation) -> None:
    stored(staff=[])
    second = staff_row(**{"Tjänstgörings-ID": "T2", "Sekretessmarkering": NA})
    stored(staff=[staff_row(**MARKED), second])
    with scope(organisation=organisation):
        assert Duty.objects.count() == 2
        assert Person.objects.get(role="staff").security_marking == "Sekretessmarkering"


@TELLS_NOTHING
def test_optional_cells_keep_what_the_register_has(cell: Any, stored: Reads, organisation: Organisation) -> None:
    stored(
        pupils=[pupil_row(**{"Mellannamn": "Alex", "E-postadress": "kim@skola.se"})],
        staff=[staff_row(**{"EduID-Federationsanvändarnamn": "abcde-fghij@eduid.se", "Mellannamn": "Bo"})],
    )
    import_run = stored(
        pupils=[pupil_row(**{"Mellannamn": cell, "E-postadress": cell, "Klass": cell})],
        staff=[staff_row(**{"EduID-Federationsanvändarnamn": cell, "Mellannamn": cell, "Ämnesgrupper": cell})],
    )
    assert {(sheet, column) for sheet, _, column, _ in problems_of(import_run)} == {
        (PUPILS.name, "Mellannamn"),
        (PUPILS.name, "E-postadress"),
        (PUPILS.name, "Klass"),
        (STAFF.name, "EduID-Federationsanvändarnamn"),
        (STAFF.name, "Mellannamn"),
        (STAFF.name, "Ämnesgrupper"),
    }
    assert [import_run.counts[sheet.section]["unchanged"] for sheet in (PUPILS, STAFF)] == [1, 1]
    kim = pupil(organisation)
    assert (kim.middle_name, kim.email, groups_of(kim)) == ("Alex", "kim@skola.se", {"6A", "MA 6A"})
    with scope(organisation=organisation):
        duty = Duty.objects.get()
        assert (duty.person.middle_name, duty.person.eduid_eppn) == ("Bo", "abcde-fghij@eduid.se")
        assert [assignment.group.name for assignment in duty.assignments.all()] == ["MA 6A"]


def test_a_class_that_cannot_be_read_is_kept_beside_new_groups(stored: Reads, organisation: Organisation) -> None:
    groups = [group_row(), group_row(**{"Grupp-ID": "G2", "Ämnesgrupp": "SV 6A"})]
    stored(groups=groups)
    stored(groups=groups, pupils=[pupil_row(Klass=NA, Ämnesgrupper="SV 6A")])
    assert groups_of(pupil(organisation)) == {"6A", "SV 6A"}


def test_of_somebody_new_optional_cells_are_empty(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(**{"Mellannamn": NA, "E-postadress": NA, "Klass": NA})])
    kim = pupil(organisation)
    assert (kim.middle_name, kim.email, groups_of(kim)) == ("", "", {"MA 6A"})


@TELLS_NOTHING
def test_a_row_whose_mandatory_cell_cannot_be_read_changes_nothing(
    cell: Any, stored: Reads, organisation: Organisation
) -> None:
    columns = [*sorted(PUPILS.mandatory - {"Person-ID", "Skolenhetskod"}), "Årskurs", "Ta bort"]
    pupils = range(1, len(columns) + 1)
    stored(pupils=[*(pupil_row(number) for number in pupils), pupil_row(99)])
    changed = [pupil_row(n, **{"Mellannamn": "Ny", column: cell}) for n, column in zip(pupils, columns, strict=True)]
    import_run = stored(pupils=[*changed, pupil_row(99)])
    assert problems_of(import_run) == [(PUPILS.name, row, column, True) for row, column in enumerate(columns, start=3)]
    assert nobody_ended(organisation)
    with scope(organisation=organisation):
        assert not Person.objects.filter(middle_name="Ny").exists()


def test_a_row_of_errors_ends_nobody_and_is_one_problem(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    import_run = stored(pupils=[pupil_row(), EVERYTHING_WRONG])
    assert told(import_run) == [
        (4, "Person-ID", "#N/A", "Raden har inget värde som går att läsa: #N/A i 15 kolumner. "
         "Rätta den, eller ta bort den."),
    ]  # fmt: skip
    assert import_run.counts[PUPILS.section]["bad"] == 1
    assert nobody_ended(organisation)


@pytest.mark.parametrize("column", ["Person-ID", "Skolenhetskod"])
def test_nobody_of_the_sheet_ends_where_a_row_may_be_anybodys(
    column: str, stored: Reads, organisation: Organisation
) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    import_run = stored(pupils=[pupil_row(), pupil_row(2, **{column: NA})])
    assert (PUPILS.name, 4, column, True) in problems_of(import_run)
    assert nobody_ended(organisation)


def test_a_sheet_without_a_readable_row_changes_nothing(stored: Reads, organisation: Organisation) -> None:
    stored()
    import_run = stored(
        classes=[dict.fromkeys(CLASSES.columns, NA)],
        groups=[dict.fromkeys(TEACHING_GROUPS.columns, NA)],
        staff=[dict.fromkeys(STAFF.columns, NA)],
    )
    assert [import_run.counts[sheet.section]["ended"] for sheet in (CLASSES, TEACHING_GROUPS, PUPILS, STAFF)] == [0] * 4
    assert import_run.counts[PUPILS.section]["unchanged"] == 1
    assert nobody_ended(organisation)
    assert groups_of(pupil(organisation)) == {"6A", "MA 6A"}, "the register's groups can still be referred to"


def test_a_unit_of_which_no_row_of_a_sheet_went_in_ends_nobody_there(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    import_run = stored(pupils=[pupil_row(Förnamn=NA)])
    assert import_run.counts["spared"] == [
        {"section": "pupils", "rows": [3], "row_count": 1, "everywhere": False, "none_readable": True, "missing": 1}
    ]
    assert nobody_ended(organisation)


def test_rows_that_cannot_be_read_in_one_sheet_do_not_keep_those_of_another(stored: Reads) -> None:
    stored()
    import_run = stored(classes=[class_row(), class_row(**{"Klass-ID": NA, "Klass": "6B"})], groups=[], staff=[])
    assert import_run.counts[TEACHING_GROUPS.section]["ended"] == 1


def test_formulas_without_a_result_are_one_problem(stored: Reads, organisation: Organisation) -> None:
    many = 900
    rows = [pupil_row(number, Klass="", **MARKED) for number in range(1, many + 1)]
    stored(pupils=rows)
    import_run = stored(pupils=[row | {"Sekretessmarkering": UNWORKED, "Klass": UNWORKED} for row in rows])
    (row, column, value, reason), *rest = told(import_run)
    assert (row, column, value, rest) == (3, "Sekretessmarkering, Klass", "formel utan värde", [])
    assert reason == (
        "1800 formler har inget uträknat värde i filen (Sekretessmarkering, Klass). Raderna läses in utan att ändra "
        "de uppgifterna. Öppna filen i Excel, spara den och läs in den igen."
    )
    assert import_run.counts["problems"] == {"found": 1, "kept": 1, "not_kept": 0}
    assert import_run.counts[PUPILS.section]["unchanged"] == many
    with scope(organisation=organisation):
        assert not Person.objects.filter(role="pupil", security_marking="Ingen").exists()


@pytest.mark.parametrize("columns", [["Efternamn"], ["Sekretessmarkering"], list(PUPILS.columns)], ids=str)
def test_formulas_that_keep_rows_out_are_one_problem_too(columns: list[str], stored: Reads) -> None:
    rows = [pupil_row(number) | dict.fromkeys(columns, UNWORKED) for number in range(1, 4)]
    import_run = stored(pupils=rows)
    assert problems_of(import_run) == [(PUPILS.name, 3, ", ".join(columns)[:60], True)]
    assert import_run.counts[PUPILS.section]["bad"] == 3
    assert "3 rader läses därför inte in." in told(import_run)[0][3]


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(**{"E-postadress": "kim@skola.se"})])
    import_run = stored(pupils=[pupil_row(**{"E-postadress": ""})])
    assert problems_of(import_run) == []
    assert pupil(organisation).email == ""


def test_what_follows_is_said_only_of_rows_that_go_in(preview: Reads) -> None:
    notes = {"E-postadress": "kim", "Klass": "6Z", "Mellannamn": NA, "Ta bort": "Nej", "Sekretessmarkering": "Ja"}
    refused = preview(pupils=[pupil_row(**notes, Årskurs=12)])
    assert len(told(refused)) == 5, "groups are not looked for"
    assert not any("läses in" in reason for *_, reason in told(refused))
    read = preview(pupils=[pupil_row(**notes)])
    assert sum("äses in" in reason for *_, reason in told(read)) == 5


def test_a_footer_is_one_problem_and_nobody_ends(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    import_run = stored(pupils=[pupil_row(), {"Person-ID": "Antal elever: 1"}])
    assert told(import_run) == [
        (4, "Person-ID", "Antal elever: 1", "Raden har bara Person-ID ifyllt, så det går inte att se vem eller vad "
         "den gäller. Är den en summering eller en anteckning, ta bort den ur filen."),
    ]  # fmt: skip
    assert import_run.counts["spared"] == [
        {"section": "pupils", "rows": [4], "row_count": 1, "everywhere": True, "none_readable": False, "missing": 1}
    ]
    assert nobody_ended(organisation)


def test_a_header_that_comes_again_is_no_row(stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(), pupil_row(2)])
    import_run = stored(pupils=[pupil_row(), {column: column for column in PUPILS.columns}])
    assert problems_of(import_run) == [(PUPILS.name, 4, "", False)]
    assert (import_run.counts[PUPILS.section]["rows"], import_run.counts[PUPILS.section]["ended"]) == (1, 1)


def test_nothing_is_shown_of_somebody_who_may_be_protected(preview: Reads, organisation: Organisation) -> None:
    import_run = preview(pupils=[pupil_row(**{"Sekretessmarkering": NA, "E-postadress": "kim", "Klass": "6Z"})])
    assert {value for *_, value, _ in told(import_run)} == {"", "#N/A"}
