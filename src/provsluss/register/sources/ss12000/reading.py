"""Reads a register into a file (mirror.py): all that it has, or what has changed since the last reading."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000 import trouble
from provsluss.register.sources.ss12000.client import RegisterClient, TooLarge
from provsluss.register.sources.ss12000.deletions import deleted_since
from provsluss.register.sources.ss12000.lists import NotThere, NotUnderstood, Replaced, pages
from provsluss.register.sources.ss12000.mirror import Mirror
from provsluss.register.sources.ss12000.shapes import NEEDED, SHAPES

OVERLAP = timedelta(minutes=10)
"""So far back before what was seen the last time: clocks differ, and a change can become visible a little later."""
UNKNOWN_CLOCK_OVERLAP = timedelta(hours=1)
"""Where the register does not tell its time, and ours has to do."""
LONGEST_BETWEEN_FULL = timedelta(days=7)
"""Nothing moves meta.modified where a register forgets to: now and then everything is read (its sources, section 3)."""
_RESTARTS = 3
_MANY_NEW, _SHARE_NEW = 20, 0.3
"""More new objects of a kind than both are more than a change: then everything is read."""
_AT_ONCE = 500
_MOST_LOOKUPS = 40
_FORM = "%Y-%m-%dT%H:%M:%SZ"
Told = Callable[[int], None]
"""Told how many objects have been read."""


class NeedsFull(Exception):
    """What has changed cannot be told: everything has to be read."""


@dataclass(slots=True)
class Tally:
    """What one reading brought, by kind."""

    read: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    missing_lists: list[str] = field(default_factory=list)


def is_due_for_full(mirror: Mirror, now: datetime) -> bool:
    """Whether so long has passed since all was read that it is to be read again."""
    last = mirror.fact("full")
    return not last or datetime.strptime(last, _FORM).replace(tzinfo=UTC) < now - LONGEST_BETWEEN_FULL


def read_all(client: RegisterClient, mirror: Mirror, now: datetime, told: Told) -> Tally:
    """Read every list from its beginning into an empty mirror. Raises SourceRefused."""
    for _ in range(_RESTARTS):
        tally = Tally()
        try:
            for kind in SHAPES:
                _read_whole(client, mirror, kind, now, tally, told)
            _look_up_persons(client, mirror, tally)
        except Replaced:
            continue
        mirror.note("full", now.strftime(_FORM))
        return tally
    raise SourceRefused(trouble.REPLACED)


def read_changes(client: RegisterClient, mirror: Mirror, now: datetime, told: Told) -> Tally:
    """Read what has changed since the mirror's last reading. Raises NeedsFull, or SourceRefused."""
    tally = Tally()
    cursors = {kind: mirror.fact(f"read {kind}") for kind in SHAPES}
    oldest = min((one for one in cursors.values() if one), default="")
    try:
        deleted = deleted_since(client, oldest)
        brought: dict[str, set[str]] = {}
        for kind in SHAPES:
            before = set(mirror.ids(kind))
            if mirror.fact(f"unfiltered {kind}") or not cursors[kind]:
                _read_whole(client, mirror, kind, now, tally, told)
                brought[kind] = set()
            else:
                brought[kind] = _read_since(client, mirror, kind, cursors[kind], now, tally, told)
                _demand_few_new(before, brought[kind].intersection(mirror.ids(kind)))
    except (Replaced, NotThere, NotUnderstood):
        raise NeedsFull from None
    for kind, ids in deleted.items():
        tally.deleted[kind] = mirror.delete(kind, ids - brought[kind])
    _look_up_persons(client, mirror, tally)
    return tally


def _demand_few_new(before: set[str], brought: set[str]) -> None:
    """A register whose data were replaced has new ids for all, and may not say that the old ones are deleted."""
    new = len(brought - before)
    if new > max(_MANY_NEW, len(before) * _SHARE_NEW):
        raise NeedsFull


