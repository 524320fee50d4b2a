"""Excel's typed cells are read as a person reads them."""

import datetime
from pathlib import Path

import openpyxl
import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.register.sources.skolverket_workbook.cells import text_of, tidy
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, SHEETS, STAFF, TEACHING_GROUPS
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import UNIT, class_row, group_row, pupil_row, staff_row, write_workbook


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("200901272385", "200901272385"),
        (200901272385, "200901272385"),
        ("20090127-2385", "200901272385"),
        (" 20090127–2385\u00a0", "200901272385"),
        ("090127-2385", "200901272385"),
        (901272385, "200901272385"),  # Excel has dropped the zero of 0901272385
        ("20090422tf20", "20090422TF20"),
        ("20090422-TF20", "20090422TF20"),
        ("20090187-2385", "200901872385"),
    ],
)
def test_personnummer(written: object, read: str, stored: Reads, organisation: Organisation) -> None:
    stored(pupils=[pupil_row(**{"Personnummer": written})])
    with scope(organisation=organisation):
        assert Person.objects.get(role="pupil").civic_number == read


def test_numbers_spaces_case_and_leading_zeros(stored: Reads, organisation: Organisation) -> None:
    stored(
        classes=[class_row(**{"Klass-ID": 7, "Klass": 6, "Skolenhetskod": int(UNIT)})],
        groups=[group_row(**{"Grupp-ID": "007", "Ämnesgrupp": "MA\u00a06A ", "Skolform": " gr"})],
        pupils=[pupil_row(**{"Person-ID": 12, "Klass": "6", "Årskurs": "6 ", "Ämnesgrupper": " ma 6a ,, MA 6A "})],
        staff=[staff_row(**{"Personalkategori": "speciallärare / specialpedagog"})],
    )
    with scope(organisation=organisation):
        class_, group = Group.objects.get(group_type="Klass"), Group.objects.get(group_type="Undervisning")
        assert (class_.source_id, class_.name, class_.school_unit_code) == ("7", "6", UNIT)
        assert (group.source_id, group.name, group.school_type) == ("007", "MA 6A", "GR")
        pupil = Person.objects.get(role="pupil")
        assert pupil.source_id == "12"
        assert Enrolment.objects.get().school_year == 6
        assert {m.group_id for m in pupil.memberships.all()} == {class_.pk, group.pk}
        assert Duty.objects.get().duty_role == "Speciallärare/specialpedagog"


def test_a_school_unit_code_gets_its_leading_zero_back(stored: Reads, organisation: Organisation) -> None:
    stored(classes=[class_row(**{"Skolenhetskod": 1234567})], groups=[], pupils=[], staff=[])
    with scope(organisation=organisation):
        assert Group.objects.get().school_unit_code == "01234567"


def test_a_name_that_excel_has_made_a_date_is_noted(preview: Reads) -> None:
    date = datetime.date(2026, 1, 6)
    import_run = preview(classes=[class_row(**{"Klass": date})], pupils=[pupil_row(**{"Klass": date})])
    assert problems_of(import_run) == [(CLASSES.name, 3, "Klass", False)]


def test_school_types_without_year_or_with_programme(stored: Reads, organisation: Organisation) -> None:
    groups = [group_row(**{"Skolform": s, "Grupp-ID": s}) for s in ("GY", "VUXGY")]
    gy = {"Skolform": "GY", "Årskurs": "", "Studievägskod": "nanat ", "Klass": ""}
    vuxgy = {"Skolform": "VUXGY", "Årskurs": "", "Klass": ""}
    import_run = stored(groups=groups, staff=[], pupils=[pupil_row(**gy), pupil_row(2, **vuxgy)])
    assert problems_of(import_run) == []
    with scope(organisation=organisation):
        assert list(
            Enrolment.objects.order_by("school_type").values_list("school_type", "school_year", "education_code")
        ) == [
            ("GY", None, "NANAT"),
            ("VUXGY", None, ""),
        ]


def test_columns_in_another_order_and_spelling(stored: Reads, organisation: Organisation) -> None:
    stored()
    moved = {sheet.name: list(reversed(sheet.columns)) for sheet in SHEETS}
    import_run = stored(columns=moved)
    assert not any(import_run.counts[sheet.section]["new"] for sheet in SHEETS)


def test_headers_and_sheet_names_may_be_spelled_a_little_differently(read_file: Reads, tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "x.xlsx",
        names={
            CLASSES.name: "KLASSER ",
            TEACHING_GROUPS.name: "Ämnesgrupp & provaktiviteter",
            STAFF.name: "Personalstjänstgöringar",
        },
    )
    workbook = openpyxl.load_workbook(path)
    workbook[PUPILS.name]["B2"] = "federationsanvändarnamn (EPPN) "
    workbook["Personalstjänstgöringar"]["L2"] = "Personalkategori (tjänstgöringsroll)"
    workbook["Personalstjänstgöringar"]["D2"] = "EduID federationsanvändarnamn"
    workbook.save(path)
    import_run = read_file(path)
    assert import_run.state == "preview", import_run.message
    assert problems_of(import_run) == []
    assert import_run.counts[STAFF.section]["new"] == 1


def test_blank_rows_are_skipped_and_row_numbers_are_excels(preview: Reads) -> None:
    import_run = preview(pupils=[{}, {"Förnamn": " "}, pupil_row(), {}, pupil_row(2, **{"Efternamn": ""})])
    assert problems_of(import_run) == [(PUPILS.name, 7, "Efternamn", True)]
    assert import_run.counts[PUPILS.section]["rows"] == 2


def test_skolverkets_own_workbook_is_an_empty_import(shared: Path, read_file: Reads) -> None:
    import_run = read_file(shared / "skolverket" / "dnp-mall-1.5.2.xlsx")
    assert import_run.state == "preview", import_run.message
    assert all(import_run.counts[sheet.section]["rows"] == 0 for sheet in SHEETS)
    assert problems_of(import_run) == []


@given(st.text())
def test_tidied_text_stays_as_it_is(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert tidied.isprintable()
    assert tidied == tidied.strip()


@given(
    st.lists(st.text(alphabet="abcåäöÅÄÖ0189-_.", min_size=1)), st.sampled_from([" ", "\u00a0", "\n ", "\t", "\u2009"])
)
def test_only_white_space_is_changed(words: list[str], space: str) -> None:
    assert tidy(space + space.join(words) + space) == " ".join(words)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_whole_number_is_its_digits(number: int) -> None:
    assert text_of(float(number)) == str(number)
