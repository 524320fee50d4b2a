"""What every test can ask for. The fixtures themselves stand in tests/fixtures, one idea a file."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.accounts",
    "tests.fixtures.certificates",
    "tests.fixtures.authorisation_server",  # after those that it imports, so that their assertions are rewritten
    "tests.fixtures.browser",
    "tests.fixtures.command",
    "tests.fixtures.lost_order",
    "tests.fixtures.postgresql",
    "tests.fixtures.school_register",
    "tests.fixtures.processes",  # before those that import it, so that its assertions are rewritten
    "tests.fixtures.demo",
    "tests.fixtures.shared",
    "tests.fixtures.skolverket",
    "tests.fixtures.template_names",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the files of the rooms, so that not all that wait, or all that work, are under way at the same time.

    Each room is spread evenly over the run; engine and cli, whose files are few and long, end before the others.
    """
    of_room: dict[str, dict[Path, None]] = {}
    for item in items:
        of_room.setdefault(_room(item), {})[item.path] = None
    places = {
        path: (number + 0.5) / len(paths) * (0.85 if room in {"cli", "engine"} else 1)
        for room, paths in of_room.items()
        for number, path in enumerate(paths)
    }
    items.sort(key=lambda item: (places[item.path], str(item.path)))


def _room(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]
