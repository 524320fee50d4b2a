"""What was sent and what was answered, made ready to show: unpacked, masked, pretty."""

import json
import uuid
import zlib
from collections.abc import Collection
from typing import Any

from provsluss.ss12000.civic_number import masked
from provsluss.ss12000.log_filter import without_secrets
from provsluss.transfers.models import Batch

_NOT_SHOWN = {"begränsad": "Du har inte behörighet att se de här uppgifterna."}
_MASKED_KEYS = ("civicNo", "civicNos")


def sent_data(batch: Batch) -> list[Any] | None:
    """The objects of the call (ids, where it was a removal). None once the payload has been purged."""
    if batch.payload is None:
        return None
    data: list[Any] = json.loads(zlib.decompress(batch.payload))["data"]
    return data


def answered(batch: Batch) -> dict[str, Any] | None:
    """The job's whole answer. None before there is one, and once it has been purged."""
    if batch.answer is None:
        return None
    answer: dict[str, Any] = json.loads(zlib.decompress(batch.answer))
    return answer


def sent_object(batch: Batch, object_id: uuid.UUID) -> Any | None:
    """What was sent about one object, or None."""
    wanted = str(object_id)
    return next((entry for entry in sent_data(batch) or [] if id_of(entry) == wanted), None)


def answer_about(batch: Batch, object_id: uuid.UUID) -> Any | None:
    """What was answered about one object, or None."""
    wanted = str(object_id)
    responses = (answered(batch) or {}).get("responses", [])
    return next((entry for entry in responses if id_of(entry) == wanted), None)


def without_civic_numbers(value: Any) -> Any:
    """The same JSON value with every personnummer masked, wherever it stands (design.md section 7)."""
    match value:
        case dict():
            return {key: _masked_entry(key, inner) for key, inner in value.items()}
        case list():
            return [without_civic_numbers(inner) for inner in value]
        case str():
            return without_secrets(value)
        case int() if without_secrets(str(value)) != str(value):
            return without_secrets(str(value))
    return value


def without_persons(entries: Collection[Any], hidden: Collection[str]) -> list[Any]:
    """`entries` with those of the `hidden` ids told of as restricted, and nothing more about them."""
    return [dict(_NOT_SHOWN) if id_of(entry) in hidden else entry for entry in entries]


def id_of(entry: Any) -> str:
    """Which object an entry is about, in lower case: of what was sent, of a removal, or of the answer."""
    identity = entry.get("id", "") if isinstance(entry, dict) else entry
    return str(identity).lower()


def pretty(value: Any) -> str:
    """Indented JSON for a person to read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _masked_entry(key: str, value: Any) -> Any:
    if key not in _MASKED_KEYS:
        return without_civic_numbers(value)
    match value:
        case {"value": str(number)}:
            return value | {"value": masked(number)}
        case str():
            return masked(value)
        case list():
            return [masked(number) if isinstance(number, str) else without_civic_numbers(number) for number in value]
    return without_civic_numbers(value)
