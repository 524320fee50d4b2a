"""JSON answers, encoded without a model, because answers of many objects must be quick."""

import json
from typing import Any

from fastapi import Response


def json_answer(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    """An answer in compact UTF-8. Half surrogates that a client may have sent as escapes become question marks."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, headers, media_type="application/json")
