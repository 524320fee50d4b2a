"""Workers that are killed with -9 at any moment: others go on, nothing is lost and nothing is recorded twice.

`make crash` kills many more. CRASH_KILLS says how many on each database, CRASH_SEED which moments.
"""

import os
import random
import time

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import assert_whole, calls_and_attempts, is_ended, shown
from tests.engine.workers import nest_of, wait
from tests.transfers.simulator_control import switch

KILLS = int(os.environ.get("CRASH_KILLS", "15"))
SEED = int(os.environ.get("CRASH_SEED") or 20261123)
CLASSES, PUPILS = 5, 20
WANTED = {
    "persons": CLASSES * PUPILS + CLASSES + 1,
    "duties": CLASSES + 1,
    "groups": 2 * CLASSES,
    "activities": CLASSES,
}


@pytest.mark.timeout(120 + 6 * KILLS)
def test_nothing_is_lost_or_recorded_twice(here: Installation) -> None:
    chance, begun = random.Random(SEED), time.monotonic()
    transfers: list[int] = []
    print(f"\n{KILLS} kills with seed {SEED}")
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, CLASSES, PUPILS, 0)
        # The embedded database has one worker; with PostgreSQL there are two, and a killed one's name never comes back.
        for _ in range(2 if here.database_url else 1):
            nest.start_worker()
        for _ in range(KILLS):
            if not transfers or is_ended(here, transfers[-1]):
                transfers.append(nest.ask("again", ORGANISATION))
            # Slow answers: then several calls are under way when the worker dies.
            switch(here.simulator, answer_delay=chance.choice([0, 0, 0.3]))
            if chance.random() < 0.8:  # otherwise the next one dies while it starts
                _wait_for_progress(here, transfers[-1])
            time.sleep(chance.uniform(0, 0.4))
            nest.kill(chance.choice(nest.workers))
            nest.start_worker()
        wait(lambda: is_ended(here, transfers[-1]), 60, lambda: (shown(here, transfers[-1]), nest.output()))
    for transfer in transfers:
        assert_whole(here, transfer, WANTED)
    calls, attempts = calls_and_attempts(here)
    print(
        f"{'PostgreSQL' if here.database_url else 'SQLite'}: {KILLS} kills, {len(transfers)} transfers, "
        f"{calls} calls, {attempts - calls} posted twice, {time.monotonic() - begun:.0f} s"
    )


def _wait_for_progress(here: Installation, transfer: int) -> None:
    """Until a call has been posted or answered since now, or the transfer has ended."""
    before = _moved(here)
    wait(lambda: _moved(here) != before or is_ended(here, transfer), 60, lambda: shown(here, transfer))


def _moved(here: Installation) -> tuple[int, ...]:
    return tuple(here.rows("SELECT count(*), sum(attempts), count(finished_at) FROM transfers_batch")[0])
