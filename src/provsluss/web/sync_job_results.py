"""The list of objects in one sync job: filter, search, order and page, fast also when there are 100 000 of them.

Restricted persons stand last within each state (and last of all in other orders), so that their place in the alphabet
tells nothing to somebody who may not see them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from provsluss.ss12000.civic_number import CivicNumberError, read_civic_number
from provsluss.transfers.models import ObjectResult, ObjectState, SyncJob

PAGE_SIZE = 50

WORST_FIRST: tuple[str, ...] = (
    ObjectState.ERROR,
    ObjectState.WITHHELD,
    ObjectState.WARNING,
    ObjectState.WAITING,
    ObjectState.SENT,
    ObjectState.RECEIVED,
    ObjectState.IN_TEST_PLATFORM,
    ObjectState.REMOVED,
    ObjectState.UNCHANGED,
)
TO_MEND = "att_atgarda"
"""A filter of its own: everything that somebody should look at."""
_STATES_TO_MEND = (ObjectState.ERROR, ObjectState.WITHHELD, ObjectState.WARNING)

SORTABLE = {
    "status": "state",
    "namn": "name",
    "roll": "role",
    "fodd": "civic_number",
    "eppn": "eppn",
    "arskurs": "school_year",
    "skolform": "school_type",
    "skolenhet": "school_unit_code",
    "typ": "group_type",
    "prov": "national_test",
    "elever": "member_count",
    "larare": "teacher_count",
}
"""What the list can be ordered by: the word in the address, and the column."""

_NUMBER_IN_TEXT = re.compile(r"\d{6,8}[-+ ]?(?:\d{4}|TF\d{2})", re.IGNORECASE)
_BIRTH_DATE = re.compile(r"(?:19|20)\d{6}-?")


def must_stay_out_of_urls(text: str) -> bool:
    """Whether `text` holds what may be a personnummer, or the beginning of one."""
    return bool(_NUMBER_IN_TEXT.search(text) or _BIRTH_DATE.fullmatch(text.strip()))


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user has asked for."""

    state: str = ""
    text: str = ""
    sort: str = "status"
    descending: bool = False


@dataclass(frozen=True)
class Results:
    """The objects of one sync job that fit a choice."""

    sync_job: SyncJob
    choice: Choice
    sees_protected: bool

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return sum(self._counts.values())

    def page(self, number: int, size: int = PAGE_SIZE) -> list[ObjectResult]:
        """Page `number`, from 1."""
        return self._slice((number - 1) * size, size)

    def all(self) -> Iterator[ObjectResult]:
        """All of them, in order, a thousand at a time."""
        for start in range(0, self.total, 1000):
            yield from self._slice(start, 1000)

    @cached_property
    def _counts(self) -> dict[tuple[str, bool], int]:
        counted = self._found.order_by().values_list("state", "restricted").annotate(number=Count("pk"))
        return {(state, restricted): number for state, restricted, number in counted}

    @property
    def _found(self) -> QuerySet[ObjectResult]:
        found = ObjectResult.objects.filter(sync_job=self.sync_job)
        if self.choice.state == TO_MEND:
            found = found.filter(state__in=_STATES_TO_MEND)
        elif self.choice.state:
            found = found.filter(state=self.choice.state)
        if self.choice.text:
            found = found.filter(_matches(self.choice.text))
            if not self.sees_protected:  # a hit would tell who it is
                found = found.filter(restricted=False)
        return found

    def _slice(self, start: int, size: int) -> list[ObjectResult]:
        """Objects `start` … `start + size`, found part by part, each part straight from an index where there is one."""
        ids: list[int] = []
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
        if self.choice.sort == "status":
            for state in reversed(WORST_FIRST) if self.choice.descending else WORST_FIRST:
                for restricted in (False, True):
                    part = self._found.filter(state=state, restricted=restricted).order_by("name", "pk")
                    yield part, self._counts.get((state, restricted), 0)
            return
        sign = "-" if self.choice.descending else ""
        column = SORTABLE[self.choice.sort]
        order = [sign + column, sign + "pk"] if column == "name" else [sign + column, "name", "pk"]
        for restricted in (False, True):
            count = sum(n for (_, is_restricted), n in self._counts.items() if is_restricted == restricted)
            yield self._found.filter(restricted=restricted).order_by(*order), count


def counts_by_state(sync_job: SyncJob) -> dict[str, int]:
    """How many objects of the job are in each state (from the index alone)."""
    counted = ObjectResult.objects.filter(sync_job=sync_job).order_by().values_list("state")
    return dict(counted.annotate(number=Count("pk")))


def _matches(text: str) -> Q:
    """Name or EPPN holds the text, or the personnummer is it (or begins with that birth date)."""
    text = text.strip()
    try:
        return Q(civic_number=read_civic_number(text).value)
    except CivicNumberError:
        pass
    if _BIRTH_DATE.fullmatch(text):
        return Q(civic_number__startswith=text[:8]) | Q(school_unit_code=text[:8])
    matches = Q(eppn__icontains=text)
    # SQLite's LIKE knows upper and lower case in ASCII only, so å, ä and ö are looked for in their usual spellings.
    for spelling in {text, text.lower(), text.upper(), text.title()}:
        matches |= Q(name__icontains=spelling)
    return matches
