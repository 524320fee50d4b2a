"""Who has which EPPN at Skolverket: told by a fingerprint that stays when the payload is purged."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from provsluss.batching import in_pieces
from provsluss.transfers.models import Accepted


def login_hash(organisation_id: uuid.UUID, eppn: str) -> str:
    """The fingerprint of an EPPN, in whichever case it is written; empty for none."""
    text = f"{organisation_id} {eppn.strip().casefold()}"
    return hashlib.sha256(text.encode()).hexdigest() if eppn.strip() else ""


def login_hash_in(organisation_id: uuid.UUID, kind: str, payload: bytes | str) -> str:
    """The fingerprint of the EPPN in a person's payload; empty for other objects."""
    if kind != "persons":
        return ""
    names = json.loads(payload or "{}").get("eduPersonPrincipalNames") or [""]
    return login_hash(organisation_id, names[0])


def holders_among(
    accepted: "QuerySet[Accepted, Any]", organisation_id: uuid.UUID, eppns: Mapping[uuid.UUID, str]
) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    """Of these persons with their EPPN: those whose EPPN another id has, with that id and its civic number, if known.

    Nobody is kept from the one that the person itself has already.
    """
    wanting = {i: found for i, eppn in eppns.items() if (found := login_hash(organisation_id, eppn))}
    held: dict[str, dict[uuid.UUID, tuple[str, bool]]] = {}
    for piece in in_pieces(set(wanting.values())):
        rows = accepted.filter(kind="persons", login_hash__in=piece)
        for name, object_id, payload, perhaps in rows.values_list("login_hash", "object_id", "payload", "perhaps"):
            held.setdefault(name, {})[object_id] = (payload, perhaps)
    taken = {}
    for person_id, name in wanting.items():
        holders = dict(held.get(name, {}))
        own = holders.pop(person_id, None)
        if holders and (own is None or own[1]):
            other, (payload, _) = next(iter(sorted(holders.items())))
            taken[person_id] = other, str((json.loads(payload or "{}").get("civicNo") or {}).get("value", ""))
    return taken
