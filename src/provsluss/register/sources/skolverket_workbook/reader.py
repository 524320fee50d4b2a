"""Reads the whole workbook, row by row, into what it says (register/source_records.py)."""

import uuid
from collections.abc import Collection, Iterator

from provsluss.register.models import Group
from provsluss.register.sections import Section
from provsluss.register.source_records import (
    NOTHING_TOLD,
    Marked,
    PersonRow,
    Problem,
    RowRead,
    SourceRecord,
)
from provsluss.register.sources.skolverket_workbook.duplicates import Doubles
from provsluss.register.sources.skolverket_workbook.empty_words import MARKING
from provsluss.register.sources.skolverket_workbook.group_names import GroupNames
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS, Sheet
from provsluss.register.sources.skolverket_workbook.person_rows import person_rows
from provsluss.register.sources.skolverket_workbook.refused_rows import content_of
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells
from provsluss.register.sources.skolverket_workbook.row_ids import ROW_IDS, RowId, staff_person_id
from provsluss.register.sources.skolverket_workbook.rows import read_class, read_pupil, read_staff, read_teaching_group
from provsluss.register.sources.skolverket_workbook.sheets import FoundSheet, find_sheets
from provsluss.register.sources.skolverket_workbook.values import marking_of
from provsluss.register.sources.source import KeptGroups
from provsluss.register.sources.xlsx.handed_over import SheetRead


