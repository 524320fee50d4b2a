"""What a source said before and no longer says, in the school units that it speaks of (design.md section 3.1)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from provsluss.batching import in_pieces
from provsluss.register.ingest.diff import Compared
from provsluss.register.ingest.spared import NAMED_ROWS, Spared
from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.register.source_records import RowKind
from provsluss.register.sources.skolverket_workbook.layout import SHEETS, sheet_of

_AT_ONCE = 500
"""Ids in one query."""
_ALL = ""
"""Among the school units in which nothing ends: any of them."""


@dataclass(slots=True)
class _Sheet:
    """What the rows of one sheet have come to, by school unit."""

    read: set[str] = field(default_factory=set)
    """Where at least one row went in."""
    unclear: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The refused rows that do not tell whose they are."""
    refused: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The others that were refused."""


class Mentioned:
    """Remembers which objects and school units an import has spoken of.

    An object whose row was refused stays as it was. Where a refused row does not even tell whose it is, nothing of its
    sheet ends by absence in its school unit, because it could be any of them. Nor does anything where rows were refused
    and none went in: then the sheet says nothing of that school unit.
    """

    def __init__(self) -> None:
        self._objects: dict[RowKind, set[uuid.UUID]] = defaultdict(set)
        self.school_units: set[str] = set()
        """Those of which at least one row went in."""
        self._sheets = {sheet.name: _Sheet() for sheet in SHEETS}

    def take(self, compared: Compared) -> None:
        """Remember one row."""
        row = compared.row
        sheet = self._sheets[row.sheet]
        if row.object_id:
            self._objects[row.kind].add(row.object_id)
        if row.record or row.joined:
            self.school_units.add(row.school_unit_code)
            sheet.read.add(row.school_unit_code)
        elif row.refused:
            rows = sheet.refused if row.object_id else sheet.unclear
            rows[row.school_unit_code or _ALL].append(row.number)

    def speak_of(self, school_units: Collection[str]) -> None:
        """The import also speaks of these school units, though no row names them: they go by another code now."""
        self.school_units.update(school_units)

    def keep(self, persons: Collection[uuid.UUID]) -> None:
        """None of these ends: rows that stay out may be about them."""
        self._objects["pupils"].update(persons)
        with scopes_disabled():
            for piece in in_pieces(persons):
                duties = Duty.objects.filter(person_id__in=piece, ended_at=None).order_by()
                self._objects["duties"].update(duties.values_list("pk", flat=True))

    def absent(self, source: str) -> Iterator[tuple[RowKind, str, list[uuid.UUID]]]:
        """Kind, group type (empty for other kinds) and ids of what has ended. The scope must be active."""
        for kind, group_type in _KINDS:
            units = self.school_units - self._closed_units(sheet_of(kind, group_type))
            yield kind, group_type, self._missing(source, kind, group_type, units)

    def spared(self, source: str) -> list[Spared]:
        """Where nothing ends by absence though something may be missing. The scope must be active."""
        return [one for kind, group_type in _KINDS for one in self._spared(source, kind, group_type)]

    def _spared(self, source: str, kind: RowKind, group_type: str) -> Iterator[Spared]:
        name = sheet_of(kind, group_type)
        sheet = self._sheets[name]
        unclear, unread = self._unclear_units(sheet), self._unread_units(sheet)
        for units, of_units, none_readable in (
            (unclear, sheet.unclear, False),
            (unread - unclear, sheet.refused, True),
        ):
            if there := units & self.school_units:
                rows = sorted(row for unit in {*there, _ALL} for row in of_units.get(unit, ()))
                missing = len(self._missing(source, kind, group_type, there))
                everywhere = _ALL in sheet.unclear
                yield Spared(name, rows[:NAMED_ROWS], len(rows), everywhere, none_readable, missing)

    def _closed_units(self, name: str) -> set[str]:
        """The school units where nothing of the sheet ends by absence."""
        sheet = self._sheets[name]
        return self._unclear_units(sheet) | self._unread_units(sheet)

    def _unclear_units(self, sheet: _Sheet) -> set[str]:
        return self.school_units if _ALL in sheet.unclear else set(sheet.unclear)

    def _unread_units(self, sheet: _Sheet) -> set[str]:
        return set(sheet.refused) - sheet.read

    def _missing(self, source: str, kind: RowKind, group_type: str, units: Collection[str]) -> list[uuid.UUID]:
        match kind:
            case "groups":
                groups = Group.objects.filter(group_type=group_type, school_unit_code__in=units)
                return self._unmentioned("groups", groups.filter(source=source, ended_at=None))
            case "pupils":
                return self._missing_pupils(source, units)
            case "duties":
                duties = Duty.objects.filter(school_unit_code__in=units, source=source, ended_at=None)
                return self._unmentioned("duties", duties)

    def _missing_pupils(self, source: str, units: Collection[str]) -> list[uuid.UUID]:
        """From the enrolments, and only then the few persons that remain: their table is wide and in no order."""
        with scopes_disabled():
            enrolled = Enrolment.objects.filter(school_unit_code__in=units)
            ids = enrolled.order_by().values_list("person_id", flat=True).iterator(chunk_size=2000)
            # Filtered while they come: all of them at once would be tens of megabytes.
            unmentioned = list(dict.fromkeys(pk for pk in ids if pk not in self._objects["pupils"]))
        pupils = Person.objects.filter(source=source, role=Person.Role.PUPIL, ended_at=None)
        parts = (unmentioned[start : start + _AT_ONCE] for start in range(0, len(unmentioned), _AT_ONCE))
        return [pk for part in parts for pk in pupils.filter(pk__in=part).order_by().values_list("pk", flat=True)]

    def _unmentioned(self, kind: RowKind, active: "QuerySet[Any]") -> list[uuid.UUID]:
        ids = active.order_by().values_list("pk", flat=True).iterator(chunk_size=2000)
        return list(dict.fromkeys(pk for pk in ids if pk not in self._objects[kind]))


_KINDS: tuple[tuple[RowKind, str], ...] = (
    *(("groups", group_type) for group_type in Group.Type.values),
    ("pupils", ""),
    ("duties", ""),
)
"""Kind and group type of what each sheet tells of, in the sheets' order."""
