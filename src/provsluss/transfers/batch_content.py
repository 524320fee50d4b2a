"""What a batch says of each object, taken out of the stored call."""

import json
import uuid
import zlib
from collections.abc import Collection
from typing import Any

from provsluss.transfers.models import Batch


def payloads_of(batch: Batch, ids: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, bytes]:
    """What the batch says of each object (of `ids`, or of all): id → compact JSON, in the order sent.

    A call that removes only says the ids.
    """
    data = json.loads(zlib.decompress(bytes(batch.payload or b"")))["data"]
    pairs = ((uuid.UUID(one if isinstance(one, str) else one["id"]), one) for one in data)
    return {i: compact_json(one) for i, one in pairs if ids is None or i in ids}


def compact_json(value: Any) -> bytes:
    """Compact UTF-8 JSON; of a record's own JSON it gives the same bytes back."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
