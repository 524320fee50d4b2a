"""What the simulator has taken in: objects per school organiser, with indexes that make each question cheap."""

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from provsluss.simulator.shapes import KINDS, Kind

PERSON_SUBSET = ("id", "civicNo", "eduPersonPrincipalNames", "givenName", "middleName", "familyName")
"""The attributes of a person in a list; the whole object comes by id and lookup only (rules.md T10)."""


@dataclass(slots=True)
class Stored:
    """One object: its attributes, and when it was created, last changed and could first go on to the test platform."""

    data: dict[str, Any]
    created: float
    modified: float
    since: float


@dataclass
class Owner:
    """Everything one school organiser has stored."""

    objects: dict[Kind, dict[str, Stored]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    duties_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    groups_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    activities_of: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    persons_with: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    order: dict[Kind, list[tuple[float, str]]] = field(default_factory=dict)


class Store:
    """Objects of all school organisers. An owner is named by the client key that its tokens were asked with."""

    def __init__(self) -> None:
        """Starts empty."""
        self.owners: defaultdict[str, Owner] = defaultdict(Owner)
        self.eppn_owner: dict[str, tuple[str, str]] = {}
        self.civic_owners: defaultdict[str, set[str]] = defaultdict(set)

    def get(self, owner: str, kind: Kind, object_id: str) -> Stored | None:
        """The object, or None."""
        return self.owners[owner].objects[kind].get(object_id)

    def put(self, owner: str, kind: Kind, data: dict[str, Any], now: float) -> bool:
        """Stores or replaces an object; true when it was created."""
        mine = self.owners[owner]
        before = mine.objects[kind].get(data["id"])
        if before is None:
            mine.objects[kind][data["id"]] = Stored(data, created=now, modified=now, since=now)
            mine.order.pop(kind, None)
        else:
            self._unindex(owner, kind, before.data)
            enrolled_now = bool(data.get("enrolments")) and not before.data.get("enrolments")
            mine.objects[kind][data["id"]] = Stored(
                data, created=before.created, modified=now, since=now if enrolled_now else before.since
            )
        self._index(owner, kind, data)
        return before is None

    def remove(self, owner: str, kind: Kind, object_id: str, now: float) -> bool:
        """Removes an object; a removed person leaves all groups (rules.md P24). False when there was none."""
        mine = self.owners[owner]
        before = mine.objects[kind].pop(object_id, None)
        if before is None:
            return False
        mine.order.pop(kind, None)
        if kind == "persons":
            for group_id in tuple(mine.groups_of[object_id]):
                group = mine.objects["groups"][group_id]
                members = group.data["groupMemberships"]
                group.data["groupMemberships"] = [m for m in members if m["person"]["id"] != object_id]
                group.modified = now
            mine.groups_of.pop(object_id, None)
        self._unindex(owner, kind, before.data)
        return True

    def page(
        self, owner: str, kind: Kind, limit: int, after: tuple[float, str] | None
    ) -> tuple[list[Stored], tuple[float, str] | None]:
        """At most `limit` objects after a place in the order of creation, and the place to go on from, if any."""
        mine = self.owners[owner]
        if kind not in mine.order:
            mine.order[kind] = sorted((stored.created, key) for key, stored in mine.objects[kind].items())
        order = mine.order[kind]
        start = bisect.bisect_right(order, after) if after else 0
        places = order[start : start + limit]
        more = start + limit < len(order)
        return [mine.objects[kind][key] for _, key in places], places[-1] if more else None

    def find_persons(
        self, owner: str, ids: Iterable[str], civic_numbers: Iterable[str], eppns: Iterable[str]
    ) -> list[Stored]:
        """The persons named by id, civic number or EPPN, each once."""
        mine = self.owners[owner]
        wanted = dict.fromkeys(ids)
        for civic_number in civic_numbers:
            wanted.update(dict.fromkeys(mine.persons_with.get(civic_number, ())))
        for eppn in eppns:
            holder = self.eppn_owner.get(eppn.casefold())
            if holder and holder[0] == owner:
                wanted[holder[1]] = None
        persons = mine.objects["persons"]
        return [persons[key] for key in wanted if key in persons]

    def is_provisioned(self, owner: str, kind: Kind, stored: Stored, now: float, delay: float) -> bool:
        """Whether the object is in the test platform, `delay` seconds after it had all it needs (rules.md T14)."""
        mine = self.owners[owner]
        if stored.since + delay > now:
            return False
        if kind == "persons":
            return bool(stored.data.get("enrolments")) or self._any_arrived(
                mine, "duties", mine.duties_of.get(stored.data["id"], ()), now, delay
            )
        if kind == "duties":
            return stored.data["person"]["id"] in mine.objects["persons"]
        if kind == "groups":
            return stored.data["groupType"] == "Klass" or self._any_arrived(
                mine, "activities", mine.activities_of.get(stored.data["id"], ()), now, delay
            )
        return self._any_arrived(mine, "groups", (group["id"] for group in stored.data["groups"]), now, delay)

    def shown(
        self, owner: str, kind: Kind, stored: Stored, now: float, delay: float, *, subset: bool = False
    ) -> dict[str, Any]:
        """The object as the API shows it."""
        data = stored.data
        if subset and kind == "persons":
            data = {name: data[name] for name in PERSON_SUBSET if name in data}
        return {
            **data,
            "meta": {"created": timestamp(stored.created), "modified": timestamp(stored.modified)},
            "provisioningStatus": self.is_provisioned(owner, kind, stored, now, delay),
        }

    def load(self, owner: str, kind: Kind, stored: Stored) -> None:
        """Takes back an object from a state file."""
        self.owners[owner].objects[kind][stored.data["id"]] = stored
        self._index(owner, kind, stored.data)

    @staticmethod
    def _any_arrived(mine: Owner, kind: Kind, ids: Iterable[str], now: float, delay: float) -> bool:
        found: Iterator[Stored | None] = (mine.objects[kind].get(key) for key in ids)
        return any(stored is not None and stored.since + delay <= now for stored in found)

    def _index(self, owner: str, kind: Kind, data: dict[str, Any]) -> None:
        mine, key = self.owners[owner], data["id"]
        if kind == "persons":
            civic_number = data["civicNo"]["value"]
            mine.persons_with[civic_number].add(key)
            self.civic_owners[civic_number].add(owner)
            self.eppn_owner[data["eduPersonPrincipalNames"][0].casefold()] = (owner, key)
        for index, name in _references(mine, kind, data):
            index[name].add(key)

    def _unindex(self, owner: str, kind: Kind, data: dict[str, Any]) -> None:
        mine, key = self.owners[owner], data["id"]
        if kind == "persons":
            civic_number = data["civicNo"]["value"]
            mine.persons_with[civic_number].discard(key)
            if not mine.persons_with[civic_number]:
                del mine.persons_with[civic_number]
                self.civic_owners[civic_number].discard(owner)
            self.eppn_owner.pop(data["eduPersonPrincipalNames"][0].casefold(), None)
        for index, name in _references(mine, kind, data):
            index[name].discard(key)


def _references(mine: Owner, kind: Kind, data: dict[str, Any]) -> list[tuple[defaultdict[str, set[str]], str]]:
    """Which index lists this object under which other object's id."""
    if kind == "duties":
        return [(mine.duties_of, data["person"]["id"])]
    if kind == "groups":
        return [(mine.groups_of, member["person"]["id"]) for member in data.get("groupMemberships", ())]
    if kind == "activities":
        return [(mine.activities_of, group["id"]) for group in data["groups"]]
    return []


def timestamp(seconds: float) -> str:
    """A moment in RFC 3339 with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
