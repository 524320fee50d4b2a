"""Whom a sent payload refers to: the pupils in a group, the teachers of an activity, and what it cannot be without."""

import json
import uuid
from collections.abc import Collection

from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.batch_content import compact_json

_NAMED: dict[Kind, tuple[str, str, Kind]] = {
    "groups": ("groupMemberships", "person", "persons"),
    "activities": ("teachers", "duty", "duties"),
}
"""Under which attribute, with which key each of them, and of which kind they are."""


def named_kind(kind: Kind) -> Kind | None:
    """Of which kind they are whom an object of `kind` names; None where it names nobody."""
    return _NAMED[kind][2] if kind in _NAMED else None


def named_in(kind: Kind, payload: str) -> set[uuid.UUID]:
    """The ids of those whom the payload names; none where it has been purged."""
    attribute, key, _ = _NAMED[kind]
    return {uuid.UUID(one[key]["id"]) for one in json.loads(payload or "{}").get(attribute) or []}


def needed_by(kind: Kind, payload: str) -> set[uuid.UUID]:
    """The ids of the objects of `kind` that the payload (a duty's, an activity's) cannot be without."""
    sent = json.loads(payload or "{}")
    references = [sent["person"]] if kind == "persons" and sent else sent.get("groups") or []
    return {uuid.UUID(one["id"]) for one in references}


def naming_too(kind: Kind, payload: str, ids: Collection[uuid.UUID]) -> bytes:
    """The payload with these added, in the order in which they are always sent."""
    return _naming(kind, payload, named_in(kind, payload) | set(ids))


def naming_no_more(kind: Kind, payload: str, ids: Collection[uuid.UUID]) -> bytes:
    """The payload without these."""
    return _naming(kind, payload, named_in(kind, payload) - set(ids))


def _naming(kind: Kind, payload: str, ids: Collection[uuid.UUID]) -> bytes:
    attribute, key, _ = _NAMED[kind]
    return compact_json(json.loads(payload) | {attribute: [{key: {"id": str(one)}} for one in sorted(ids)]})
