"""An EPPN or an id on the rows of two persons: the register's owner keeps it, whatever the order of the rows."""

from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Import, Person
from provsluss.register.sources.skolverket_workbook.layout import PUPILS, STAFF
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import pupil_row, staff_row

EPPN = "Federationsanvändarnamn"
THE_OWNERS = {EPPN: "ELEV1@huvudman.se"}


def reasons(import_run: Import) -> list[str]:
    with scope(organisation=import_run.organisation):
        return list(import_run.problems.values_list("reason", flat=True))


@pytest.mark.parametrize("intruder_first", [True, False])
def test_who_has_it_in_the_register_keeps_it(intruder_first: bool, stored: Reads, organisation: Organisation) -> None:
    stored(staff=[])
    rows = [pupil_row(), pupil_row(2, **THE_OWNERS)]
    import_run = stored(pupils=rows[::-1] if intruder_first else rows, staff=[])
    row, other = (3, 4) if intruder_first else (4, 3)
    assert problems_of(import_run) == [(PUPILS.name, row, EPPN, True)]
    assert reasons(import_run) == [f"{EPPN} står också på rad {other}. Varje person behöver ett eget."]
    with scope(organisation=organisation):
        assert list(Person.objects.values_list("source_id", "eppn")) == [("E1", "elev1@huvudman.se")]


def test_both_stay_out_where_nobody_has_it(preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(), pupil_row(2, **THE_OWNERS)])
    assert problems_of(import_run) == [(PUPILS.name, 3, EPPN, True), (PUPILS.name, 4, EPPN, True)]
    assert ["rad 4" in reasons(import_run)[0], "rad 3" in reasons(import_run)[1]] == [True, True]


def test_a_row_that_ends_its_person_claims_nothing(preview: Reads) -> None:
    assert problems_of(preview(pupils=[pupil_row(), pupil_row(2, **THE_OWNERS | {"Ta bort": "Ja"})])) == []


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([pupil_row(), pupil_row(2, **{"Person-ID": "E1"})], [4]),
        ([pupil_row(2, **{"Person-ID": "E1"}), pupil_row()], [3]),
    ],
    ids=["owner first", "intruder first"],
)
def test_an_id_on_two_rows(rows: list[dict[str, Any]], refused: list[int], stored: Reads) -> None:
    stored(staff=[])
    import_run = stored(pupils=rows, staff=[])
    assert problems_of(import_run) == [(PUPILS.name, row, "Person-ID", True) for row in refused]
    assert f"på rad {7 - refused[0]}" in reasons(import_run)[0]


def test_an_id_on_two_rows_that_nobody_has(preview: Reads) -> None:
    import_run = preview(pupils=[pupil_row(), pupil_row(2, **{"Person-ID": "E1"})])
    assert problems_of(import_run) == [(PUPILS.name, 3, "Person-ID", True), (PUPILS.name, 4, "Person-ID", True)]


def test_the_same_id_in_another_school_unit_is_another_pupil(preview: Reads) -> None:
    other = pupil_row(2, **{"Person-ID": "E1", "Skolenhetskod": "40000001"})
    assert problems_of(preview(pupils=[pupil_row(), other])) == [(PUPILS.name, 4, "Skolenhetskod", False)]


def test_somebody_who_is_both_pupil_and_staff_needs_two(stored: Reads) -> None:
    stored(staff=[])
    import_run = stored(staff=[staff_row(**THE_OWNERS)])
    assert problems_of(import_run) == [(STAFF.name, 3, EPPN, True)]
    assert "på rad 3 i bladet Elevinskrivningar. Den som är både elev och personal" in reasons(import_run)[0]


def test_several_duties_of_one_person_share_it(preview: Reads) -> None:
    second = staff_row(**{"Tjänstgörings-ID": "T2"})
    assert problems_of(preview(staff=[staff_row(), second])) == []
    import_run = preview(staff=[staff_row(), second, staff_row(**{"Tjänstgörings-ID": "T3", "Person-ID": "P2"})])
    # The same EPPN and personnummer: one person with three duties, who has been given an id more.
    assert [(row, column, refused) for _, row, column, refused in problems_of(import_run)] == [(5, "Person-ID", False)]


def test_one_eppn_on_thousands_of_rows(preview: Reads) -> None:
    pupils = [pupil_row(number, **{EPPN: "alla@huvudman.se"}) for number in range(1, 1_200)]
    import_run = preview(pupils=pupils, staff=[])
    assert import_run.counts[PUPILS.section]["bad"] == len(pupils)
    assert "på rad 4." in reasons(import_run)[0]
    assert "på rad 3." in reasons(import_run)[-1]
