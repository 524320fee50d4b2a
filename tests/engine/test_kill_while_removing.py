"""Workers that are killed with -9 while they remove: everything goes once, in order, and can still be brought back."""

import random
import time

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.test_kill import CLASSES, PUPILS, SEED, WANTED
from tests.engine.wholeness import is_ended, shown, state
from tests.engine.workers import nest_of, wait

KILLS = 4


@pytest.mark.timeout(240)
def test_what_is_removed_is_removed_once(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROVSLUSS_REMOVAL_PERCENT", "100")
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "2000")
    chance = random.Random(SEED)
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, CLASSES, PUPILS, 0)
        nest.start_worker()
        sent = nest.ask("send", ORGANISATION)
        wait(lambda: is_ended(here, sent), 90, lambda: (shown(here, sent), nest.output()))
        nest.ask("archive", ORGANISATION)
        removal = nest.ask("send", ORGANISATION)
        for _ in range(KILLS):
            before = _posted(here)
            wait(lambda before=before: _posted(here) != before or is_ended(here, removal), 60)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.4))
            nest.kill(nest.workers[0])
            nest.start_worker()
        wait(lambda: is_ended(here, removal), 90, lambda: (shown(here, removal), nest.output()))

    assert state(here, removal) == "done", shown(here, removal)
    jobs = here.rows(
        "SELECT kind, wanted, removed, error FROM transfers_syncjob WHERE action = 'remove' ORDER BY position"
    )
    assert jobs == [(kind, WANTED[kind], WANTED[kind], 0) for kind in ("activities", "groups", "duties", "persons")]
    kept = here.rows("SELECT kind, count(*), count(DISTINCT object_id) FROM transfers_removedobject GROUP BY kind")
    assert {kind: (all_of_them, different) for kind, all_of_them, different in kept} == {
        kind: (number, number) for kind, number in WANTED.items()
    }
    assert here.rows("SELECT count(*) FROM transfers_accepted") == [(0,)]
    assert not here.rows("SELECT id FROM transfers_batch WHERE state NOT IN ('done', 'split')")


def _posted(here: Installation) -> tuple[int, ...]:
    return tuple(here.rows("SELECT count(*), sum(attempts), count(finished_at) FROM transfers_batch")[0])
