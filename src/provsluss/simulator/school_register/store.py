"""What the register holds now: each object with when it was made and changed, and what has been deleted."""

import copy
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from provsluss.simulator.school_register.school import KINDS, Entity, School

Clock = Callable[[], float]


class Store:
    """A school with its times. Every object's `meta` follows what is done here, and nothing else (SS 12000, Meta)."""

    def __init__(self, school: School, clock: Clock = time.time) -> None:
        """`clock` gives seconds since 1970."""
        self._clock = clock
        self.school = school
        self.deleted: dict[str, dict[str, float]] = {kind: {} for kind in KINDS}
        self.gone: dict[str, Entity] = {}
        """Persons who were deleted, as they were, for those who come back."""
        self.edition = 0
        """Changes where everything is replaced: page tokens of an earlier one are worth nothing."""
        self._times: dict[str, tuple[float, float]] = {}
        now = clock() - 3600
        for kind in KINDS:
            for one in school.objects[kind]:
                self._times[one] = (now, now)

    @property
    def now(self) -> float:
        """The register's own time."""
        return self._clock()

    def shown(self, kind: str, object_id: str) -> Entity | None:
        """An object as the register shows it."""
        one = self.school.objects[kind].get(object_id)
        if one is None:
            return None
        created, modified = self._times[object_id]
        return one | {"meta": {"created": _text(created), "modified": _text(modified)}}

    def ids(self, kind: str, modified_after: float | None, created_after: float | None) -> list[str]:
        """The ids of a list, in order; of those that are after a moment where one is asked for (exclusive)."""
        found = []
        for one in self.school.objects[kind]:
            created, modified = self._times[one]
            if modified_after is not None and not modified > modified_after:
                continue
            if created_after is not None and not created > created_after:
                continue
            found.append(one)
        return found

    def change(self, kind: str, object_id: str) -> Entity:
        """The object, to be changed in place; it counts as changed now."""
        created, _ = self._times[object_id]
        self._times[object_id] = (created, self.now)
        one = copy.deepcopy(self.school.objects[kind][object_id])
        return self.school.put(kind, one)

    def add(self, kind: str, one: Entity) -> None:
        """A new object, or one that has come back."""
        self.deleted[kind].pop(one["id"], None)
        self._times[one["id"]] = (self.now, self.now)
        self.school.put(kind, one)

    def touch_all(self) -> None:
        """Everything counts as changed now, and what came to be without being told of as made now."""
        for kind in KINDS:
            for one in self.school.objects[kind]:
                created, _ = self._times.get(one, (self.now, 0.0))
                self._times[one] = (created, self.now)

    def delete(self, kind: str, object_id: str) -> Entity:
        """The object is gone, and named among what has been deleted."""
        self.deleted[kind][object_id] = self.now
        self._times.pop(object_id)
        return self.school.objects[kind].pop(object_id)

    def replace(self, school: School) -> None:
        """Everything is another: nothing is said of what was deleted (as after a change of data set)."""
        self.school, self.edition = school, self.edition + 1
        self.deleted = {kind: {} for kind in KINDS}
        self._times = {one: (self.now, self.now) for kind in KINDS for one in school.objects[kind]}

    def deleted_after(self, kinds: Iterable[str], after: float) -> dict[str, list[str]]:
        """The ids that were deleted later than `after`, by kind."""
        return {kind: list(self._deleted_after(kind, after)) for kind in kinds}

    def _deleted_after(self, kind: str, after: float) -> Iterator[str]:
        return (one for one, when in self.deleted[kind].items() if when > after)


def _text(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
