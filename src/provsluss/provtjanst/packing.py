"""Batches by their real serialised size, envelope included, never over the limit (rules.md T6)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Id = TypeVar("Id")

OPENING = b'{"data":['
CLOSING = b"]}"
ENVELOPE_BYTES = len(OPENING) + len(CLOSING)


@dataclass(frozen=True, slots=True)
class Packed(Generic[Id]):
    """One call's body, and whose objects are in it, in order."""

    ids: list[Id]
    body: bytes


@dataclass(frozen=True, slots=True)
class TooLarge(Generic[Id]):
    """An object that does not fit in a call even alone; `size` is the size of the body it would need."""

    id: Id
    size: int


def pack(objects: Iterable[tuple[Id, bytes]], limit: int, limit_alone: int = 0) -> Iterator[Packed[Id] | TooLarge[Id]]:
    """Fill one body after the other with `objects` (id and JSON), in their order, each body at most `limit` bytes.

    An object that is larger goes alone if it fits in `limit_alone` (if that is given), else it is handed back as
    TooLarge, and the rest goes on. Lazy: holds one body at a time.
    """
    ids: list[Id] = []
    parts: list[bytes] = []
    size = ENVELOPE_BYTES
    for object_id, content in objects:
        if ENVELOPE_BYTES + len(content) > max(limit, limit_alone):
            yield TooLarge(object_id, ENVELOPE_BYTES + len(content))
            continue
        if ids and size + 1 + len(content) > limit:
            yield Packed(ids, body_of(parts))
            ids, parts, size = [], [], ENVELOPE_BYTES
        size += len(content) + (1 if ids else 0)
        ids.append(object_id)
        parts.append(content)
    if ids:
        yield Packed(ids, body_of(parts))


def body_of(contents: Iterable[bytes]) -> bytes:
    """The body of a bulk call that carries these objects."""
    return OPENING + b",".join(contents) + CLOSING


def unpack(body: bytes, object_id: object) -> bytes:
    """The JSON of one object, byte for byte as it stands in a body that `pack` or `body_of` made.

    Raises KeyError when the object is not in it.
    """
    text = body.decode()
    wanted = str(object_id).lower()
    decoder = json.JSONDecoder()
    start = len(OPENING)
    while start < len(text) - len(CLOSING):
        found, end = decoder.raw_decode(text, start)
        if isinstance(found, dict) and str(found.get("id", "")).lower() == wanted:
            return text[start:end].encode()
        start = end + 1
    raise KeyError(wanted)