class WorkbookReader:
    """A workbook that has been opened and found to have the right sheets and columns.

    A source.Reader, and always full. Raises SourceRefused (a Swedish sentence) if it cannot be read at all.
    """

    is_full = True

    def __init__(self, sheets_read: Collection[SheetRead], organisation_id: uuid.UUID, kept_groups: KeptGroups) -> None:
        sheets = find_sheets(sheets_read)
        self.total = sum(sheet.height for sheet in sheets)
        self.notes: list[Problem] = [note for sheet in sheets for note in sheet.notes]
        self.found_last: list[Problem] = []
        """Problems of what is no row, found between the rows."""
        self._organisation_id = organisation_id
        self._kept_groups = kept_groups
        self._groups = GroupNames()
        self._doubles = Doubles(self._groups)
        self._sheets = tuple(sheets)

    def person_rows(self) -> Iterator[PersonRow]:
        """Who each row of pupils and staff is about: a first look, as often as one likes, before `sections`."""
        return person_rows(self._sheets, self._organisation_id)

    def ids_in(self, section: Section) -> set[tuple[str, str]]:
        """The school unit code and the id on each row of this section."""
        rows = self._row_cells(section)
        return {(row.school_unit_code(), row.text(row.sheet.columns[0])) for row in rows}

    def group_names(self) -> set[tuple[str, str]]:
        """The school unit code and the name on each row of a group."""
        rows = [*self._row_cells(Section.CLASSES), *self._row_cells(Section.TEACHING_GROUPS)]
        return {(row.school_unit_code(), row.text(row.sheet.columns[1])) for row in rows}

    def sections(self) -> Iterator[Iterator[RowRead]]:
        """The rows of each sheet, in the layout's order. To be gone through once, from first to last."""
        for sheet in self._sheets:
            if sheet.layout is not TEACHING_GROUPS:  # classes and teaching groups are both groups
                self._doubles.forget_ids()
            yield self._rows(sheet)

    def _row_cells(self, section: Section) -> Iterator[RowCells]:
        for sheet in self._sheets:
            if sheet.layout.section is section:
                yield from (RowCells(sheet.layout, number, cells, sheet.places) for number, cells in sheet.rows())

    def _rows(self, sheet: FoundSheet) -> Iterator[RowRead]:
        refused: set[uuid.UUID | None] = set()
        good: set[uuid.UUID | None] = set()
        unclear: set[str] = set()
        for number, cells in sheet.rows():
            row = RowCells(sheet.layout, number, cells, sheet.places)
            if row.is_blank():
                continue
            if row.repeats_header():
                self.found_last.append(_header_again(row))
                continue
            read = self._read(row)
            if read.kind == "groups":
                (refused if read.refused else good).add(read.object_id)
                if read.refused and read.object_id is None:
                    unclear.add(read.school_unit_code)
            yield read
        if sheet.layout in (CLASSES, TEACHING_GROUPS):
            self._keep_groups(sheet.layout, {one for one in refused if one}, unclear, good)

    def _keep_groups(
        self,
        layout: Sheet,
        refused: Collection[uuid.UUID],
        unclear: Collection[str],
        said: Collection[uuid.UUID | None],
    ) -> None:
        """Let pupils and staff still refer to a group whose own row was refused, if the register has it.

        Where a refused row does not tell which group it is, that is any group of its school unit, or of all of them.
        What a good row has `said` of a group counts, also that it ends.
        """
        group_type = Group.Type.CLASS if layout is CLASSES else Group.Type.TEACHING
        for group in self._kept_groups(refused, group_type, unclear) if refused or unclear else ():
            if group.id not in said:
                self._groups.add(group.group_type, group.school_unit_code, group.school_type, group.name, group.id)

    def _read(self, row: RowCells) -> RowRead:
        row_id = ROW_IDS[row.sheet.name](row, self._organisation_id)
        if row_id.object_id and row.sheet is not PUPILS:  # of a pupil there can be several rows: see identities
            self._doubles.refuse_id(row, row.sheet.columns[0], row_id.object_id)
        if row.sheet in (CLASSES, TEACHING_GROUPS):
            self._groups.school_units.add(row_id.school_unit_code)
        removed = row.is_removed()
        record = None if removed else self._record(row, row_id)
        if record and not row.refused:
            record = self._doubles.refuse_rest(row, record)
        if row.refused and row_id.object_id is None and _is_stray(row):
            row.refuse_as_stray()
        return RowRead(
            section=row.sheet.section,
            number=row.number,
            object_id=row_id.object_id,
            school_unit_code=row_id.school_unit_code,
            record=None if row.refused else record,
            removed=removed and not row.refused,
            source_id=row_id.source_id,
            marked=_marked(row, row_id, self._organisation_id),
            is_protected=_is_protected(row),
            kept=frozenset(row.kept),
            unworked=tuple(row.unworked),
            content=content_of(row, row_id, self._groups, self._organisation_id) if row.refused else NOTHING_TOLD,
            problems=row.problems,
        )

    def _record(self, row: RowCells, row_id: RowId) -> SourceRecord | None:
        if row.sheet is CLASSES:
            return read_class(row, row_id)
        if row.sheet is TEACHING_GROUPS:
            return read_teaching_group(row, row_id)
        if row.sheet is PUPILS:
            return read_pupil(row, row_id, self._groups)
        return read_staff(row, row_id, self._groups, self._organisation_id)


def _is_stray(row: RowCells) -> bool:
    """Whether less than half of what every row must say can be read: it tells of nobody."""
    return 2 * sum(bool(row.text(column)) for column in row.sheet.mandatory) < len(row.sheet.mandatory)


def _header_again(row: RowCells) -> Problem:
    reason = "Raden upprepar rubrikerna och läses inte. Ta bort den ur filen."
    return Problem(row.sheet.section, row.number, "", "", reason, row_refused=False)


def _is_protected(row: RowCells) -> bool:
    """Whether the row says that somebody is protected, may say so, or is refused because another row does."""
    if row.sheet not in (PUPILS, STAFF):
        return False
    by_another_row = any(problem.row_refused and problem.column == MARKING for problem in row.problems)
    return by_another_row or marking_of(row) != "Ingen"


def _marked(row: RowCells, row_id: RowId, organisation_id: uuid.UUID) -> Marked | None:
    """Who the row says is protected, also where the row is refused; None where nobody is, or it cannot be told who."""
    if row.sheet not in (PUPILS, STAFF) or row.unusable(MARKING) or (marking := marking_of(row)) == "Ingen":
        return None
    if row.sheet is PUPILS:
        return Marked(row_id.object_id, marking) if row_id.object_id else None
    source_id = row.text("Person-ID")
    return Marked(staff_person_id(source_id, organisation_id), marking) if source_id else None
