"""Several processes behind one address stay under the limit together, and still use nearly all of it."""

import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(90)]
SECONDS = 6.0
RATE = 5

# All that two processes know of each other is in the database.
LEARNED_BY_ANOTHER = """
import django, time
django.setup()
from provsluss.connection.shared_window import SharedWindow

def seconds_until_let_through(window, since=None):
    since = since or time.monotonic()
    while pause := window.take():
        time.sleep(pause)
    window.answered(None, False)
    return time.monotonic() - since

told, other = (SharedWindow("https://a.example", "transfer", 5) for _ in range(2))
elsewhere = SharedWindow("https://b.example", "transfer", 5)
seconds_until_let_through(told), seconds_until_let_through(other)
for title, headers, refused in (
    ("refused", {"retry-after": "0.8"}, True),
    ("little left", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0.8"}, False),
):
    time.sleep(1.1)
    assert told.take() == 0
    told.answered(headers, refused)
    since = time.monotonic()
    print(title, seconds_until_let_through(elsewhere), seconds_until_let_through(other, since))

held_up, other = (SharedWindow("https://c.example", "transfer", 1) for _ in range(2))
seconds_until_let_through(other)
while pause := held_up.take():
    time.sleep(pause)
time.sleep(0.8)
sent_at = time.monotonic()
time.sleep(0.4)
held_up.answered(None, False, sent_at)
print("held up", seconds_until_let_through(elsewhere), seconds_until_let_through(other))
"""


@pytest.fixture
def here(tmp_path: Path, postgresql_url: str, start_simulator: Callable[..., str]) -> Installation:
    installation = Installation(tmp_path / "data", start_simulator(), postgresql_url)
    installation.run("migrate")
    return installation


def test_three_processes_keep_to_one_limit(here: Installation, start_process: Start) -> None:
    start = here.data_dir / "start"
    processes = [
        start_process("-m", "tests.engine.asking", ORGANISATION, start, SECONDS, environment=here.environment)
        for _ in range(3)
    ]
    for process in processes:
        process.wait_until_prints("ready")
    start.touch()
    for process in processes:
        process.wait_until_prints("asked")

    with urllib.request.urlopen(f"{here.simulator}/log", timeout=10) as answer:
        log = json.load(answer)
    calls = log["calls"]["GET /provisioning/v1/persons/bulk/jobs/{id}/isCompleted"]
    assert log["too_many_requests"] == 0
    assert calls >= 0.9 * RATE * SECONDS
    assert all(int(process.output().split()[-1]) > 0 for process in processes)
    # Nothing is left lying: a place for each call that is allowed, and all of them free again.
    time.sleep(1.1)
    slots = here.rows("SELECT kind, number FROM transfers_callslot WHERE free_at <= clock_timestamp() ORDER BY 2")
    assert slots == [("transfer", number) for number in range(RATE)]


def test_slow_answers_cost_hardly_any_pace(here: Installation, start_process: Start) -> None:
    _change(here, answer_delay=1)
    start = here.data_dir / "start"
    processes = [
        start_process("-m", "tests.engine.asking", ORGANISATION, start, SECONDS, 6, environment=here.environment)
        for _ in range(2)
    ]
    for process in processes:
        process.wait_until_prints("ready")
    start.touch()
    for process in processes:
        process.wait_until_prints("asked")
    with urllib.request.urlopen(f"{here.simulator}/log", timeout=10) as answer:
        log = json.load(answer)
    assert log["too_many_requests"] == 0
    calls = log["calls"]["GET /provisioning/v1/persons/bulk/jobs/{id}/isCompleted"]
    # A place held for a whole window after each answer would give half of the limit.
    assert calls >= 0.8 * RATE * SECONDS, calls


def _change(here: Installation, **faults: object) -> None:
    with urllib.request.urlopen(f"{here.simulator}/faults", json.dumps(faults).encode(), timeout=10):
        pass


def test_what_one_process_learns_counts_for_all(here: Installation, start_process: Start) -> None:
    process = start_process("-c", LEARNED_BY_ANOTHER, environment=here.environment)
    process.wait_until_prints("held up")
    assert process.process.wait(10) == 0, process.output()

    waited = {line.rsplit(maxsplit=2)[0]: list(map(float, line.split()[-2:])) for line in process.output().splitlines()}
    assert all(elsewhere < 0.5 for elsewhere, _ in waited.values()), "another address is not closed"
    assert 0.75 <= waited["refused"][1] < 1.5
    assert 0.75 <= waited["little left"][1] < 1.5
    # Sent 0.4 s before its answer, the call had arrived 0.3 s before it, although it had its place 1.2 s before.
    # Counted from its place there would be nothing to wait for; from its answer, a whole second. A busy machine sleeps
    # longer than it is asked to, which takes from what is left to wait.
    assert 0.2 < waited["held up"][1] < 1.0