def _read_whole(client: RegisterClient, mirror: Mirror, kind: str, now: datetime, tally: Tally, told: Told) -> None:
    mirror.database.execute("DELETE FROM objects WHERE kind = ?", (kind,))
    tally.read[kind] = tally.unreadable[kind] = 0
    try:
        for _ in _kept(client, mirror, kind, {}, now, tally, told):
            pass
    except (NotThere, NotUnderstood):
        if kind in NEEDED:
            raise SourceRefused(trouble.NO_SUCH_PLACE) from None
        tally.missing_lists.append(kind)
        mirror.note(f"read {kind}", "")


def _read_since(
    client: RegisterClient, mirror: Mirror, kind: str, cursor: str, now: datetime, tally: Tally, told: Told
) -> set[str]:
    """Returns the ids of what came. A register that does not know the filter is read whole from now on."""
    try:
        return {
            one for ids in _kept(client, mirror, kind, {"meta.modified.after": cursor}, now, tally, told) for one in ids
        }
    except NotUnderstood:
        mirror.note(f"unfiltered {kind}", "yes")
        _read_whole(client, mirror, kind, now, tally, told)
        return set()


def _kept(
    client: RegisterClient,
    mirror: Mirror,
    kind: str,
    filters: dict[str, str | list[str]],
    now: datetime,
    tally: Tally,
    told: Told,
) -> Iterator[list[str]]:
    """Put what comes into the mirror, and note how far that was; gives the ids of each page."""
    began = ""
    for number, page in enumerate(pages(client, f"/{kind}", filters)):
        if number == 0:
            began = _cursor(page.date, now)
        objects = [one for one in (_object(kind, each) for each in page.objects) if one]
        mirror.put(kind, objects)
        tally.read[kind] += len(page.objects)
        tally.unreadable[kind] += len(page.objects) - len(objects)
        told(sum(tally.read.values()))
        yield [one for one, _ in objects]
    mirror.note(f"read {kind}", began)


def _object(kind: str, content: Any) -> tuple[str, str] | None:
    """Id and what we keep of an object; None for what cannot be understood."""
    try:
        kept = SHAPES[kind].model_validate(content)
    except ValidationError:
        return None
    return kept.id, kept.model_dump_json(exclude_defaults=True)


def _cursor(date: str, now: datetime) -> str:
    """From when on the next reading asks: in UTC with Z, the one form that every register reads rightly."""
    if date:
        return (datetime.strptime(date, _FORM) - OVERLAP).strftime(_FORM)
    return (now - UNKNOWN_CLOCK_OVERLAP).strftime(_FORM)


def _look_up_persons(client: RegisterClient, mirror: Mirror, tally: Tally) -> None:
    """Ask for the persons whom others refer to and who were in no list."""
    missing = [
        one
        for (one,) in mirror.database.execute(
            "SELECT DISTINCT person FROM ("
            " SELECT json_extract(body, '$.person') AS person FROM objects WHERE kind = 'duties'"
            " UNION SELECT json_extract(member.value, '$.person')"
            " FROM objects, json_each(objects.body, '$.groupMemberships') AS member WHERE kind = 'groups'"
            ") WHERE person <> '' AND person NOT IN (SELECT id FROM objects WHERE kind = 'persons') ORDER BY person"
        )
    ]
    for start in range(0, min(len(missing), _AT_ONCE * _MOST_LOOKUPS), _AT_ONCE):
        for found in _looked_up(client, missing[start : start + _AT_ONCE]):
            objects = [one for one in (_object("persons", each) for each in found) if one]
            mirror.put("persons", objects)
            tally.read["persons"] += len(objects)


def _looked_up(client: RegisterClient, ids: list[str]) -> Iterator[list[Any]]:
    """What the register has of these persons; nothing where it has no such call, or answers in a form of its own.

    Those who are missing then are told of when what refers to them is read. As many calls as its answers have room for.
    """
    try:
        answer = client.post("/persons/lookup", {"ids": ids})
    except TooLarge:
        if len(ids) > 1:
            yield from _looked_up(client, ids[: len(ids) // 2])
            yield from _looked_up(client, ids[len(ids) // 2 :])
        return
    content = answer.content.get("data") if isinstance(answer.content, dict) else answer.content
    if answer.status == 200 and isinstance(content, list):
        yield content
