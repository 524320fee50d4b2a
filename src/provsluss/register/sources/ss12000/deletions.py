"""What a register says that it has deleted since a moment (deletedEntities)."""

from typing import Any

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000 import trouble
from provsluss.register.sources.ss12000.client import RegisterClient
from provsluss.register.sources.ss12000.lists import MOST_PAGES, NotThere, NotUnderstood, Replaced
from provsluss.register.sources.ss12000.shapes import SHAPES

_SPELLED = {"activitites": "activities"}
"""A slip in the standard's own file, which some have built after."""


def deleted_since(client: RegisterClient, after: str) -> dict[str, set[str]]:
    """The ids that were deleted after `after`, by kind. Raises as lists.pages."""
    found: dict[str, set[str]] = {kind: set() for kind in SHAPES}
    parameters: dict[str, str | list[str]] = {"after": after, "entities": list(SHAPES)}
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        answer = client.get("/deletedEntities", parameters)
        match answer.status:
            case 404:
                raise NotThere
            case 400:
                raise NotUnderstood
            case 410:
                raise Replaced
        token = _take(answer.content, found)
        if not token:
            return found
        if token in seen:
            raise SourceRefused(trouble.PAGE_TWICE)
        seen.add(token)
        parameters = {"pageToken": token}
    raise SourceRefused(trouble.LIST_NEVER_ENDS)


def _take(content: Any, found: dict[str, set[str]]) -> str:
    """Add a page's ids, and give the next page's token. The lists stand in `data`, or without it."""
    if isinstance(content, list):
        content = content or {"data": {}}
    if not isinstance(content, dict):
        raise SourceRefused(trouble.NO_JSON)
    data = content.get("data", content)
    for name, ids in data.items() if isinstance(data, dict) else ():
        kind = _SPELLED.get(name, name)
        if kind in found and isinstance(ids, list):
            found[kind].update(str(one.get("id") if isinstance(one, dict) else one).lower() for one in ids)
    token = content.get("pageToken")
    return token if isinstance(token, str) else ""
