"""The list of objects in one sync job: filter, search, order and page, fast also when there are 100 000 of them.

Restricted persons stand last within each state (and last of all in other orders), so that their place in the alphabet
tells nothing to somebody who may not see them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from django.db.models import Count, Q, QuerySet

from provsluss.organisations.reader import Reader
from provsluss.ss12000.civic_number import CivicNumberError, read_civic_number
from provsluss.transfers.models import ObjectResult, ObjectState, SyncJob
from provsluss.web.frame.searches import holds_name, is_birth_date
from provsluss.web.frame.swedish_order import swedish_order

WORST_FIRST: tuple[str, ...] = (
    ObjectState.ERROR,
    ObjectState.WITHHELD,
    ObjectState.WARNING,
    ObjectState.WAITING,
    ObjectState.SENT,
    ObjectState.RECEIVED,
    ObjectState.REMOVED,
    ObjectState.UNCHANGED,
)
TO_MEND = "att_atgarda"
"""A filter of its own: everything that did not arrive. What arrived with a warning has its own filter."""
STATES_TO_MEND = (ObjectState.ERROR, ObjectState.WITHHELD)

BY_STATE = "status"
SORTS: dict[str, Sequence[str]] = {
    BY_STATE: (),
    "namn": ("name",),
    "roll": ("role", "name"),
    "arskurs": ("school_year", "name"),
    "skolform": ("school_type", "name"),
    "skolenhet": ("school_unit_code", "name"),
    "typ": ("group_type", "name"),
    "prov": ("national_test", "name"),
    "elever": ("member_count", "name"),
    "larare": ("teacher_count", "name"),
}
"""What the list can be ordered by: the word in the address, and the columns."""


@dataclass(frozen=True)
class Results(Sequence[ObjectResult]):
    """The objects of one sync job that fit a filter, in an order; a sequence, so that it can be paged."""

    sync_job: SyncJob
    reader: Reader
    state: str = ""
    text: str = ""
    sort: str = BY_STATE
    descending: bool = False

    def __len__(self) -> int:
        return sum(self._counts.values())

    @overload
    def __getitem__(self, place: int) -> ObjectResult: ...
    @overload
    def __getitem__(self, place: slice) -> list[ObjectResult]: ...
    def __getitem__(self, place: int | slice) -> ObjectResult | list[ObjectResult]:
        if isinstance(place, int):
            return self._slice(place, 1)[0]
        start, stop, _ = place.indices(len(self))
        return self._slice(start, max(stop - start, 0))

    def __iter__(self) -> Iterator[ObjectResult]:
        """All of them, in order, without holding them all at once."""
        for part, count in self._parts():
            if count:
                yield from part.iterator(chunk_size=1000)

    @cached_property
    def _counts(self) -> dict[tuple[str, bool], int]:
        counted = self._found.order_by().values_list("state", "restricted").annotate(number=Count("pk"))
        return {(state, restricted): number for state, restricted, number in counted}

    @property
    def _found(self) -> QuerySet[ObjectResult]:
        found = self._in_state
        if self.text:
            found = found.filter(self._matching)
            if not self.reader.sees_protected:  # a hit would tell who it is
                found = found.filter(restricted=False)
        return found

    @property
    def _in_state(self) -> QuerySet[ObjectResult]:
        found = ObjectResult.objects.filter(sync_job=self.sync_job)
        if self.state == TO_MEND:
            return found.filter(state__in=STATES_TO_MEND)
        return found.filter(state=self.state) if self.state else found

    @cached_property
    def _matching(self) -> Q:
        """What `text` is: a personnummer, a birth date, a part of a name, or else a part of an EPPN.

        Names stand in the index and EPPN do not, so EPPN are looked through only where no name can be meant.
        """
        text = self.text.strip()
        try:
            return Q(civic_number=read_civic_number(text).value)
        except CivicNumberError:
            pass
        if is_birth_date(text):
            return Q(civic_number__startswith=text[:8]) | Q(school_unit_code=text[:8])
        by_name, by_eppn = holds_name(text), Q(eppn__icontains=text)
        if self.sync_job.kind in ("groups", "activities"):
            return by_name
        looks_like_eppn = any(not (letter.isalpha() or letter in " -'’") for letter in text)
        return by_eppn if looks_like_eppn or not self._in_state.filter(by_name).exists() else by_name

    def _slice(self, start: int, size: int) -> list[ObjectResult]:
        """Objects `start` … `start + size`, found part by part, each part straight from an index where there is one."""
        ids: list[int] = []
        if not size:
            return []
        for part, count in self._parts():
            if start >= count:
                start -= count
                continue
            # Ids first, rows afterwards: passing over 50 000 entries of an index is quick, over as many rows is not.
            ids += part.values_list("pk", flat=True)[start : start + size - len(ids)]
            start = 0
            if len(ids) == size:
                break
        rows = ObjectResult.objects.in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]

    def _parts(self) -> Iterator[tuple[QuerySet[ObjectResult], int]]:
        """The list in the parts that follow upon each other, and how many objects each has."""
        if self.sort == BY_STATE:
            for state in reversed(WORST_FIRST) if self.descending else WORST_FIRST:
                for restricted in (False, True):
                    part = self._found.filter(state=state, restricted=restricted)
                    yield part.order_by(*swedish_order("name", "pk")), self._counts.get((state, restricted), 0)
            return
        order = [*SORTS[self.sort], "pk"]
        if self.descending:
            order = [f"-{column}" for column in order]
        for restricted in (False, True):
            count = sum(n for (_, is_restricted), n in self._counts.items() if is_restricted == restricted)
            yield self._found.filter(restricted=restricted).order_by(*swedish_order(*order)), count


def counts_by_state(sync_job: SyncJob) -> dict[str, int]:
    """How many objects of the job are in each state (from the index alone)."""
    counted = ObjectResult.objects.filter(sync_job=sync_job).order_by().values_list("state")
    return dict(counted.annotate(number=Count("pk")))
