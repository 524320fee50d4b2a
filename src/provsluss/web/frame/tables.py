"""What a list's address asks for: filters, order and page, read from the query string and never trusted.

A list states once what it can be filtered and sorted by; everything else in the address is ignored:

    choice = read_choice(request.GET, filters=("sok", "roll"), sorts={"namn": ("family_name", "given_name")})
    page = choice.page_of(persons)
    return render(request, "persons.html", {"page": page, "choice": choice})
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict

from provsluss.web.frame.swedish_order import swedish_order

PAGE_SIZES = (50, 100)
SORT = "sortera"
PAGE = "sida"
SIZE = "antal"
LONGEST_FILTER = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for, reduced to what the list allows."""

    filters: dict[str, str]
    sort: str
    descending: bool
    page: int
    page_size: int
    sorts: Mapping[str, Sequence[str]] = field(repr=False)

    @property
    def is_filtered(self) -> bool:
        """Whether any filter narrows the list."""
        return any(self.filters.values())

    @property
    def fields(self) -> list[str]:
        """Field names, the opposite way where the user asked for it, and the key last so that pages hold still."""
        fields = [*self.sorts.get(self.sort, ()), "pk"]
        return [_reversed(name) for name in fields] if self.descending else fields

    @property
    def order(self) -> list[str | OrderBy]:
        """The same for `order_by`, names in Swedish order."""
        return swedish_order(*self.fields)

    def __getitem__(self, name: str) -> str:
        return self.filters[name]

    def page_of(self, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
        """The page that was asked for, in the order that was asked for; past the end it is the last one."""
        return self.page_of_ordered(rows.order_by(*self.order) if isinstance(rows, QuerySet) else rows)

    def page_of_ordered(self, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
        """The page that was asked for of rows that stand in order already."""
        return Paginator(rows, self.page_size).get_page(self.page)


def read_choice(
    query: QueryDict | Mapping[str, str],
    *,
    filters: Sequence[str],
    sorts: Mapping[str, Sequence[str]],
    default: str = "",
) -> Choice:
    """Reads `query` (request.GET): `filters` are the names that may narrow, `sorts` the names that may order and their
    fields. `default` is the order when none is asked for: a name of `sorts`, with `-` for descending (first one if
    empty). Anything unknown is ignored.
    """
    fallback = default or next(iter(sorts), "")
    asked = str(query.get(SORT, ""))
    sort = asked if asked.removeprefix("-") in sorts else fallback
    return Choice(
        filters={name: str(query.get(name, "")).strip()[:LONGEST_FILTER] for name in filters},
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        page=_whole_number(query.get(PAGE), 1),
        page_size=size if (size := _whole_number(query.get(SIZE), PAGE_SIZES[0])) in PAGE_SIZES else PAGE_SIZES[0],
        sorts=sorts,
    )


def _whole_number(text: object, otherwise: int) -> int:
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
