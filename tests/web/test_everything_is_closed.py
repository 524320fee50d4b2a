"""Every address of the web asks who you are, now and for whatever page is added later."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

OPEN = {
    "account_login",
    "account_logout",  # sends on to the login
    "account_inactive",
    "account_signup",  # says that accounts are handed out
    "mfa_authenticate",  # the second step of the login
}
EXAMPLES = {"int": 1, "uuid": uuid.UUID(int=7), "str": "x", "slug": "x"}


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, dict[str, Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        else:
            converters = pattern.pattern.converters
            kinds = {name: type(one).__name__.removesuffix("Converter").lower() for name, one in converters.items()}
            assert pattern.name, f"{pattern} has no name"
            yield pattern.name, {name: EXAMPLES[kind] for name, kind in kinds.items()}


ALL = sorted(_names(get_resolver().url_patterns), key=lambda one: one[0])


def test_there_is_something_to_walk() -> None:
    assert len(ALL) > 30
    assert {name for name, _ in ALL} >= {"overview", "persons", "person_civic_number", "history", "sync_job", *OPEN}


@pytest.mark.parametrize(("name", "arguments"), [one for one in ALL if one[0] not in OPEN])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_comes_in_without_logging_in(db: None, name: str, arguments: dict[str, Any], method: str) -> None:
    address = reverse(name, kwargs=arguments)

    answer = getattr(Client(), method)(address)

    assert answer.status_code == 302, f"{name} answered {answer.status_code}"
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(OPEN))
def test_open_pages_show_nothing_of_the_register(db: None, name: str) -> None:
    answer = Client().get(reverse(name))

    assert answer.status_code in {200, 302}
    assert b"Huvudmeny" not in answer.content
