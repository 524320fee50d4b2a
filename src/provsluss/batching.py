"""Many ids, so many at a time as fit in a condition: a database takes only so many values in one."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

AT_A_TIME = 500
_T = TypeVar("_T")


def in_pieces(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """`rows` in lists of at most AT_A_TIME."""
    waiting = iter(rows)
    while piece := list(islice(waiting, AT_A_TIME)):
        yield piece
