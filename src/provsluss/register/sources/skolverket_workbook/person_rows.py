"""Who each row of pupils and staff says that it is about: a first look at the file, before it is read for good."""

import uuid
from collections.abc import Iterable, Iterator

from provsluss.register.models import Person
from provsluss.register.source_records import PersonRow
from provsluss.register.sources.skolverket_workbook import values
from provsluss.register.sources.skolverket_workbook.layout import PUPILS, REMOVE, STAFF
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells
from provsluss.register.sources.skolverket_workbook.row_ids import RowId, pupil_id, staff_person_id
from provsluss.register.sources.skolverket_workbook.sheets import FoundSheet

_ROLES = {PUPILS.name: Person.Role.PUPIL.value, STAFF.name: Person.Role.STAFF.value}


def person_rows(sheets: Iterable[FoundSheet], organisation_id: uuid.UUID) -> Iterator[PersonRow]:
    """The rows of pupils and staff that tell whose they are; what is wrong with them is told when they are read."""
    for sheet in sheets:
        if role := _ROLES.get(sheet.layout.name):
            for number, cells in sheet.rows():
                row = RowCells(sheet.layout, number, cells, sheet.places)
                person = pupil_id(row, organisation_id) if sheet.layout is PUPILS else _staff_id(row, organisation_id)
                if person.object_id:
                    yield _person_row(row, role, person.object_id, person)


def _staff_id(row: RowCells, organisation_id: uuid.UUID) -> RowId:
    source_id = row.text("Person-ID")
    return RowId(staff_person_id(source_id, organisation_id) if source_id else None, source_id, "")


def _person_row(row: RowCells, role: str, person_id: uuid.UUID, written: RowId) -> PersonRow:
    return PersonRow(
        row.sheet.section,
        f"bladet {row.sheet.name}",
        row.number,
        role,
        person_id,
        written.source_id,
        written.school_unit_code,
        values.eppn(row).casefold(),
        _civic_number(row),
        row.text("Förnamn"),
        row.text("Efternamn"),
        bool(row.text(REMOVE)) and row.is_removed(),
    )


def _civic_number(row: RowCells) -> str:
    text = row.text("Personnummer")
    # Nearly all stand in Skolverket's form; whether such a one can be right is told when the row is read.
    return text if len(text) == 12 and text.isdigit() else values.civic_number(row)
