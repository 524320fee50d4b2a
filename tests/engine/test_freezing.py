"""A worker that stands still for longer than its heartbeat allows, and then goes on as if nothing had happened.

With PostgreSQL another has taken over meanwhile, so for a moment two work at the same transfer.
"""

import os
import random
import time
from dataclasses import replace

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.test_locks_of_the_frozen import IN_THREE_SECONDS
from tests.engine.wholeness import assert_whole, calls_and_attempts, is_ended, shown
from tests.engine.workers import Nest, nest_of, wait

FREEZES = int(os.environ.get("CRASH_FREEZES", "3"))
SEED = int(os.environ.get("CRASH_SEED") or 20261123)
CLASSES, PUPILS = 4, 20
STAFF = CLASSES + 1
WANTED = {"persons": CLASSES * PUPILS + STAFF, "duties": STAFF, "groups": 2 * CLASSES, "activities": CLASSES}


@pytest.mark.timeout(120 + 15 * FREEZES)
def test_nothing_twice_and_nothing_lost(here: Installation) -> None:
    if here.database_url:  # who is frozen in a transaction keeps its locks no longer than this, and not for minutes
        here = replace(here, database_url=f"{here.database_url}?options={IN_THREE_SECONDS}")
    chance = random.Random(SEED)
    transfers: list[int] = []
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, CLASSES, PUPILS, 0)
        nest.start_worker()
        for _ in range(FREEZES):
            if not transfers or is_ended(here, transfers[-1]):
                transfers.append(nest.ask("again", ORGANISATION))
            _wait_for_a_call(here, nest, transfers[-1])
            time.sleep(chance.uniform(0, 0.4))
            frozen = list(nest.workers)
            for worker in frozen:
                nest.freeze(worker)
            if here.database_url:
                nest.start_worker()
                _wait_for_a_call(here, nest, transfers[-1])  # it has taken over
            else:
                time.sleep(2.5)
            for worker in frozen:
                nest.thaw(worker)
        wait(lambda: is_ended(here, transfers[-1]), 60, lambda: (shown(here, transfers[-1]), nest.output()))
        if here.database_url:
            assert nest.output().count("taking over the work of") >= FREEZES / 2
    for transfer in transfers:
        assert_whole(here, transfer, WANTED)
    calls_and_attempts(here)


def _wait_for_a_call(here: Installation, nest: Nest, transfer: int) -> None:
    """Until Skolverket has been sent another call, or the transfer has ended."""
    before = here.posts()
    wait(lambda: here.posts() > before or is_ended(here, transfer), 30, nest.output)
