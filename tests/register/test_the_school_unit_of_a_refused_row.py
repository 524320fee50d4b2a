"""A row that was not read in still tells which school unit it is of, where that can be read and nobody is protected."""

from collections import Counter
from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.ingest import counts
from provsluss.register.models import Import
from provsluss.register.rejected_rows import latest_imports, rejected_rows, school_units_of_rejected_rows
from provsluss.register.sources.skolverket_workbook.layout import PUPILS, STAFF
from tests.register.conftest import Reads
from tests.register.workbooks import OTHER_UNIT, UNIT, class_row, group_row, pupil_row, staff_row


def units_of(import_run: Import) -> Counter[str]:
    with scope(organisation=import_run.organisation):
        assert {row.school_unit_code for row in rejected_rows(import_run)} == set(
            school_units_of_rejected_rows(import_run)
        )
        return school_units_of_rejected_rows(import_run)


@pytest.mark.parametrize(
    ("parts", "unit"),
    [
        ({"pupils": [pupil_row(Årskurs=12)]}, UNIT),
        ({"pupils": [pupil_row(Årskurs=12, Skolenhetskod=f" {OTHER_UNIT} ")]}, OTHER_UNIT),
        ({"pupils": [pupil_row(Årskurs=12, Skolenhetskod=4000001)]}, "04000001"),
        ({"pupils": [pupil_row(Årskurs=12, Skolenhetskod="")]}, ""),
        ({"pupils": [pupil_row(Skolenhetskod="200901272385")]}, ""),
        ({"staff": [staff_row(Personalkategori="Vaktmästare")]}, UNIT),
        ({"classes": [class_row(Klass="")]}, UNIT),
        ({"groups": [group_row(Skolform="GRAN")]}, UNIT),
        ({"pupils": [pupil_row(1, **{"Person-ID": ""})]}, UNIT),
    ],
)
def test_the_unit_that_the_row_says(parts: dict[str, Any], unit: str, stored: Reads) -> None:
    assert units_of(stored(**parts)) == Counter({unit: 1})


@pytest.mark.parametrize("marking", ["Sekretessmarkering", "Skyddad folkbokföring", "Ja", 1])
@pytest.mark.parametrize("wrong", [{"Årskurs": 12}, {"Person-ID": ""}], ids=str)
def test_a_protected_pupils_school_unit_is_not_kept(marking: Any, wrong: dict[str, Any], stored: Reads) -> None:
    import_run = stored(pupils=[pupil_row(**wrong | {"Sekretessmarkering": marking})])
    assert units_of(import_run) == Counter({"": 1})
    assert UNIT not in str(import_run.counts)


def test_a_protected_member_of_staffs_school_unit_is_not_kept(stored: Reads) -> None:
    bad = staff_row(Personalkategori="Vaktmästare", Sekretessmarkering="Sekretessmarkering")
    assert units_of(stored(staff=[bad])) == Counter({"": 1})


def test_a_row_that_another_row_says_is_of_somebody_protected(stored: Reads) -> None:
    marked, second = staff_row(Sekretessmarkering="Sekretessmarkering"), staff_row(**{"Tjänstgörings-ID": "T2"})
    for rows in ([marked, second], [second, marked]):
        assert units_of(stored(staff=rows)) == Counter({"": 1})


def test_who_is_plainly_not_protected_is_told_of(stored: Reads) -> None:
    assert units_of(stored(pupils=[pupil_row(Årskurs=12, Sekretessmarkering="Nej")])) == Counter({UNIT: 1})


def test_a_row_with_several_faults_is_one_row_with_its_reasons(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(pupils=[pupil_row(Förnamn="", Årskurs=12), pupil_row(2, **{"E-postadress": "kim"})])
    with scope(organisation=organisation):
        (row,) = rejected_rows(import_run)
        assert latest_imports() == [import_run]
    assert (row.place, row.number, row.school_unit_code) == (PUPILS.name, 3, UNIT)
    assert row.reasons == (
        "Förnamn saknas men måste fyllas i.", "Årskurs måste vara ett heltal från 1 till 10 för GR."
    )  # fmt: skip


def test_rows_that_are_not_kept_are_counted_all_the_same(
    stored: Reads, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MAX_REFUSING", 1)
    bad = [pupil_row(Årskurs=12), pupil_row(2, Årskurs=12), pupil_row(3, Årskurs=12, Skolenhetskod="x")]
    import_run = stored(pupils=bad)
    with scope(organisation=organisation):
        assert len(rejected_rows(import_run)) == 1
        assert school_units_of_rejected_rows(import_run) == Counter({UNIT: 2, "": 1})


def test_an_import_of_an_older_provsluss_has_rows_of_no_unit(stored: Reads, organisation: Organisation) -> None:
    import_run = stored(staff=[staff_row(Personalkategori="Vaktmästare")])
    del import_run.counts["left_out"]
    with scope(organisation=organisation):
        assert school_units_of_rejected_rows(import_run) == Counter({"": import_run.counts[STAFF.section]["bad"]})
