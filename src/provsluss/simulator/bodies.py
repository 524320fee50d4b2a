"""Reading a call: its body, the lists in it, its query parameters. What is wrong is refused with 400, never 422."""

import base64
import binascii
import json
import re
from typing import Any

from fastapi import Request

from provsluss.simulator.errors import refusal
from provsluss.simulator.shapes import RESOURCE, UUID_PATTERN, Kind

_UUID = re.compile(UUID_PATTERN)


async def read_object(request: Request, max_bytes: int) -> dict[str, Any]:
    """The JSON object in the body. Refuses with 413 what is too large and with 400 what is no JSON object."""
    size = 0
    parts: list[bytes] = []
    async for part in request.stream():
        size += len(part)
        if size <= max_bytes:
            parts.append(part)
    if size > max_bytes:
        raise refusal("5020")
    try:
        body = json.loads(b"".join(parts).decode("utf-8"))
    except (ValueError, RecursionError):
        raise refusal("2001") from None
    if not isinstance(body, dict):
        raise refusal("2002", expected="Innehållet ska vara ett objekt.")
    return body


def objects_in(body: dict[str, Any], kind: Kind) -> list[dict[str, Any]]:
    """The objects of a bulk call; each must have a UUID, else nobody could be told about it later."""
    data = body.get("data")
    if not isinstance(data, list) or not all(isinstance(wanted, dict) for wanted in data):
        raise refusal("2002", expected="Listan <data> med objekt saknas.")
    for wanted in data:
        wanted["id"] = _uuid(wanted.get("id"), "data.id", kind)
    return data


def ids_in(body: dict[str, Any], name: str, kind: Kind, *, required: bool) -> list[str]:
    """A list of UUIDs under a name in the body."""
    if name not in body and not required:
        return []
    ids = body.get(name)
    if not isinstance(ids, list):
        raise refusal("2002", expected=f"Listan <{name}> saknas.")
    return [_uuid(key, name, kind) for key in ids]


def texts_in(body: dict[str, Any], name: str) -> list[str]:
    """A list of strings under a name in the body; empty when left out."""
    texts = body.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise refusal("2002", expected=f"<{name}> ska vara en lista med text.")
    return texts


def _uuid(value: object, parameter: str, kind: Kind) -> str:
    """A UUID in lower case, or 2010."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise refusal("2010", parameter=parameter, parameter_value=str(value)[:100], resource=RESOURCE[kind])
    return value.lower()


def path_id(value: str, kind: Kind) -> str:
    """The id in a path in lower case, or 2011."""
    if not _UUID.fullmatch(value):
        raise refusal("2011", parameter="id", parameter_value=value[:100], resource=RESOURCE[kind])
    return value.lower()


def boolean(request: Request, name: str) -> bool:
    """A query parameter that is true or false (default), or 2025."""
    value = request.query_params.get(name, "false")
    if value not in ("true", "false"):
        raise refusal("2025", parameter=name, parameter_value=value[:100])
    return value == "true"


def limit(request: Request) -> int:
    """The query parameter limit, 1-100 (default 50), or 3085."""
    value = request.query_params.get("limit", "50")
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= 100:
        raise refusal("3085", parameter="limit", parameter_value=value[:100])
    return int(value)


def page_token(place: tuple[float, str]) -> str:
    """A place in the order of creation as an opaque token."""
    return base64.urlsafe_b64encode(json.dumps({"id": place[1], "created": place[0]}).encode()).decode()


def place_after(request: Request) -> tuple[float, str] | None:
    """The place a page token names, None without one, or 2026."""
    token = request.query_params.get("pageToken")
    if token is None:
        return None
    try:
        named = json.loads(base64.urlsafe_b64decode(token.encode("ascii")))
        return float(named["created"]), str(named["id"])
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise refusal("2026", parameter="pageToken", parameter_value=token[:100]) from None
