"""One list, page by page, with the filters that a reader of changes needs (SS 12000, section 3 of its sources)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provsluss.simulator.school_register.store import Store

_KNOWN = {
    "limit", "pageToken", "expandReferenceNames", "sortkey", "expand",
    "meta.created.after", "meta.modified.after",
}  # fmt: skip
DEFAULT_LIMIT = 500


class BadQuestion(Exception):
    """The query cannot be answered: 400."""


class Replaced(Exception):
    """The page token is of data that are no longer there: 410."""


@dataclass
class _Place:
    kind: str
    ids: list[str]
    at: int
    edition: int


class Lists:
    """Answers lists, and remembers where each page token goes on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[str, _Place] = {}

    def page(self, kind: str, query: Mapping[str, str]) -> dict[str, Any]:
        """A page: data and pageToken. Raises BadQuestion or Replaced."""
        limit = self._limit(query)
        token = query.get("pageToken")
        if token is not None:
            place = self._place(kind, token, query)
        else:
            if unknown := set(query) - _KNOWN:
                raise BadQuestion(f"Unknown parameter {min(unknown)}")
            ids = self._store.ids(kind, *(_moment(query.get(f"meta.{name}.after")) for name in ("modified", "created")))
            place = _Place(kind, ids, 0, self._store.edition)
        found = (self._store.shown(kind, one) for one in place.ids[place.at : place.at + limit])
        answer: dict[str, Any] = {"data": [one for one in found if one], "pageToken": None}
        if place.at + limit < len(place.ids):
            answer["pageToken"] = self._token(_Place(kind, place.ids, place.at + limit, place.edition))
        return answer

    def _token(self, place: _Place) -> str:
        token = secrets.token_urlsafe(12)
        self._places[token] = place
        return token

    def _place(self, kind: str, token: str, query: Mapping[str, str]) -> _Place:
        if set(query) - {"pageToken", "limit"}:
            raise BadQuestion("pageToken goes with limit only")
        place = self._places.get(token)
        if place is None or place.kind != kind:
            raise BadQuestion("Unknown pageToken")
        if place.edition != self._store.edition:
            raise Replaced
        return place

    @staticmethod
    def _limit(query: Mapping[str, str]) -> int:
        text = query.get("limit", str(DEFAULT_LIMIT))
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise BadQuestion("limit")
        return int(text)


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadQuestion("not a date-time") from None
    if moment.tzinfo is None:
        raise BadQuestion("a date-time without offset")
    return moment.timestamp()
