"""The catalogue's environment, pointed at a simulator or at a scripted server."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.provtjanst.scripted_server import ScriptedServer, scripted_server

ENVIRONMENT = "simulator"


@pytest.fixture(scope="module")
def simulator_url(start_simulator: Callable[..., str]) -> str:
    """One simulator for a module's tests."""
    return start_simulator()


@pytest.fixture
def simulator(simulator_url: str, settings: Settings) -> str:
    """The environment `simulator` is the module's simulator."""
    settings.SIMULATOR_URL = simulator_url
    return simulator_url


@pytest.fixture
def script(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """The environment `simulator` is a scripted server; its open data is below /open-data/v1."""
    monkeypatch.setattr("provsluss.provtjanst.open_data.PAUSES", (0.01, 0.01))
    with scripted_server() as server:
        settings.SIMULATOR_URL = server.address
        yield server
