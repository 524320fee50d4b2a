"""A school unit is not ready while rows of its own in the latest import were not read in."""

from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.preflight.queries import by_who, findings_of, holds_back, to_mend
from provsluss.preflight.run import make_at_once
from provsluss.register.models import Group, Import, ImportProblem
from provsluss.transfers.models import Control, ControlCell, ControlFinding, TestActivity, TestActivityGroup
from tests.transfers.small_school import UNIT, fetch_list_of_tests, make_group, make_school

PUPILS, STAFF = "Elevinskrivningar", "Personaltjänstgöringar"
OTHER = "90000029"


@pytest.fixture
def school(scoped: Organisation) -> TestActivity:
    fetch_list_of_tests(scoped, "GRGRMAT01_6", "GRGRSVE01_6")
    return make_school(scoped)


def _import(organisation: Organisation, *rows: tuple[str, int, str], more: int = 0) -> Import:
    """An import that left out these rows (sheet, number, school unit code), and `more` of UNIT that it did not keep."""
    units: dict[str, int] = {}
    for _, _, code in (*rows, *[("", 0, UNIT)] * more):
        if code:
            units[code] = units.get(code, 0) + 1
    import_run = Import.objects.create(
        organisation=organisation, source="skolverket_workbook", state="done_with_errors", finished_at=timezone.now(),
        counts={"pupils": {"bad": len(rows) + more}, "left_out": units},
    )  # fmt: skip
    for sheet, number, code in rows:
        for reason in ("Förnamn saknas men måste fyllas i.", "Efternamn saknas men måste fyllas i."):
            ImportProblem.objects.create(
                import_run=import_run, sheet=sheet, row=number, reason=reason, school_unit_code=code
            )
    return import_run


def _other_unit(organisation: Organisation, test_activity: TestActivity | None = None) -> None:
    group = make_group(organisation, "Ma6B", Group.Type.TEACHING, [])
    Group.objects.filter(pk=group.pk).update(school_unit_code=OTHER)
    if test_activity:
        TestActivityGroup.objects.create(test_activity=test_activity, group=group)


def _told(control: Control, **only: Any) -> list[tuple[str, str, str, bool]]:
    """Name, school unit, detail and whether it must be mended."""
    found = ControlFinding.objects.filter(cause__control=control, kind="rows", **only)
    return list(found.values_list("name", "school_unit_code", "detail", "cause__urgent"))


def _urgent(control: Control) -> dict[tuple[str, str], int]:
    cells = ControlCell.objects.filter(control=control)
    return {(code, str(name)): n for code, name, n in cells.values_list(
        "school_unit_code", "test_activity__national_test", "urgent"
    )}  # fmt: skip


def test_a_row_counts_at_its_school_unit_for_each_test_there(scoped: Organisation, school: TestActivity) -> None:
    second = TestActivity.objects.create(organisation=scoped, name="Svenska årskurs 6", national_test="GRGRSVE01_6")
    TestActivityGroup.objects.create(test_activity=second, group=Group.objects.get(name="Ma6A"))
    _import(scoped, (PUPILS, 17, UNIT), (STAFF, 4, UNIT))
    control = make_at_once(scoped)
    assert _urgent(control) == {(UNIT, "GRGRMAT01_6"): 2, (UNIT, "GRGRSVE01_6"): 2}
    why = "Förnamn saknas men måste fyllas i · Efternamn saknas men måste fyllas i"
    assert sorted(_told(control)) == [
        (f"{PUPILS} rad 17", UNIT, why, True), (f"{STAFF} rad 4", UNIT, why, True)
    ]  # fmt: skip
    rows = [one for one in by_who(findings_of(control)) if any(row.cause.code == "XL" for row in one.causes)]
    assert [one.who.value for one in rows] == ["elevregistret", "personalregistret"]
    assert to_mend(control, school) == 2
    assert not holds_back(control)  # what is not in the register is not held back from being sent


def test_another_school_units_row_makes_nobody_else_red(scoped: Organisation, school: TestActivity) -> None:
    _other_unit(scoped, school)
    before = _urgent(make_at_once(scoped))
    _import(scoped, (PUPILS, 17, OTHER))
    after = _urgent(make_at_once(scoped))
    assert after[UNIT, "GRGRMAT01_6"] == before[UNIT, "GRGRMAT01_6"] == 0
    assert after[OTHER, "GRGRMAT01_6"] == before[OTHER, "GRGRMAT01_6"] + 1


def test_a_school_unit_that_takes_no_test_can_wait(scoped: Organisation, school: TestActivity) -> None:
    _other_unit(scoped)
    _import(scoped, (PUPILS, 17, OTHER))
    control = make_at_once(scoped)
    assert [(name, code, urgent) for name, code, _, urgent in _told(control)] == [(f"{PUPILS} rad 17", OTHER, False)]
    assert _urgent(control) == {(UNIT, "GRGRMAT01_6"): 0}
    assert to_mend(control) == 0


@pytest.mark.parametrize("code", ["", "99999999"])
def test_a_row_of_no_unit_that_is_known_is_the_huvudmans(code: str, scoped: Organisation, school: TestActivity) -> None:
    _import(scoped, (PUPILS, 17, code))
    control = make_at_once(scoped)
    assert _told(control) == [(f"{PUPILS} rad 17", "", "", True)]
    assert _urgent(control) == {(UNIT, "GRGRMAT01_6"): 0}
    assert to_mend(control) == to_mend(control, school) == 1


def test_rows_that_the_import_did_not_keep_are_told_of_together(scoped: Organisation, school: TestActivity) -> None:
    _import(scoped, (PUPILS, 17, UNIT), more=2)
    control = make_at_once(scoped)
    assert [name for name, _, _, _ in _told(control, school_unit_code=UNIT)] == [f"{PUPILS} rad 17", "2 rader till"]
    assert _urgent(control) == {(UNIT, "GRGRMAT01_6"): 2}


def test_a_later_import_without_such_rows_ends_it(scoped: Organisation, school: TestActivity) -> None:
    _import(scoped, (PUPILS, 17, UNIT))
    _import(scoped)
    assert _told(make_at_once(scoped)) == []
