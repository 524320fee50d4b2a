"""Turn the simulator's switches while it runs, and read what it has counted and stored."""

import json
import urllib.request
from typing import Any


def switch(url: str, **faults: object) -> None:
    """Change these faults from now on."""
    with urllib.request.urlopen(f"{url}/faults", json.dumps(faults).encode(), timeout=10):
        pass


def log(url: str) -> dict[str, Any]:
    """The counters."""
    return _read(f"{url}/log")


def calls_of(url: str, *endings: str) -> int:
    """How many calls have been made to a path with one of these endings, ids as {id}."""
    return sum(count for call, count in log(url)["calls"].items() if call.endswith(endings))


def digests(url: str) -> dict[str, str]:
    """A fingerprint of what is stored, for each kind."""
    stored: dict[str, str] = _read(f"{url}/stored")["digests"]
    return stored


def _read(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=10) as answer:
        read: dict[str, Any] = json.load(answer)
        return read
