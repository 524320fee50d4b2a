"""A simulator process for a measurement, and what it counted."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def simulator(*switches: object) -> Iterator[str]:
    """Runs a simulator on a free port and gives its base address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "provsluss.simulator", "--port", "0", *map(str, switches)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(10)


def log(address: str) -> dict[str, Any]:
    """The simulator's counters."""
    with urllib.request.urlopen(f"{address}/log", timeout=10) as answer:
        counted: dict[str, Any] = json.load(answer)
    return counted
