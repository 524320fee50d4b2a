"""Skolverket's own words, without the protected persons that they quote (rules.md section 2, LogEntry).

A message about one object can quote another: the pupil that a group has, somebody else of a call that was refused as a
whole. Whoever may see the object need not be allowed to see that one.
"""

import re
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q

from provsluss.register.models import Duty, Person
from provsluss.ss12000.log_filter import without_secrets
from provsluss.transfers.models import ObjectResult

RESTRICTED = "(begränsad uppgift)"
"""What stands instead of what must not be seen."""
AN_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ADDRESS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
_UNPROTECTED = Q(security_marking="Ingen")
_QUOTED = ("object_id", "name", "eppn", "civic_number", "restricted")


def protected_ids() -> frozenset[str]:
    """The ids, as text, of the protected persons and of their duties. Needs the organisation's scope."""
    protected = Person.objects.exclude(_UNPROTECTED).order_by()
    duties = Duty.objects.filter(person__in=protected.values("pk")).order_by()
    return frozenset(map(str, protected.values_list("pk", flat=True).union(duties.values_list("pk", flat=True))))


def without_ids(value: Any, hidden: Collection[str]) -> Any:
    """The same JSON value with each of the `hidden` ids gone, wherever it stands: in a list, a reference, a text."""
    match value:
        case dict():
            return {key: without_ids(inner, hidden) for key, inner in value.items()}
        case list():
            return [without_ids(inner, hidden) for inner in value]
        case str() if hidden:
            return AN_ID.sub(lambda found: RESTRICTED if found[0].lower() in hidden else found[0], value)
    return value


def without_values(text: str, hidden: Iterable[ObjectResult], ids: Collection[str]) -> str:
    """`text` without secrets and without the names, EPPN, personnummer and ids of `hidden`, and without `ids`."""
    values = _values_of(hidden)
    return without_secrets(str(without_ids(values.sub(RESTRICTED, text) if values else text, ids)))


def without_anybody(text: str, value: object, persons: Iterable[ObjectResult]) -> str:
    """A message as it can stand for many: without its `value`, and without any id, address or name of the `persons`."""
    words = " ".join(text.split())
    if len(own := str(value or "").strip()) > 2:
        words = words.replace(own, "…")
    if values := _values_of(persons):
        words = values.sub("…", words)
    return _ADDRESS.sub("…", AN_ID.sub("…", without_secrets(words)))


class WithoutProtected:
    """Skolverket's messages as whoever may see their object reads them, when nobody knows who that will be.

    The protected ones of each sync job are asked for once, and only where Skolverket said anything.
    """

    def __init__(self) -> None:
        """Needs the organisation's scope whenever it is called."""
        self._protected: dict[int, re.Pattern[str] | None] = {}
        self._ids: frozenset[str] | None = None
        self._told: dict[tuple[int, str], str] = {}
        """Most objects get the same words."""

    def __call__(self, text: str, sync_job_id: int) -> str:
        """`text`, which is about an object of the sync job."""
        if not text:
            return text
        key = (sync_job_id, text)
        if key not in self._told:
            self._told[key] = self._without(text, sync_job_id)
        return self._told[key]

    def _without(self, text: str, sync_job_id: int) -> str:
        if sync_job_id not in self._protected:
            found = ObjectResult.objects.filter(sync_job=sync_job_id, restricted=True).order_by()
            self._protected[sync_job_id] = _values_of(found.only(*_QUOTED))
        if self._ids is None and AN_ID.search(text):
            self._ids = protected_ids()
        values = self._protected[sync_job_id]
        return without_secrets(str(without_ids(values.sub(RESTRICTED, text) if values else text, self._ids or ())))


def _values_of(results: Iterable[ObjectResult]) -> re.Pattern[str] | None:
    """What finds any of them in a text; None where there is nothing to look for."""
    values = {value for result in results for value in _values(result.name, result.eppn, result.object_id)}
    values |= {number for result in results for number in _spellings(result.civic_number)}
    if not values:
        return None
    alternatives = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


def _values(name: str, eppn: str, object_id: uuid.UUID) -> set[str]:
    return {value for value in (name, *name.split(), eppn, str(object_id)) if value}


def _spellings(number: str) -> set[str]:
    if not number:
        return set()
    return {number, number[2:], f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}"}
