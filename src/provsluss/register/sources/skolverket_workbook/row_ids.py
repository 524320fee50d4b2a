"""Whose row is it? The id of the object that a row tells of, also where the rest of the row is wrong.

An id that is a UUID is kept. Any other becomes one, from what makes it unique (rules.md section 4, rule 5): within the
school unit for classes, groups, pupils and duties; within the whole huvudman for staff.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from provsluss.register.models import Group, Person
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, PUPILS, STAFF, TEACHING_GROUPS
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells
from provsluss.ss12000.ids import as_uuid, stable_id


@dataclass(frozen=True, slots=True)
class RowId:
    """The object's id (None where it cannot be told), and the id and school unit code as the source writes them."""

    object_id: uuid.UUID | None
    source_id: str
    school_unit_code: str


def class_id(row: RowCells, organisation_id: uuid.UUID) -> RowId:
    """The class, from Klass-ID."""
    return _within_school_unit(row, organisation_id, "Klass-ID", "group", Group.Type.CLASS)


def teaching_group_id(row: RowCells, organisation_id: uuid.UUID) -> RowId:
    """The teaching group, from Grupp-ID."""
    return _within_school_unit(row, organisation_id, "Grupp-ID", "group", Group.Type.TEACHING)


def pupil_id(row: RowCells, organisation_id: uuid.UUID) -> RowId:
    """The pupil, from Person-ID."""
    return _within_school_unit(row, organisation_id, "Person-ID", "person", Person.Role.PUPIL)


def duty_id(row: RowCells, organisation_id: uuid.UUID) -> RowId:
    """The duty, from Tjänstgörings-ID."""
    return _within_school_unit(row, organisation_id, "Tjänstgörings-ID", "duty")


def staff_person_id(source_id: str, organisation_id: uuid.UUID) -> uuid.UUID:
    """The member of staff, whose Person-ID is the same in all school units."""
    return as_uuid(source_id) or stable_id(organisation_id, "person", Person.Role.STAFF.value, source_id)


def person_id(row: RowCells, organisation_id: uuid.UUID) -> uuid.UUID | None:
    """The person whom a row of pupils or staff tells of; None where that cannot be told."""
    if row.sheet is PUPILS:
        return pupil_id(row, organisation_id).object_id
    source_id = row.text("Person-ID")
    return staff_person_id(source_id, organisation_id) if source_id else None


ROW_IDS: dict[str, Callable[[RowCells, uuid.UUID], RowId]] = {
    CLASSES.name: class_id,
    TEACHING_GROUPS.name: teaching_group_id,
    PUPILS.name: pupil_id,
    STAFF.name: duty_id,
}
"""By sheet."""


def _within_school_unit(row: RowCells, organisation_id: uuid.UUID, column: str, *kind: str) -> RowId:
    source_id, code = row.id(column), row.school_unit_code()
    object_id = as_uuid(source_id)
    if object_id is None and source_id and code:
        object_id = stable_id(organisation_id, *map(str, kind), code, source_id)
    return RowId(object_id, source_id, code)
