"""Writes schools into a workbook of Skolverket's layout, one after the other, in constant memory."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from provsluss.register.example.rows import ClassRow, PupilRow, StaffRow, TeachingGroupRow
from provsluss.register.example.school import School
from provsluss.register.sources.skolverket_workbook.layout import (
    CLASSES,
    FIRST_DATA_ROW,
    HEADER_ROW,
    INFORMATION_SHEETS,
    LAYOUT_VERSION,
    MEMBERSHIP_SEPARATOR,
    PUPILS,
    SHEETS,
    STAFF,
    TEACHING_GROUPS,
    TITLE_ROW,
    Sheet,
)

Cells = Mapping[str, str | int]
"""A row's cells by column header; a column that is not named stays empty."""

_WRITTEN_AT = datetime(2026, 8, 17)
"""The same in every file, so that the same example is the same bytes."""
_NOTE = (
    "Det här är exempeldata från Provsluss: skolorna, eleverna och personalen finns inte.",
    f"Filen följer layouten i Skolverkets Excelmall version {LAYOUT_VERSION}.",
    "Skicka den aldrig till Skolverkets produktionsmiljö, där bara verkliga uppgifter får förekomma.",
)


class WorkbookWriter:
    """A workbook that grows school by school; it is whole when the `with` block has ended."""

    def __init__(self, path: Path) -> None:
        self._workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._workbook.set_properties({"title": "Exempelskola", "author": "Provsluss", "created": _WRITTEN_AT})
        self._bold = self._workbook.add_format({"bold": True})
        self._write_note()
        self._sheets = {sheet.name: _SheetWriter(self._add_sheet(sheet), sheet) for sheet in SHEETS}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workbook.close()

    def add(self, school: School) -> None:
        """Appends the school's rows to the four sheets."""
        self._sheets[CLASSES.name].add(map(_class_cells, school.classes))
        self._sheets[TEACHING_GROUPS.name].add(map(_teaching_group_cells, school.teaching_groups))
        self._sheets[PUPILS.name].add(map(_pupil_cells, school.pupils))
        self._sheets[STAFF.name].add(map(_staff_cells, school.staff))

    def _write_note(self) -> None:
        sheet = self._workbook.add_worksheet(INFORMATION_SHEETS[0])
        for row, sentence in enumerate(_NOTE):
            sheet.write_string(row, 0, sentence)

    def _add_sheet(self, layout: Sheet) -> Worksheet:
        sheet = self._workbook.add_worksheet(layout.name)
        sheet.set_column(0, len(layout.columns) - 1, 22)
        sheet.freeze_panes(HEADER_ROW, 0)
        sheet.write_string(TITLE_ROW - 1, 0, layout.title, self._bold)
        for column, header in enumerate(layout.columns):
            sheet.write_string(HEADER_ROW - 1, column, header, self._bold)
        if layout is PUPILS:
            self._workbook.get_worksheet_by_name(INFORMATION_SHEETS[0]).set_column(0, 0, 100)
        return sheet


class _SheetWriter:
    """One sheet and how far down it is written."""

    def __init__(self, sheet: Worksheet, layout: Sheet) -> None:
        self._sheet = sheet
        self._columns = layout.columns
        self._row = FIRST_DATA_ROW - 1

    def add(self, rows: Iterable[Cells]) -> None:
        for cells in rows:
            for column, header in enumerate(self._columns):
                value = cells.get(header, "")
                if isinstance(value, int):
                    self._sheet.write_number(self._row, column, value)
                elif value:
                    self._sheet.write_string(self._row, column, value)
            self._row += 1


def _class_cells(row: ClassRow) -> Cells:
    return {
        "Klass-ID": row.id,
        "Klass": row.name,
        "Skolform": row.school_type,
        "Skolenhetskod": row.school_unit_code,
    }


def _teaching_group_cells(row: TeachingGroupRow) -> Cells:
    return {
        "Grupp-ID": row.id,
        "Ämnesgrupp": row.name,
        "Skolform": row.school_type,
        "Provaktivitetsnamn": row.national_test,
        "Skolenhetskod": row.school_unit_code,
    }


def _pupil_cells(row: PupilRow) -> Cells:
    return {
        "Person-ID": row.person_id,
        "Federationsanvändarnamn": row.eppn,
        "Personnummer": row.civic_number,
        "Sekretessmarkering": row.security_marking,
        "Förnamn": row.given_name,
        "Mellannamn": row.middle_name,
        "Efternamn": row.family_name,
        "Skolform": row.school_type,
        "Skolenhetskod": row.school_unit_code,
        "Årskurs": "" if row.school_year is None else row.school_year,
        "Studievägskod": row.education_code,
        "Klass": row.class_name,
        "Ämnesgrupper": _listed(row.teaching_groups),
    }


def _staff_cells(row: StaffRow) -> Cells:
    return {
        "Tjänstgörings-ID": row.duty_id,
        "Person-ID": row.person_id,
        "Federationsanvändarnamn": row.eppn,
        "EduID-Federationsanvändarnamn": row.eduid_eppn,
        "Personnummer": row.civic_number,
        "Förnamn": row.given_name,
        "Mellannamn": row.middle_name,
        "Efternamn": row.family_name,
        "E-postadress": row.email,
        "Skolenhetskod": row.school_unit_code,
        "Personalkategori": row.duty_role,
        "Ämnesgrupper": _listed(row.teaching_groups),
    }


def _listed(names: tuple[str, ...]) -> str:
    return f"{MEMBERSHIP_SEPARATOR} ".join(names)
