"""The list of objects in a preview: filter, search, order and page, fast also when there are 100 000 of them.

Restricted persons stand last within each part, so that their place in the alphabet tells nothing to somebody who may
not see them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from django.db.models import Count, QuerySet

from provsluss.organisations.reader import Reader
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import Plan, PlannedObject
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import holds_name, kept_search
from provsluss.web.frame.swedish_order import swedish_order
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.wording.plan import FATES, REFUSED_BEFORE

FILTERS = ("slag", "vad", "skolenhet", "sok")
BY_FATE = "vad"
SORTS: dict[str, Sequence[str]] = {
    BY_FATE: (),
    "namn": ("name",),
    "skolenhet": ("school_unit_code", "name"),
    "roll": ("role", "name"),
}


def list_choice(request: Request) -> Choice:
    """What the address asks of the list. Raises SearchForgotten."""
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS, default=BY_FATE)
    choice.filters["sok"] = kept_search(request)
    return choice


@dataclass(frozen=True)
class PlannedObjects(Sequence[PlannedObject]):
    """The objects of one plan that fit a choice, in its order; a sequence, so that it can be paged."""

    plan: Plan
    choice: Choice
    reader: Reader

    def __len__(self) -> int:
        return sum(self._counts.values())

    @overload
    def __getitem__(self, place: int) -> PlannedObject: ...
    @overload
    def __getitem__(self, place: slice) -> list[PlannedObject]: ...
    def __getitem__(self, place: int | slice) -> PlannedObject | list[PlannedObject]:
        if isinstance(place, int):
            return self._slice(place, 1)[0]
        start, stop, _ = place.indices(len(self))
        return self._slice(start, max(stop - start, 0))

    def __iter__(self) -> Iterator[PlannedObject]:
        """All of them, in order, without holding them all at once."""
        for part, count in self._parts():
            if count:
                yield from part.iterator(chunk_size=1000)

    @cached_property
    def _counts(self) -> dict[tuple[str, str, bool], int]:
        counted = self._found.order_by().values_list("kind", "fate", "restricted").annotate(number=Count("pk"))
        return {(kind, fate, restricted): number for kind, fate, restricted, number in counted}

    @property
    def _found(self) -> QuerySet[PlannedObject]:
        found = PlannedObject.objects.filter(plan=self.plan)
        if self.choice["slag"] in KINDS:
            found = found.filter(kind=self.choice["slag"])
        if self.choice["vad"] in FATES:
            found = found.filter(fate=self.choice["vad"])
        elif self.choice["vad"] == REFUSED_BEFORE:
            found = found.filter(refused_before=True)
        if self.choice["skolenhet"]:
            found = found.filter(school_unit_code=self.choice["skolenhet"])
        if self.choice["sok"]:
            found = found.filter(holds_name(self.choice["sok"]))
        if (self.choice["sok"] or self.choice["skolenhet"]) and not self.reader.sees_protected:
            found = found.filter(restricted=False)  # a hit would tell who it is, or where
        return found

    def _slice(self, start: int, size: int) -> list[PlannedObject]:
        rows: list[PlannedObject] = []
        for part, count in self._parts():
            if start >= count:
                start -= count
                continue
            rows += part[start : start + size - len(rows)]
            start = 0
            if len(rows) == size:
                break
        return rows

    def _parts(self) -> Iterator[tuple[QuerySet[PlannedObject], int]]:
        """The list in the parts that follow upon each other, and how many objects each has."""
        if self.choice.sort == BY_FATE:
            fates = list(FATES)
            for kind in KINDS:
                for fate in reversed(fates) if self.choice.descending else fates:
                    for restricted in (False, True):
                        part = self._found.filter(kind=kind, fate=fate, restricted=restricted)
                        yield part.order_by(*swedish_order("name", "pk")), self._counts.get((kind, fate, restricted), 0)
            return
        for restricted in (False, True):
            count = sum(number for (_, _, hidden), number in self._counts.items() if hidden == restricted)
            yield self._found.filter(restricted=restricted).order_by(*self.choice.order), count
