"""One quick simulator for all tests of a module, and a school organiser of each test's own."""

from collections.abc import Callable

import pytest

from tests.simulator.huvudman import Huvudman

QUICK = ("--delay", "0.05", "--transfer-rate", "0", "--read-rate", "0", "--provision-delay", "0")


@pytest.fixture(scope="module")
def quick_simulator(start_simulator: Callable[..., str]) -> str:
    """Address of a simulator with short delays and without limits."""
    return start_simulator(*QUICK)


@pytest.fixture
def huvudman(quick_simulator: str) -> Huvudman:
    """A school organiser that has stored nothing yet."""
    return Huvudman(quick_simulator)
