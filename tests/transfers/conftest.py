"""A scope around each test, and a simulator that the application is pointed at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.transfers.connection import clients as connection
from provsluss.transfers.removal import removing
from provsluss.transfers.steps import pipeline


@pytest.fixture
def scoped(organisation: Organisation) -> Iterator[Organisation]:
    """The organisation, with its scope active during the test."""
    with scope(organisation=organisation):
        yield organisation


@pytest.fixture
def skolverket(start_simulator: Callable[..., str], settings: Any) -> Iterator[Callable[..., str]]:
    """`skolverket("--delay", "0.1", …)` starts a simulator of its own and points the application at it."""

    def start(*switches: object) -> str:
        url = start_simulator(*(switches or ("--delay", "0.1")))
        settings.SIMULATOR_URL = url
        return url

    yield start
    connection._client.cache_clear()
    pipeline.selection_of.cache_clear()
    removing.forget_lists()
