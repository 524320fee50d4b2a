"""Provsluss is upgraded in the middle of a transfer, and DBOS resumes nothing that another version began.

The transfer goes on all the same, from what the tables say, by a worker of the new version.
"""

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import assert_whole, calls_and_attempts, is_ended, shown
from tests.engine.workers import Nest, nest_of, wait

CLASSES, PUPILS = 4, 20
STAFF = CLASSES + 1
WANTED = {"persons": CLASSES * PUPILS + STAFF, "duties": STAFF, "groups": 2 * CLASSES, "activities": CLASSES}


@pytest.mark.timeout(120)
def test_a_transfer_that_an_older_version_began_goes_on(here: Installation) -> None:
    with nest_of(here) as nest:
        transfer, old = _begun_by_an_older_version(here, nest)
        nest.kill(old)
        nest.start_worker()
        wait(lambda: is_ended(here, transfer), 60, lambda: (shown(here, transfer), nest.output()))
        after = nest.ask("again", ORGANISATION)
        wait(lambda: is_ended(here, after), 60, lambda: (shown(here, after), nest.output()))
    for one in (transfer, after):
        assert_whole(here, one, WANTED)
    calls_and_attempts(here)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("here", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_an_older_worker_that_is_alive_is_let_to_end_its_work(here: Installation) -> None:
    with nest_of(here) as nest:
        transfer, _ = _begun_by_an_older_version(here, nest)
        nest.start_worker()
        wait(lambda: is_ended(here, transfer), 60, lambda: (shown(here, transfer), nest.output()))
        assert "begins anew" not in nest.output()
    assert_whole(here, transfer, WANTED)


def _begun_by_an_older_version(here: Installation, nest: Nest) -> tuple[int, int]:
    nest.ask("school", ORGANISATION, CLASSES, PUPILS, 0)
    old = nest.start_worker("0")
    transfer = nest.ask("send", ORGANISATION)
    wait(lambda: here.posts() >= 3, 30, nest.output)
    return transfer, old
