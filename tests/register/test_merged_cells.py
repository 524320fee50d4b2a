"""A merged cell has its value on the first row alone: the rows below are not read as if nothing stood there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.imports.imports import store_import
from provsluss.register.models import Import, Membership, Person
from provsluss.register.sources.skolverket_workbook.layout import PUPILS
from tests.register.conftest import Reads, problems_of
from tests.register.rewriting import changed, refusal_of
from tests.register.workbooks import pupil_row, write_workbook

MARKING = "Sekretessmarkering"


def _merged(path: Path, *ranges: str, **changes: Any) -> Path:
    write_workbook(path, pupils=[pupil_row(number, **changes) for number in (1, 2, 3)])
    workbook = openpyxl.load_workbook(path)
    for one in ranges:
        workbook[PUPILS.name].merge_cells(one)
    workbook.save(path)
    return path


def _column(name: str) -> str:
    return "ABCDEFGHIJKLMNO"[PUPILS.columns.index(name)]


def _reasons(import_run: Import) -> list[tuple[int, str, str]]:
    with scope(organisation=import_run.organisation):
        return list(import_run.problems.order_by("row").values_list("row", "column", "reason"))


def test_the_rows_below_keep_what_the_register_has(
    read_file: Reads, organisation: Organisation, tmp_path: Path
) -> None:
    store_import(read_file(_merged(tmp_path / "a.xlsx")).pk)
    column = _column("Klass")
    import_run = read_file(_merged(tmp_path / "b.xlsx", f"{column}3:{column}5"))
    store_import(import_run.pk)
    said = _reasons(import_run)
    assert said[0][:2] == (4, "Klass")
    assert any("sammanfogade celler (Klass)" in reason and "Dela celler" in reason for _, _, reason in said)
    assert [row for row, _, reason in said if "ligger under en sammanfogad cell" in reason] == [4, 5]
    with scope(organisation=organisation):
        assert Membership.objects.filter(group__name="6A").count() == 3


def test_nobody_is_unprotected_by_it(read_file: Reads, organisation: Organisation, tmp_path: Path) -> None:
    store_import(read_file(_merged(tmp_path / "a.xlsx", **{MARKING: MARKING})).pk)
    column = _column(MARKING)
    import_run = read_file(_merged(tmp_path / "b.xlsx", f"{column}3:{column}5", **{MARKING: MARKING}))
    store_import(import_run.pk)
    with scope(organisation=organisation):
        assert Person.objects.filter(security_marking=MARKING).count() == 3


def test_a_row_that_cannot_do_without_it_is_refused(read_file: Reads, tmp_path: Path) -> None:
    column = _column("Skolenhetskod")
    problems = problems_of(read_file(_merged(tmp_path / "a.xlsx", f"{column}3:{column}5")))
    assert [problem[1] for problem in problems if problem[-1]] == [4, 5]


@pytest.mark.parametrize("ranges", [["A1:O1"], ["E3:F3"], ["Q3:Q5"], ["A6:O9"]])
def test_what_covers_no_row_of_data_is_not_worth_a_word(
    ranges: Sequence[str], read_file: Reads, tmp_path: Path
) -> None:
    assert _reasons(read_file(_merged(tmp_path / "a.xlsx", *ranges))) == []


def test_more_than_anybody_can_mean(tmp_path: Path) -> None:
    many = b"".join(b'<mergeCell ref="A%d:A%d"/>' % (row, row + 1) for row in range(3, 9_003, 2))
    path = changed(
        write_workbook(tmp_path / "x.xlsx"), sheet4=lambda part: part.replace(b"</sheetData>", b"</sheetData>" + many)
    )
    assert "tusentals sammanfogade celler" in refusal_of(path)


@pytest.mark.parametrize("ref", [b"", b"A3:A", b"A0:A5", b"A3:A4:A5", b"3:5", "Å3:Å5".encode()])
def test_a_range_that_is_none(ref: bytes, tmp_path: Path) -> None:
    merge = b'</sheetData><mergeCells><mergeCell ref="%s"/></mergeCells>' % ref
    path = changed(write_workbook(tmp_path / "x.xlsx"), sheet4=lambda part: part.replace(b"</sheetData>", merge))
    assert "skadad" in refusal_of(path)
