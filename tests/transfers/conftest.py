"""A scope around each test, and a simulator that the application is pointed at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_scopes import scope

from provsluss.connection import clients as connection
from provsluss.organisations.models import Organisation
from provsluss.transfers.pipeline import advance as pipeline
from provsluss.transfers.pipeline import poll_times as pacing
from provsluss.transfers.pipeline import removals as removing

QUICK = ("--delay", "0.03", "--transfer-rate", "0", "--read-rate", "0")


@pytest.fixture
def scoped(organisation: Organisation) -> Iterator[Organisation]:
    """The organisation, with its scope active during the test."""
    with scope(organisation=organisation):
        yield organisation


@pytest.fixture
def skolverket(
    start_simulator: Callable[..., str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., str]]:
    """`skolverket("--seed", "7", …)` starts a simulator of its own and points the application at it.

    Nobody waits without need: its jobs are done at once, it has no limits and the application keeps to none, asks early
    and soon tries again. What a test wants otherwise it says with a switch, or sets.
    """
    settings.TRANSFER_RATE = settings.READ_RATE = 0
    monkeypatch.setattr(pacing, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(pacing, "FIRST_GUESS", 0.1)
    monkeypatch.setattr(pacing, "SHORTEST_WAIT", 0.05)

    def start(*switches: object) -> str:
        url = start_simulator(*QUICK, *switches)
        settings.SIMULATOR_URL = url
        return url

    yield start
    connection._client.cache_clear()
    pipeline.selection_of.cache_clear()
    removing.forget_lists()
