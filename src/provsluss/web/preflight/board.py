"""Redo-tavlan: how each school unit stands before its tests, worst first."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from provsluss.catalogue.lookup import school_units
from provsluss.preflight.queries import findings_of
from provsluss.transfers.models import Control, ControlCell, TestActivity
from provsluss.web.frame.states import Tone
from provsluss.wording.days import days_in_words, days_to

SHOWN = 6
"""So many tests of a school unit are named; the list below has the rest."""
NEVER = 10_000
_Count = tuple[str, int | None, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One test activity at one school unit."""

    test_activity: TestActivity
    groups: int
    urgent: int
    other: int
    following: int
    days: int | None

    @property
    def is_ready(self) -> bool:
        """Nothing must be mended, here or elsewhere, for this test to be taken."""
        return not self.urgent and not self.following

    @property
    def tone(self) -> Tone:
        return "bad" if self.urgent else "warn" if self.following else "ok"

    @property
    def icon(self) -> str:
        return "error" if self.urgent else "held" if self.following else "ok"

    @property
    def when(self) -> str:
        """ "om 12 dagar"; empty without a test date."""
        return days_in_words(self.days)

    @property
    def says(self) -> str:
        """The state in words."""
        if self.urgent:
            return f"{self.urgent} att åtgärda"
        if self.following:
            return f"{self.following} väntar på andra"
        return "Redo"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One school unit with its tests."""

    code: str
    name: str
    urgent: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def not_ready(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.is_ready]

    @property
    def shown(self) -> list[Cell]:
        """The worst of those that are not ready."""
        return self.not_ready[:SHOWN]

    @property
    def more(self) -> int:
        """How many there are besides."""
        return len(self.not_ready) - len(self.shown)

    @property
    def ready(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_ready]

    @property
    def tone(self) -> Tone:
        return "bad" if self.urgent else "warn" if self.not_ready else "ok"

    @property
    def icon(self) -> str:
        return "error" if self.urgent else "held" if self.not_ready else "ok"

    @property
    def says(self) -> str:
        """The state in words."""
        if self.urgent:
            return f"{self.urgent} att åtgärda"
        return "Väntar på andra" if self.not_ready else "Redo"

    @property
    def next_test(self) -> Cell | None:
        """The test whose day comes first, of those that have a day and are not over."""
        coming = [cell for cell in self.cells if cell.days is not None and cell.days >= 0]
        return min(coming, key=lambda cell: cell.days or 0, default=None)


def board(
    control: Control,
    today: date,
    test_activity: TestActivity | None = None,
    protected_too: bool = False,
) -> list[UnitRow]:
    """The school units of `control`, or of one test activity, those with most to mend first. Needs an active scope.

    Without `protected_too` the counts leave out protected persons, as the list of a school unit does: a number would
    tell where they are.
    """
    cells = ControlCell.objects.filter(control=control).select_related("test_activity")
    if test_activity is not None:
        cells = cells.filter(test_activity=test_activity)
    by_unit: dict[str, list[Cell]] = {}
    hidden = Counter[_Count]() if protected_too else _hidden(control)
    for cell in cells:
        by_unit.setdefault(cell.school_unit_code, []).append(_cell(cell, control, hidden, today))
    urgent = _urgent(control, test_activity, protected_too)
    names = school_units(control.environment, by_unit)
    rows = [
        UnitRow(
            code,
            (names[code].name if code in names else "") or code,
            urgent.get(code, 0),
            sorted(found, key=_worst),
        )
        for code, found in by_unit.items()
    ]
    return sorted(rows, key=lambda row: (-row.urgent, -len(row.not_ready), _days(row), row.name))


def _cell(cell: ControlCell, control: Control, hidden: Counter[_Count], today: date) -> Cell:
    place = control.place_of(cell.test_activity_id)
    urgent, other, following = (hidden[cell.school_unit_code, place, what] for what in ("urgent", "other", "following"))
    days = days_to(cell.test_activity, today)
    return Cell(
        cell.test_activity, cell.groups, cell.urgent - urgent, cell.other - other, cell.following - following, days
    )


def _hidden(control: Control) -> Counter[_Count]:
    """How much each cell counts of protected persons, by school unit, place of the test, and what it counts as."""
    found = findings_of(control).filter(restricted=True).order_by()
    of_object: dict[tuple[str, str, str, uuid.UUID | None], set[tuple[bool, bool]]] = {}
    for unit, tests, kind, object_id, follows, urgent in found.values_list(
        "school_unit_code", "tests", "kind", "object_id", "follows", "cause__urgent"
    ):
        of_object.setdefault((unit, tests, kind, object_id), set()).add((follows, urgent))
    hidden = Counter[_Count]()
    for (unit, tests, _, _), findings in of_object.items():
        # An object counts once, as the worst that is said of it (as when the control counted it).
        what = "urgent" if (False, True) in findings else "following" if (True, True) in findings else "other"
        if what != "other" or (False, False) in findings:
            hidden.update((unit, int(place), what) for place in tests.split())
    return hidden


def _urgent(control: Control, test_activity: TestActivity | None, protected_too: bool) -> Mapping[str, int]:
    """How many things must be mended at each school unit. An object in several tests counts once."""
    urgent = findings_of(control, test_activity).filter(cause__urgent=True, follows=False).order_by()
    if not protected_too:
        urgent = urgent.filter(restricted=False)
    return dict(urgent.values_list("school_unit_code").annotate(number=Count("pk")))


def _worst(cell: Cell) -> tuple[bool, int, int, int, str]:
    """A test that is over can wait; then what has most to mend, and what comes first."""
    days = NEVER if cell.days is None else cell.days
    return days < 0, -cell.urgent, -cell.following, days, cell.test_activity.name


def _days(row: UnitRow) -> int:
    first = row.next_test
    return NEVER if first is None or first.days is None else first.days
