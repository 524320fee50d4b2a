"""Läsårsskifte: recognises an import in which pupils have moved up and classes are new, and counts what it is made of.

Otherwise such a file looks like a disaster: nearly all classes and many pupils end. The counts are kept with the import
(counts["school_year_change"]), by school unit, only when it is a change of school year.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django_scopes import scopes_disabled

from provsluss.register.ingest.current_state import GROUPS
from provsluss.register.ingest.diff import Compared
from provsluss.register.models import Duty, Enrolment, Group, Import
from provsluss.register.sections import RowKind, Section
from provsluss.register.source_records import SourceGroup, SourcePupil

SCHOOL_YEAR_CHANGE = "school_year_change"
"""The key in Import.counts."""
FEWEST = 5
"""So few pupils are no school year."""
_AT_ONCE = 500

PUPIL_COUNTS = ("moved_up", "repeated", "other", "arrived", "new", "left")
CLASS_COUNTS = ("classes_new", "classes_renamed", "classes_refilled", "classes_ended")
OTHER_COUNTS = ("groups_new", "groups_ended", "staff_new", "staff_left")


@dataclass(frozen=True, slots=True)
class SchoolYearChange:
    """What an import means as a change of school year. The names of the counts are those of the three tuples above."""

    units: dict[str, dict[str, int]]
    """By school unit code."""

    @property
    def totals(self) -> Counter[str]:
        """The counts of all school units together."""
        totals: Counter[str] = Counter()
        for unit in self.units.values():
            totals.update(unit)
        return totals


def school_year_change(import_run: Import) -> SchoolYearChange | None:
    """The change of school year that `import_run` brings; None where it brings none, or has not been read yet."""
    stored = import_run.counts.get(SCHOOL_YEAR_CHANGE)
    return SchoolYearChange(stored["units"]) if stored else None


@dataclass(slots=True)
class _Class:
    """A class of the register that the file still has, and how many of its pupils were in it before."""

    school_unit_code: str
    record: int = 0
    stayed: int = 0

    @property
    def is_refilled(self) -> bool:
        return self.record > 0 and 2 * self.stayed < self.record


@dataclass(slots=True)
class YearCounting:
    """Counts while a file is gone through: groups first, then pupils, then duties."""

    units: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    kept_with_year: int = 0
    moved_up: int = 0
    kept: int = 0
    classes: int = 0
    _known_classes: dict[uuid.UUID, _Class] = field(default_factory=dict)

    def take(self, batch: Iterable[Compared]) -> None:
        """Count a batch of rows."""
        for one in batch:
            if one.what == "bad":
                continue
            match one.row.record:
                case SourceGroup() as group:
                    self._take_group(one, group)
                case SourcePupil() as pupil:
                    self._take_pupil(one, pupil)
                case _:
                    self._take_duty_or_end(one)

    def take_absent(self, section: Section, ids: Sequence[uuid.UUID]) -> None:
        """Count objects that end because no row speaks of them. The organisation's ids, so they are asked for alone."""
        with scopes_disabled():
            for part in _parts(ids):
                for code in _units_of(section.kind, part):
                    self.units[code][_ENDED[section]] += 1

    def result(self) -> dict[str, Any] | None:
        """What to keep with the import: the counts of a change of school year, otherwise None."""
        for one in self._known_classes.values():
            self.units[one.school_unit_code]["classes_refilled"] += one.is_refilled
        if not self._is_one():
            return None
        return {"units": {code: {name: n for name, n in counts.items() if n} for code, counts in self.units.items()}}

    def _is_one(self) -> bool:
        """Whether most classes are new, renamed or hold other pupils, and either most pupils who stay have moved up, or
        most are exchanged: so it looks where the file has only the years that take tests."""
        totals: Counter[str] = Counter()
        for unit in self.units.values():
            totals.update(unit)
        fresh = sum(totals[name] for name in ("classes_new", "classes_renamed", "classes_refilled"))
        most_moved_up = self.moved_up >= FEWEST and 2 * self.moved_up > self.kept_with_year
        new, left = totals["new"], totals["left"]
        most_exchanged = min(new, left) >= FEWEST and new > self.kept and left > self.kept
        return 2 * fresh > self.classes and (most_moved_up or most_exchanged)

    def _take_group(self, one: Compared, group: SourceGroup) -> None:
        unit = self.units[group.school_unit_code]
        if group.group_type != Group.Type.CLASS:
            unit["groups_new"] += one.what == "new"
            return
        self.classes += 1
        if one.what == "new":
            unit["classes_new"] += 1
        elif one.before and one.before["name"] != group.name:
            unit["classes_renamed"] += 1
        else:
            self._known_classes[group.id] = _Class(group.school_unit_code)

    def _take_pupil(self, one: Compared, pupil: SourcePupil) -> None:
        unit = self.units[pupil.enrolment.school_unit_code]
        before = one.before if one.what != "new" else None
        groups_before = before[GROUPS] if before else frozenset()
        for group_id in pupil.groups:
            if known := self._known_classes.get(group_id):
                known.record += 1
                known.stayed += group_id in groups_before  # type: ignore[operator]
        if before is None:
            unit["new"] += 1
            return
        was, now = before["school_year"], pupil.enrolment.school_year
        self.kept += 1
        up = False
        if isinstance(was, int) and now is not None:
            self.kept_with_year += 1
            up = now == was + 1
            self.moved_up += up
        if before["school_unit_code"] != pupil.enrolment.school_unit_code:
            unit["arrived"] += 1
        else:
            unit["moved_up" if up else "repeated" if was == now and now is not None else "other"] += 1

    def _take_duty_or_end(self, one: Compared) -> None:
        if one.what == "ended":
            self.units[one.row.school_unit_code][_ENDED[one.row.section]] += 1
        elif one.row.kind == "duties" and one.what == "new":
            self.units[one.row.school_unit_code]["staff_new"] += 1


_ENDED = {
    Section.CLASSES: "classes_ended",
    Section.TEACHING_GROUPS: "groups_ended",
    Section.PUPILS: "left",
    Section.DUTIES: "staff_left",
}


def _units_of(kind: RowKind, ids: Sequence[uuid.UUID]) -> Iterator[str]:
    """The school unit code of each object; a pupil with two enrolments counts at the first."""
    if kind == "pupils":
        enrolled = Enrolment.objects.filter(person_id__in=ids).order_by("person_id", "pk")
        yield from dict(reversed(list(enrolled.values_list("person_id", "school_unit_code")))).values()
    else:
        model = Group if kind == "groups" else Duty
        yield from model.objects.filter(pk__in=ids).order_by().values_list("school_unit_code", flat=True)


def _parts(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
