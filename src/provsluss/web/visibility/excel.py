"""Åtkomst as Excel: the rows of each list, some hundreds at a time. No personnummer in any of them."""

import uuid
from collections.abc import Iterator, Sequence

from provsluss.organisations.reader import Reader
from provsluss.spreadsheet import Cell
from provsluss.visibility.flags import Flag
from provsluss.visibility.presence import GroupAccess, StaffAccess
from provsluss.visibility.report import Access
from provsluss.web.frame.protected import NEUTRAL_NAME
from provsluss.web.visibility.rows import group_rows, pupil_rows, staff_rows

STAFF_COLUMNS = [
    "Namn", "Tjänstgöring", "Leder skolenhet", "Grupper", "Provaktiviteter", "Elever i registret",
    "Elever hos Skolverket", "Hos Skolverket", "Att se över",
]  # fmt: skip
GROUP_COLUMNS = [
    "Grupp", "Skolenhetskod", "Skolenhet", "Provaktiviteter", "Lärare", "Elever i registret", "Elever hos Skolverket",
    "Hos Skolverket", "Att se över",
]  # fmt: skip
PUPIL_COLUMNS = ["Elev", "Lärare", "Lärarens skolenhet", "Grupp"]
_AT_A_TIME = 500


def staff_cells(access: Access, staff: Sequence[StaffAccess], reader: Reader) -> Iterator[list[Cell]]:
    """One row for each member of staff."""
    for start in range(0, len(staff), _AT_A_TIME):
        for row in staff_rows(access, staff[start : start + _AT_A_TIME], reader):
            if row.hidden:
                yield [NEUTRAL_NAME]
                continue
            yield [
                row.name,
                "; ".join(row.duties),
                "; ".join(unit for unit, *_ in row.led_units),
                ", ".join(grant.group.name for grant in row.staff.groups if grant.group),
                ", ".join(row.test_activities),
                row.pupils,
                row.pupils_at_skolverket,
                row.presence[2],
                _sentences(row.staff.flags),
            ]


def group_cells(access: Access, groups: Sequence[GroupAccess], reader: Reader) -> Iterator[list[Cell]]:
    """One row for each group."""
    for start in range(0, len(groups), _AT_A_TIME):
        for row in group_rows(access, groups[start : start + _AT_A_TIME], reader):
            yield [
                row.access.group.name,
                row.access.group.unit,
                row.unit_name,
                ", ".join(row.test_activities),
                ", ".join(name for name, _, _ in row.teachers),
                row.pupils,
                row.pupils_at_skolverket,
                row.presence[2],
                _sentences(row.flags),
            ]


def pupil_cells(access: Access, pupils: Sequence[uuid.UUID], reader: Reader) -> Iterator[list[Cell]]:
    """One row for each pupil and teacher."""
    for start in range(0, len(pupils), _AT_A_TIME):
        for row in pupil_rows(access.asked, pupils[start : start + _AT_A_TIME], access.unit_names, reader):
            if row.person is None:
                yield [NEUTRAL_NAME]
                continue
            for teacher, _, unit, group in row.seen_by:
                yield [row.person.full_name, teacher, unit, group]


def _sentences(flags: Sequence[Flag]) -> str:
    return " ".join(flag.text for flag in flags)
