"""What a source said before and no longer says, in the school units that it speaks of (design.md section 3.1)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from provsluss.batching import in_pieces
from provsluss.register.ingest.diff import Compared
from provsluss.register.models import Duty, Enrolment, Group, Person
from provsluss.register.source_records import RowKind

_AT_ONCE = 500
"""Ids in one query."""
_ALL = ""
"""Among the school units in which nothing ends: any of them."""


class Mentioned:
    """Remembers which objects and school units an import has spoken of.

    An object whose row was refused stays as it was. Where a refused row does not even tell whose it is, nothing of its
    kind ends by absence in its school unit, because it could be any of them.
    """

    def __init__(self) -> None:
        self._objects: dict[RowKind, set[uuid.UUID]] = defaultdict(set)
        self.school_units: set[str] = set()
        self._unclear: dict[RowKind, set[str]] = defaultdict(set)

    def take(self, compared: Compared) -> None:
        """Remember one row."""
        row = compared.row
        if row.object_id:
            self._objects[row.kind].add(row.object_id)
        if row.record or row.joined:
            self.school_units.add(row.school_unit_code)
        elif row.refused and row.object_id is None:
            self._unclear[row.kind].add(row.school_unit_code or _ALL)

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
        for group_type in Group.Type.values:
            groups = Group.objects.filter(group_type=group_type, school_unit_code__in=self._units("groups"))
            yield "groups", group_type, self._missing("groups", groups.filter(source=source, ended_at=None))
        yield "pupils", "", self._missing_pupils(source)
        duties = Duty.objects.filter(school_unit_code__in=self._units("duties"), source=source, ended_at=None)
        yield "duties", "", self._missing("duties", duties)

    def _units(self, kind: RowKind) -> list[str]:
        """The school units where objects of `kind` end by absence: those that a good row speaks of."""
        if _ALL in self._unclear[kind]:
            return []
        return sorted(self.school_units - self._unclear[kind])

    def _missing_pupils(self, source: str) -> list[uuid.UUID]:
        """From the enrolments, and only then the few persons that remain: their table is wide and in no order."""
        with scopes_disabled():
            enrolled = Enrolment.objects.filter(school_unit_code__in=self._units("pupils"))
            ids = enrolled.order_by().values_list("person_id", flat=True).iterator(chunk_size=2000)
            # Filtered while they come: all of them at once would be tens of megabytes.
            unmentioned = list(dict.fromkeys(pk for pk in ids if pk not in self._objects["pupils"]))
        pupils = Person.objects.filter(source=source, role=Person.Role.PUPIL, ended_at=None)
        parts = (unmentioned[start : start + _AT_ONCE] for start in range(0, len(unmentioned), _AT_ONCE))
        return [pk for part in parts for pk in pupils.filter(pk__in=part).order_by().values_list("pk", flat=True)]

    def _missing(self, kind: RowKind, active: "QuerySet[Any]") -> list[uuid.UUID]:
        ids = active.order_by().values_list("pk", flat=True).iterator(chunk_size=2000)
        return list(dict.fromkeys(pk for pk in ids if pk not in self._objects[kind]))
