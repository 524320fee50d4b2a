"""What a source says, held against the register, a batch at a time: new, changed, unchanged or ended.

The preview and the storing both use this, so that they say the same.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django_scopes import scopes_disabled

from provsluss.organisations.models import Organisation
from provsluss.register.ingest.current_state import (
    Attributes,
    Found,
    Known,
    attributes_of,
    known_duties,
    known_groups,
    known_pupils,
)
from provsluss.register.ingest.kept_values import fill_in_kept
from provsluss.register.ingest.other_places import OtherPlaces
from provsluss.register.models import Duty, Group, Person
from provsluss.register.source_records import Problem, RowRead, SourceDuty, SourceGroup, SourcePupil
from provsluss.ss12000.ids import as_uuid

What = Literal["new", "changed", "unchanged", "ended", "bad", "joined"]
"""A joined row has been put together with another of the same pupil, which says it all."""

_TAKEN = (
    "Ett id på raden används redan av en annan huvudman i Provsluss. Kontrollera att filen hör till rätt huvudman, "
    "eller byt id."
)


@dataclass(slots=True)
class Compared:
    """One row and what it means for the register, with the object's attributes before (None for a new one)."""

    row: RowRead
    what: What
    before: Attributes | None = None

    def differences(self) -> list[tuple[str, object, object]]:
        """Attribute, before and after, of what a changed row changes."""
        if self.before is None or self.row.record is None:
            return []
        after = attributes_of(self.row.record)
        return [(name, self.before.get(name), value) for name, value in after.items() if self.before.get(name) != value]


class Comparer:
    """Compares batch after batch of one import, in the order groups, pupils, duties."""

    def __init__(self, organisation: Organisation, source: str, places: OtherPlaces) -> None:
        self._organisation = organisation
        self._source = source
        self._places = places
        self._groups_of_others: set[uuid.UUID] = set()
        self._staff_before: dict[uuid.UUID, Found | None] = {}

    def compare(self, rows: Sequence[RowRead]) -> list[Compared]:
        """Hold `rows`, all of one kind, against the register."""
        told = [row for row in rows if not (row.refused or row.joined)]
        known = self._known(told)
        # A duty that we know can have got a person that we do not.
        self._refuse_taken([row for row in told if row.object_id not in known or row.kind == "duties"])
        fill_in_kept(told, {pk: one.attributes for pk, one in known.items()}, self._staff_attributes(told))
        for row in told:
            self._leave_out_groups_of_others(row)
            self._keep_other_places(row, known)
        return [self._compared(row, known) for row in rows]

    def _staff_attributes(self, rows: Sequence[RowRead]) -> dict[uuid.UUID, Attributes]:
        """Of the members of staff on `rows` whom the register has, as they were before this import."""
        ids = {row.record.person_id for row in rows if isinstance(row.record, SourceDuty)}
        return {pk: found[0] for pk in ids if (found := self._staff_before.get(pk))}

    def _keep_other_places(self, row: RowRead, known: dict[uuid.UUID, Known]) -> None:
        found = known.get(row.object_id) if row.object_id and row.kind == "pupils" else None
        if found and found.is_active:
            self._places.keep(row, found.attributes)

    def _compared(self, row: RowRead, known: dict[uuid.UUID, Known]) -> Compared:
        if row.refused:
            return Compared(row, "bad")
        if row.joined:
            return Compared(row, "joined")
        found = known.get(row.object_id) if row.object_id else None
        if row.removed or row.record is None:
            return Compared(row, "ended" if found and found.is_active else "unchanged")
        if found is None or not found.is_active:
            return Compared(row, "new", found.attributes if found else None)
        same = found.source == self._source and found.attributes == attributes_of(row.record)
        return Compared(row, "unchanged" if same else "changed", found.attributes)

    def _known(self, rows: Sequence[RowRead]) -> dict[uuid.UUID, Known]:
        organisation_id = self._organisation.pk
        ids = [row.object_id for row in rows if row.object_id]
        if not ids:
            return {}
        match rows[0].kind:
            case "groups":
                return known_groups(organisation_id, ids)
            case "pupils":
                return known_pupils(organisation_id, ids)
            case "duties":
                return known_duties(organisation_id, rows, self._staff_before)

    def _refuse_taken(self, rows: Collection[RowRead]) -> None:
        """Refuse the rows whose own UUID another organisation has: ids are one space, and theirs must stay theirs."""
        taken = self._taken_by_others(rows)
        for row in rows:
            if not taken.isdisjoint(_own_uuids(row)):
                if isinstance(row.record, SourceGroup):
                    self._groups_of_others.add(row.record.id)
                row.record = None
                row.removed = False
                row.problems.append(Problem(row.section, row.number, "", "", _TAKEN))

    def _taken_by_others(self, rows: Collection[RowRead]) -> set[uuid.UUID]:
        wanted = {own for row in rows for own in _own_uuids(row)}
        taken: set[uuid.UUID] = set()
        if not wanted:
            return taken
        with scopes_disabled():
            for model in (Group, Person, Duty):
                others = model.objects.filter(pk__in=wanted).exclude(organisation=self._organisation)
                taken.update(others.order_by().values_list("pk", flat=True))
        return taken

    def _leave_out_groups_of_others(self, row: RowRead) -> None:
        if isinstance(row.record, SourcePupil | SourceDuty) and not self._groups_of_others.isdisjoint(
            row.record.groups
        ):
            row.record = replace(row.record, groups=row.record.groups - self._groups_of_others)
            if isinstance(row.record, SourceDuty):
                told = frozenset(one for one in row.record.subjects if one[0] in row.record.groups)
                row.record = replace(row.record, subjects=told)


def _own_uuids(row: RowRead) -> set[uuid.UUID]:
    """The ids on the row that the source chose itself. Those that we derive hold the organisation and never collide."""
    match row.record:
        case SourceGroup() as group:
            written = [group.source_id]
        case SourcePupil() as pupil:
            written = [pupil.person.source_id]
        case SourceDuty() as duty:
            written = [duty.source_id, duty.person.source_id]
        case None:
            written = []
    return {own for own in map(as_uuid, written) if own}
