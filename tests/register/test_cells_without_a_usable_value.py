"""A cell that holds an error or an unworked formula is neither empty nor a value."""

from pathlib import Path

import openpyxl
import pytest

from provsluss.register.sources.skolverket_workbook.cells import is_date, is_number, text_of
from provsluss.register.sources.xlsx.cell import NO_VALUE, Cell, UnusableCell
from tests.register.rewriting import changed, pupil_cells
from tests.register.workbooks import pupil_row, write_workbook

FORMULA = UnusableCell(NO_VALUE)


def cell_of(path: Path, xml: str, **more: object) -> Cell:
    """Förnamn of the pupil, after its cell has been written as `xml` (whose {r} is the address)."""
    write_workbook(path, pupils=[pupil_row(Förnamn=4711)])
    old, new = b'<c r="E3"><v>4711</v></c>', xml.replace("{r}", 'r="E3"').encode()
    changed(path, sheet4=lambda part: part.replace(old, new), **more)  # type: ignore[arg-type]
    return pupil_cells(path).get("Förnamn", "")


def to_be_recalculated(part: bytes) -> bytes:
    """XlsxWriter writes that already."""
    assert b'fullCalcOnLoad="1"' in part
    return part


def as_saved_by_excel(part: bytes) -> bytes:
    return part.replace(b' fullCalcOnLoad="1"', b"")


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"])
def test_an_error_value(error: str, tmp_path: Path) -> None:
    assert cell_of(tmp_path / "x.xlsx", f'<c {{r}} t="e"><v>{error}</v></c>') == UnusableCell(error)
    formula = f'<c {{r}} s="0" t="e"><f>VLOOKUP(1,A1:B2,2)</f><v>{error}</v></c>'
    assert cell_of(tmp_path / "x.xlsx", formula) == UnusableCell(error)


@pytest.mark.parametrize(
    "formula",
    [
        "<c {r}><f>A1</f></c>",
        "<c {r}><f>A1</f><v></v></c>",
        "<c {r}><f>A1</f><v/></c>",
        "<c {r}><f>A1</f><v> </v></c>",
        '<c {r} t="str"><f>A1</f></c>',
        '<c {r} t="b"><f>A1</f><v/></c>',
        '<c {r} t="n"><f t="shared" si="0"/></c>',
        '<c {r}><f t="array" ref="E3">A1</f></c>',
        "<c {r}><f/></c>",
    ],
)
def test_a_formula_that_was_never_worked_out(formula: str, tmp_path: Path) -> None:
    assert cell_of(tmp_path / "x.xlsx", formula, workbook=as_saved_by_excel) == FORMULA


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('<c {r} t="str"><f>A1</f><v>Kim</v></c>', "Kim"),
        ('<c {r} t="str"><f>""</f><v></v></c>', ""),
        ("<c {r}><f>A1</f><v>6</v></c>", 6),
        ("<c {r}><f>A1</f><v>0</v></c>", 0),
        ('<c {r} t="b"><f>A1</f><v>1</v></c>', True),
        ('<c {r} t="s"><f>A1</f><v>0</v></c>', "Klasser"),
    ],
)
def test_a_formula_that_excel_has_worked_out(formula: str, value: Cell, tmp_path: Path) -> None:
    found = cell_of(tmp_path / "x.xlsx", formula, workbook=as_saved_by_excel)
    assert (type(found), found) == (type(value), value)


def test_a_zero_that_a_program_has_put_there_for_excel_to_work_out(tmp_path: Path) -> None:
    """XlsxWriter, and so pandas, writes 0 for a result that it does not know, and asks Excel to recalculate."""
    path = tmp_path / "x.xlsx"
    assert cell_of(path, "<c {r}><f>A1</f><v>0</v></c>", workbook=to_be_recalculated) == FORMULA
    assert cell_of(path, "<c {r}><f>A1</f><v>6</v></c>", workbook=to_be_recalculated) == 6
    assert cell_of(path, "<c {r}><v>0</v></c>", workbook=to_be_recalculated) == 0


def test_what_openpyxl_writes(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Elevinskrivningar"]
    sheet["E3"], sheet["F3"] = "=A3", "#N/A"
    workbook.save(path)
    cells = pupil_cells(path)
    assert (cells["Förnamn"], cells["Mellannamn"]) == (FORMULA, UnusableCell("#N/A"))


def test_a_row_of_nothing_but_errors_is_there(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "x.xlsx", pupils=[pupil_row()])
    error = b'<row r="4"><c r="A4" t="e"><v>#REF!</v></c></row></sheetData>'
    changed(path, sheet4=lambda part: part.replace(b"</sheetData>", error))
    assert pupil_cells(path, row=4) == {"Person-ID": UnusableCell("#REF!")}


def test_an_unusable_cell_has_no_text_of_its_own() -> None:
    cell = UnusableCell("#N/A")
    assert text_of(cell) == ""
    assert cell != ""
    assert not is_number(cell)
    assert not is_date(cell)
