"""Which endings of an import are out of the ordinary: kept with its preview, so that somebody says yes to them.

Often they mean a file that is not whole: one class too few, one school too few, a column Ta bort filled to the bottom.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count, QuerySet
from django_scopes import scopes_disabled

from provsluss.batching import in_pieces
from provsluss.register.ingest.diff import Compared
from provsluss.register.models import Duty, Enrolment, Group, Import, Membership, Person
from provsluss.register.sections import RowKind, Section

MASS_ENDINGS = "mass_endings"
"""The key in Import.counts."""
MORE_THAN = 20
MORE_THAN_PER_CENT = 10
FEWEST_OF_HALF = 5
FEWEST_OF_A_CLASS = 5
"""A class of one or two is emptied whenever somebody moves. One of five that goes all at once has been forgotten."""


@dataclass(frozen=True, slots=True)
class MassEnding:
    """How many of a section's objects would end, of how many that the register has there.

    "There" is all that the file speaks of, one school unit, or one class of it. `asked_for` are those that a row ends
    (Ta bort); the others are not in the file.
    """

    section: Section
    ended: int
    known: int
    asked_for: int = 0
    school_unit_code: str = ""
    class_name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def is_unusual(ended: int, known: int) -> bool:
    """Whether so many of so many are out of the ordinary: all of them however few, half of them, or a tenth of many."""
    if not ended:
        return False
    if ended >= known:
        return True
    if ended >= FEWEST_OF_HALF and 2 * ended >= known:
        return True
    return ended > MORE_THAN and 100 * ended > MORE_THAN_PER_CENT * known


def mass_endings(import_run: Import) -> list[MassEnding]:
    """What of an import would end out of the ordinary; empty where all is as usual, and before its preview."""
    return [MassEnding(**one | {"section": Section(one["section"])}) for one in import_run.counts.get(MASS_ENDINGS, [])]


@dataclass(slots=True)
class EndingCounting:
    """Remembers who ends while a file is gone through. Only a preview asks: storing does what the preview said."""

    unusual: list[MassEnding] = field(default_factory=list)
    """What there is to say yes to, the widest only: not also the classes of a school unit."""
    _absent: dict[Section, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))
    _asked_for: dict[Section, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))

    def take(self, batch: Iterable[Compared]) -> None:
        """Remember those that rows end."""
        for one in batch:
            if one.what == "ended" and one.row.object_id:
                self._asked_for[one.row.section].append(one.row.object_id)

    def take_absent(self, section: Section, ids: Sequence[uuid.UUID]) -> None:
        """Remember those that end because no row speaks of them."""
        self._absent[section] += ids

    def finish(self, source: str, school_units: Collection[str]) -> None:
        """Find the sections, school units and classes with unusual endings, when all has been gone through.

        `school_units` are those that the file speaks of. The scope must be active.
        """
        self.unusual = [one for section in Section for one in self._of_section(section, source, school_units)]

    def _of_section(self, section: Section, source: str, school_units: Collection[str]) -> Iterator[MassEnding]:
        asked_for, absent = self._asked_for[section], self._absent[section]
        if not asked_for and not absent:
            return
        kind, group_type = section.kind, section.group_type
        asked_by_unit, by_unit = _by_unit(kind, asked_for), _by_unit(kind, [*asked_for, *absent])
        known = _known_by_unit(kind, group_type, source, {*school_units, *by_unit})
        if is_unusual(by_unit.total(), known.total()):
            yield MassEnding(section, len(asked_for) + len(absent), known.total(), len(asked_for))
            return
        unusual = [unit for unit in sorted(by_unit) if is_unusual(by_unit[unit], known[unit])]
        for unit in unusual:
            yield MassEnding(section, by_unit[unit], known[unit], asked_by_unit[unit], unit)
        if kind == "pupils":
            yield from (one for one in _whole_classes(asked_for, absent) if one.school_unit_code not in unusual)


def _by_unit(kind: RowKind, ids: Sequence[uuid.UUID]) -> Counter[str]:
    """How many of these objects each school unit has; a pupil with two enrolments counts at both."""
    units: Counter[str] = Counter()
    with scopes_disabled():  # by id alone: see current_state
        for piece in in_pieces(ids):
            if kind == "pupils":
                rows = Enrolment.objects.filter(person_id__in=piece).order_by()
                units.update(unit for _, unit in rows.values_list("person_id", "school_unit_code").distinct())
            else:
                model = Group if kind == "groups" else Duty
                units.update(model.objects.filter(pk__in=piece).order_by().values_list("school_unit_code", flat=True))
    return units


def _known_by_unit(kind: RowKind, group_type: str, source: str, units: Collection[str]) -> Counter[str]:
    """How many of the source's objects of a kind these school units have."""
    there: QuerySet[Any]
    counted = Count("pk")
    match kind:
        case "groups":
            there = Group.objects.filter(source=source, ended_at=None, group_type=group_type)
        case "duties":
            there = Duty.objects.filter(source=source, ended_at=None)
        case "pupils":
            pupils = {"person__source": source, "person__role": Person.Role.PUPIL, "person__ended_at": None}
            there, counted = Enrolment.objects.filter(**pupils), Count("person", distinct=True)
    known: Counter[str] = Counter()
    for piece in in_pieces(units):
        of_units = there.filter(school_unit_code__in=piece).order_by().values_list("school_unit_code")
        known.update(dict(of_units.annotate(number=counted)))
    return known


def _whole_classes(asked_for: Sequence[uuid.UUID], absent: Sequence[uuid.UUID]) -> Iterator[MassEnding]:
    """The classes of which every pupil ends."""
    ending: dict[uuid.UUID, Counter[bool]] = defaultdict(Counter)
    classes = Membership.objects.filter(group__group_type=Group.Type.CLASS, group__ended_at=None).order_by()
    for ids, is_asked_for in ((asked_for, True), (absent, False)):
        for piece in in_pieces(ids):
            for group_id in classes.filter(person_id__in=piece).values_list("group_id", flat=True):
                ending[group_id][is_asked_for] += 1
    several = [group_id for group_id, pupils in ending.items() if pupils.total() >= FEWEST_OF_A_CLASS]
    for piece in in_pieces(several):
        there = classes.filter(group_id__in=piece, person__ended_at=None)
        sizes = there.values_list("group_id", "group__school_unit_code", "group__name").annotate(number=Count("pk"))
        for group_id, unit, name, size in sizes.order_by("group__school_unit_code", "group__name"):
            if ending[group_id].total() >= size:
                yield MassEnding(Section.PUPILS, size, size, ending[group_id][True], unit, name)
