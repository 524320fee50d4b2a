"""What a refused row says all the same: whose it is and where it belongs, so that somebody can miss who is on it."""

import uuid
from collections.abc import Iterator

from provsluss.register.models import Group
from provsluss.register.source_records import RowContent, identities_of
from provsluss.register.sources.skolverket_workbook.group_names import GroupNames
from provsluss.register.sources.skolverket_workbook.layout import (
    CLASSES,
    MEMBERSHIP_SEPARATOR,
    PUPILS,
    STAFF,
    TEACHING_GROUPS,
)
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells
from provsluss.register.sources.skolverket_workbook.row_ids import RowId, staff_person_id
from provsluss.ss12000.civic_number import without_civic_numbers
from provsluss.ss12000.code_lists import SCHOOL_TYPES

_NAMES = {CLASSES.name: ("Klass",), TEACHING_GROUPS.name: ("Ämnesgrupp",)}
_LONGEST_NAME = 420


def content_of(row: RowCells, row_id: RowId, groups: GroupNames, organisation_id: uuid.UUID) -> RowContent:
    """As much as can be told. Nothing is refused or noted by it."""
    names = _NAMES.get(row.sheet.name, ("Förnamn", "Efternamn"))
    name = " ".join(text for column in names if (text := row.text(column)))
    of_person = row.sheet in (PUPILS, STAFF)
    school_type = row.text("Skolform").upper() if row.sheet is not STAFF else ""
    # A year that is what is wrong with the row says nothing of where it belongs.
    is_wrong = any(one.row_refused and one.column in ("Skolform", "Årskurs") for one in row.problems)
    year = row.text("Årskurs") if row.sheet is PUPILS and not is_wrong else ""
    return RowContent(
        name=without_civic_numbers(name)[:_LONGEST_NAME],
        groups=tuple(dict.fromkeys(_groups(row, row_id, groups, school_type))),
        school_type=school_type if school_type in SCHOOL_TYPES else "",
        school_year=int(year) if year.isascii() and year.isdigit() and len(year) < 3 else None,
        national_test=row.text("Provaktivitetsnamn")[:100] if row.sheet is TEACHING_GROUPS else "",
        person_id=_person_id(row, row_id, organisation_id) if of_person else None,
        identities=identities_of(row.text("Personnummer"), row.text("Federationsanvändarnamn"))
        if of_person
        else frozenset(),
    )


def _groups(row: RowCells, row_id: RowId, groups: GroupNames, school_type: str) -> Iterator[uuid.UUID]:
    """The groups that the row is about or refers to, those of them that can be told."""
    if row.sheet in (CLASSES, TEACHING_GROUPS):
        if row_id.object_id:
            yield row_id.object_id
        return
    code = row_id.school_unit_code
    for name in filter(None, map(str.strip, row.text("Ämnesgrupper").split(MEMBERSHIP_SEPARATOR))):
        yield from groups.find(Group.Type.TEACHING.value, code, school_type, name)
    if row.sheet is PUPILS and (name := row.text("Klass")):
        yield from groups.find(Group.Type.CLASS.value, code, school_type, name)


def _person_id(row: RowCells, row_id: RowId, organisation_id: uuid.UUID) -> uuid.UUID | None:
    if row.sheet is PUPILS:
        return row_id.object_id
    source_id = row.text("Person-ID")
    return staff_person_id(source_id, organisation_id) if source_id else None
