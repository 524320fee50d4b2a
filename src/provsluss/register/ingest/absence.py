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
from provsluss.register.sections import RowKind, Section

_AT_ONCE = 500
"""Ids in one query."""
_ALL = ""
"""Among the school units in which nothing ends: any of them."""


@dataclass(slots=True)
class _Rows:
    """What the rows of one section have come to, by school unit."""

    read: set[str] = field(default_factory=set)
    """Where at least one row went in."""
    unclear: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The refused rows that do not tell whose they are."""
    refused: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The others that were refused."""


class Mentioned:
    """Remembers which objects and school units an import has spoken of.

    An object whose row was refused stays as it was. Where a refused row does not even tell whose it is, nothing of its
    section ends by absence in its school unit, because it could be any of them. Nor does anything where rows were
    refused and none went in: then the section says nothing of that school unit.
    """

    def __init__(self) -> None:
        self._objects: dict[RowKind, set[uuid.UUID]] = defaultdict(set)
        self.school_units: set[str] = set()
        """Those of which at least one row went in."""
        self._rows = {section: _Rows() for section in Section}

    def take(self, compared: Compared) -> None:
        """Remember one row."""
        row = compared.row
        said = self._rows[row.section]
        if row.object_id:
            self._objects[row.kind].add(row.object_id)
        if row.record or row.joined:
            self.school_units.add(row.school_unit_code)
            said.read.add(row.school_unit_code)
        elif row.refused:
            rows = said.refused if row.object_id else said.unclear
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

    def absent(self, source: str) -> Iterator[tuple[Section, list[uuid.UUID]]]:
        """The ids of what has ended, section by section. The scope must be active."""
        for section in Section:
            units = self.school_units - self._closed_units(section)
            yield section, self._missing(source, section, units)

    def spared(self, source: str) -> list[Spared]:
        """Where nothing ends by absence though something may be missing. The scope must be active."""
        return [one for section in Section for one in self._spared(source, section)]

    def _spared(self, source: str, section: Section) -> Iterator[Spared]:
        said = self._rows[section]
        unclear, unread = self._unclear_units(said), self._unread_units(said)
        for units, of_units, none_readable in (
            (unclear, said.unclear, False),
            (unread - unclear, said.refused, True),
        ):
            if there := units & self.school_units:
                rows = sorted(row for unit in {*there, _ALL} for row in of_units.get(unit, ()))
                missing = len(self._missing(source, section, there))
                everywhere = _ALL in said.unclear
                yield Spared(section, rows[:NAMED_ROWS], len(rows), everywhere, none_readable, missing)

    def _closed_units(self, section: Section) -> set[str]:
        """The school units where nothing of the section ends by absence."""
        said = self._rows[section]
        return self._unclear_units(said) | self._unread_units(said)

    def _unclear_units(self, said: _Rows) -> set[str]:
        return self.school_units if _ALL in said.unclear else set(said.unclear)

    def _unread_units(self, said: _Rows) -> set[str]:
        return set(said.refused) - said.read

    def _missing(self, source: str, section: Section, units: Collection[str]) -> list[uuid.UUID]:
        match section.kind:
            case "groups":
                groups = Group.objects.filter(group_type=section.group_type, school_unit_code__in=units)
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
