"""Many ids: so many at a time as fit in a condition, and hundreds of thousands without what each would cost."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

AT_A_TIME = 500
"""A database takes only so many values in one condition."""
_READ_AT_A_TIME = 5000
_T = TypeVar("_T")


def in_pieces(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """`rows` in lists of at most AT_A_TIME."""
    waiting = iter(rows)
    while piece := list(islice(waiting, AT_A_TIME)):
        yield piece


class Ids(dict[str, uuid.UUID]):
    """The ids behind their texts, each made once: the same few thousand stand in many rows."""

    def __missing__(self, text: str) -> uuid.UUID:
        made = self[text] = uuid.UUID(text)
        return made


def keys_of(rows: "QuerySet[Any, Any]", *fields: str) -> Iterator[Any]:
    """The ids in `fields` of `rows` as the database writes them: a text each, or a tuple of them.

    The same id has the same text in one database; `uuid.UUID` makes an id of it. Django makes a UUID of every one,
    which takes longer than to read it: where most are only looked for, that is most of the time.
    """
    found = rows.order_by().values_list(*map(as_text, fields), flat=len(fields) == 1)
    return found.iterator(chunk_size=_READ_AT_A_TIME)


def as_text(field: str) -> Cast:
    """One such column, for `values_list` beside others."""
    return Cast(field, CharField())
