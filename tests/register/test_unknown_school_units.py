"""A school unit that the file has no group in is told of once, not once a group."""

from django_scopes import scope

from provsluss.register.sources.skolverket_workbook.layout import PUPILS, STAFF
from tests.register.conftest import Reads, problems_of
from tests.register.workbooks import OTHER_UNIT, class_row, group_row, pupil_row, staff_row


def test_one_note_on_the_code_replaces_those_on_the_groups(preview: Reads) -> None:
    unknown = {"Skolenhetskod": "12345678"}
    import_run = preview(
        pupils=[pupil_row(), pupil_row(2, **unknown | {"Ämnesgrupper": "MA 6A, MA 6B, SV 6A"})],
        staff=[staff_row(**unknown | {"Ämnesgrupper": "MA 6A, SV 6A"})],
    )
    assert problems_of(import_run) == [
        (PUPILS.name, 4, "Skolenhetskod", False),
        (STAFF.name, 3, "Skolenhetskod", False),
    ]
    with scope(organisation=import_run.organisation):
        problem = import_run.problems.first()
    assert problem is not None
    assert problem.value == "12345678"
    assert problem.reason.startswith("Skolenhetskod finns inte bland filens klasser och ämnesgrupper.")
    assert import_run.counts[PUPILS.section]["new"] == 2


def test_a_unit_in_either_sheet_of_groups_is_known(preview: Reads) -> None:
    import_run = preview(
        classes=[class_row()],
        groups=[group_row(Skolenhetskod=OTHER_UNIT)],
        pupils=[pupil_row(), pupil_row(2, Skolenhetskod=OTHER_UNIT)],
        staff=[],
    )
    assert problems_of(import_run) == [
        (PUPILS.name, 3, "Ämnesgrupper", False),
        (PUPILS.name, 4, "Klass", False),
    ]


def test_a_unit_whose_only_group_is_refused_is_known(preview: Reads) -> None:
    import_run = preview(classes=[], groups=[group_row(Skolform="X")], pupils=[pupil_row(Klass="")], staff=[])
    assert {column for _, _, column, _ in problems_of(import_run)} == {"Skolform", "Ämnesgrupper"}
