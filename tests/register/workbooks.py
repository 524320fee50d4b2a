"""Workbooks in Skolverket's layout, made on the fly, with one good school in them unless told otherwise."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, SHEETS, STAFF, TEACHING_GROUPS
from provsluss.ss12000.luhn import luhn_is_right

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Formula:
    """A cell with a formula: what its result is in the file (`#N/A` becomes an error value), or None for no result."""

    result: str | None


NA = Formula("#N/A")
UNWORKED = Formula(None)
_LATER = "NOT.WORKED.OUT()"
UNIT = "31279295"
OTHER_UNIT = "40000001"


def class_row(**changes: Any) -> dict[str, Any]:
    return {"Klass-ID": "K1", "Klass": "6A", "Skolform": "GR", "Skolenhetskod": UNIT} | changes


def group_row(**changes: Any) -> dict[str, Any]:
    return {
        "Grupp-ID": "G1",
        "Ämnesgrupp": "MA 6A",
        "Skolform": "GR",
        "Provaktivitetsnamn": "GRGRMAT01_6",
        "Skolenhetskod": UNIT,
    } | changes


def civic_number(number: int) -> str:
    """A personnummer of its own for each number, with a check digit that is right."""
    if number == 1:
        return "200901272385"
    without = f"0904{1 + number // 500 % 28:02}{2 * (number % 500):03}"
    return next(f"20{without}{digit}" for digit in range(10) if luhn_is_right(f"{without}{digit}"))


def pupil_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "Person-ID": f"E{number}",
        "Federationsanvändarnamn": f"elev{number}@huvudman.se",
        "Personnummer": civic_number(number),
        "Förnamn": "Kim",
        "Efternamn": f"Jensen{number}",
        "Skolform": "GR",
        "Skolenhetskod": UNIT,
        "Årskurs": 6,
        "Klass": "6A",
        "Ämnesgrupper": "MA 6A",
    } | changes


def staff_row(**changes: Any) -> dict[str, Any]:
    return {
        "Tjänstgörings-ID": "T1",
        "Person-ID": "P1",
        "Federationsanvändarnamn": "larare1@huvudman.se",
        "Personnummer": "20090422TF20",
        "Förnamn": "Bengt",
        "Efternamn": "Hansson",
        "E-postadress": "bengt.hansson@skola.se",
        "Skolenhetskod": UNIT,
        "Personalkategori": "Lärare",
        "Ämnesgrupper": "MA 6A",
    } | changes


def write_workbook(
    path: Path,
    *,
    classes: Rows | None = None,
    groups: Rows | None = None,
    pupils: Rows | None = None,
    staff: Rows | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    names: Mapping[str, str] | None = None,
    header_row: int = 2,
) -> Path:
    """A workbook at `path`. `columns` and `names` replace a sheet's header or name; a name of "" leaves it out."""
    rows = {
        CLASSES.name: [class_row()] if classes is None else classes,
        TEACHING_GROUPS.name: [group_row()] if groups is None else groups,
        PUPILS.name: [pupil_row()] if pupils is None else pupils,
        STAFF.name: [staff_row()] if staff is None else staff,
    }
    as_written = {"strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", **as_written})
    workbook.add_worksheet("LÄS MIG FÖRST!")
    for layout in SHEETS:
        name = (names or {}).get(layout.name, layout.name)
        if name:
            sheet = workbook.add_worksheet(name)
            sheet.write(0, 0, layout.title)
            header = (columns or {}).get(layout.name, layout.columns)
            sheet.write_row(header_row - 1, 0, header)
            for number, row in enumerate(rows[layout.name], start=header_row):
                for place, column in enumerate(header):
                    if isinstance(value := row.get(column), Formula):
                        sheet.write_formula(
                            number, place, _LATER if value.result is None else "=NA()", None, value.result or 0
                        )
                    elif column in row:
                        sheet.write(number, place, value)
    workbook.close()
    _forget_results(path)
    return path


def _forget_results(path: Path) -> None:
    """Take away the results that XlsxWriter gives every formula, where none was meant."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    written = f"<f>{_LATER}</f><v>0</v>".encode()
    if any(written in part for part in parts.values()):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part.replace(written, written.removesuffix(b"<v>0</v>")))
