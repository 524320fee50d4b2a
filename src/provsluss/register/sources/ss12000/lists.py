"""One of the register's lists, page by page, or what of it has changed since a moment (SS 12000, its section 3)."""

from collections.abc import Iterator
from typing import Any

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000 import trouble
from provsluss.register.sources.ss12000.client import Parameters, RegisterClient, TooLarge

PAGE_SIZES = (1000, 200, 50)
"""The registers' own advice differs from 30 to 2 000; one that answers too much or does not want so many gets less."""
MOST_PAGES = 20_000


class Replaced(Exception):
    """The register's data were replaced while a list was read (410): everything is to be read from its beginning."""


class NotThere(Exception):
    """The register has no such list (404)."""


class NotUnderstood(Exception):
    """The register does not understand the question (400), such as a filter that it does not have."""


class PageOf:
    """A page: its objects, and the register's own time when it was answered."""

    __slots__ = ("date", "objects")

    def __init__(self, objects: list[Any], date: str) -> None:
        self.objects = objects
        self.date = date


def pages(client: RegisterClient, path: str, filters: Parameters) -> Iterator[PageOf]:
    """The pages of a list. Raises Replaced, NotThere, NotUnderstood or SourceRefused; then it is not complete.

    Where a page turns out to be too large the list begins again with smaller ones: objects can come twice.
    """
    understood = True
    for size in PAGE_SIZES:
        try:
            yield from _pages(client, path, filters, size)
            return
        except TooLarge:
            continue
        except NotUnderstood:
            understood = False
    if not understood:
        raise NotUnderstood
    raise SourceRefused(trouble.TOO_LARGE)


def _pages(client: RegisterClient, path: str, filters: Parameters, size: int) -> Iterator[PageOf]:
    answer = client.get(path, {**filters, "limit": str(size)})
    if answer.status == 404:
        raise NotThere
    if answer.status == 400:
        raise NotUnderstood
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        if answer.status == 410:
            raise Replaced
        if answer.status != 200:
            raise SourceRefused(trouble.NOT_UNDERSTOOD)
        objects, token = _content(answer.content)
        yield PageOf(objects, answer.date)
        if not token:
            return
        if token in seen:
            raise SourceRefused(trouble.PAGE_TWICE)
        seen.add(token)
        # A page's token stands for the whole question, and goes with nothing but the size (OpenAPI 2.1: else 400).
        answer = client.get(path, {"limit": str(size), "pageToken": token})
    raise SourceRefused(trouble.LIST_NEVER_ENDS)


def _content(content: Any) -> tuple[list[Any], str]:
    """The objects and the next page's token: {"data": […], "pageToken": …}, or a bare list."""
    if isinstance(content, list):
        return content, ""
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise SourceRefused(trouble.NO_JSON)
    token = content.get("pageToken")
    return content["data"], token if isinstance(token, str) else ""
