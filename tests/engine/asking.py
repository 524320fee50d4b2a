"""A process that asks Skolverket for some seconds, in two threads or more, and says how often it did.

`-m tests.engine.asking ORGNR FILE SECONDS [THREADS]`: a worker's calls without a worker's other work.
Begins when FILE exists.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

django.setup()

from provsluss.connection.clients import client_for  # noqa: E402
from provsluss.organisations.environments import Environment  # noqa: E402
from provsluss.organisations.models import Organisation  # noqa: E402
from provsluss.provtjanst.client import ProvisioningClient  # noqa: E402
from provsluss.provtjanst.errors import UnknownJob  # noqa: E402


def ask(client: ProvisioningClient, ends: float) -> int:
    """Ask until `ends`; returns how often."""
    times = 0
    while time.time() < ends:
        try:
            client.is_completed("persons", "3fa85f64-5717-4562-b3fc-2c963f66afa7")
        except UnknownJob:
            times += 1
    return times


if __name__ == "__main__":
    number, start, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    client = client_for(Organisation(number=number), Environment.SIMULATOR)
    print("ready", flush=True)
    patience = time.time() + 60
    while not start.exists() and time.time() < patience:
        time.sleep(0.01)
    ends = time.time() + seconds
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    with ThreadPoolExecutor(count) as threads:
        times = sum(threads.map(lambda _: ask(client, ends), range(count)))
    print("asked", times, flush=True)
