"""Cancel, resume, "Skicka" and "Kör om det som felade" at any moment, while workers are killed: the end is the same."""

import json
import os
import random
import time
import urllib.request
import uuid

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import ENDED, assert_consistent, shown, state
from tests.engine.workers import Nest, nest_of, wait

PRESSES = int(os.environ.get("CRASH_PRESSES", "12"))
SEED = int(os.environ.get("CRASH_SEED") or 20261123)
CLASSES, PUPILS = 3, 15
STAFF = CLASSES + 1
WANTED = {"persons": CLASSES * PUPILS + STAFF, "duties": STAFF, "groups": 2 * CLASSES, "activities": CLASSES}


@pytest.mark.timeout(150 + 5 * PRESSES)
def test_the_right_end_whatever_is_pressed_and_whenever(here: Installation) -> None:
    chance = random.Random(SEED)
    print(f"\n{PRESSES} presses with seed {SEED}")
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, CLASSES, PUPILS, 0)
        _refuse(here, [_a_pupil(here)])
        nest.start_worker()
        if here.database_url:
            nest.start_worker()
        transfers = [nest.ask("send", ORGANISATION)]
        for _ in range(PRESSES):
            time.sleep(chance.uniform(0, 0.8))
            _press(chance, nest, transfers)
        _let_all_end(here, nest, transfers)

        # Now that nobody is refused, one press brings over what is left, and that only.
        _refuse(here, [])
        last = nest.ask("send", ORGANISATION)
        wait(lambda: state(here, last) in ENDED, 60, lambda: (shown(here, last), nest.output()))
        nothing = nest.ask("send", ORGANISATION)
        wait(lambda: state(here, nothing) in ENDED, 60, lambda: (shown(here, nothing), nest.output()))
    for transfer in [*transfers, last, nothing]:
        assert_consistent(here, transfer)
    assert state(here, last) == state(here, nothing) == "done", shown(here, last)
    assert [(job["wanted"], job["unchanged"]) for job in shown(here, nothing)] == [(n, n) for n in WANTED.values()]
    assert dict(here.rows("SELECT kind, count(*) FROM transfers_accepted GROUP BY kind")) == WANTED
    assert _stored(here) == WANTED


def _press(chance: random.Random, nest: Nest, transfers: list[int]) -> None:
    """Do one thing to one of the transfers, or to a worker. What cannot be done is refused with a word."""
    what = chance.choice(["cancel", "cancel", "resume", "resume", "send", "run_again", "kill"])
    if what == "kill":
        nest.kill(chance.choice(nest.workers))
        nest.start_worker()
        return
    answer = nest.ask("send", ORGANISATION) if what == "send" else nest.ask(what, chance.choice(transfers[-2:]))
    if isinstance(answer, int):
        transfers.append(answer)
    else:
        assert answer == "done" or answer.endswith("."), answer


def _let_all_end(here: Installation, nest: Nest, transfers: list[int]) -> None:
    wait(
        lambda: all(state(here, transfer) in ENDED for transfer in transfers),
        90,
        lambda: ([(one, state(here, one), shown(here, one)) for one in transfers], nest.output()),
    )


def _a_pupil(here: Installation) -> str:
    ((pupil,),) = here.rows("SELECT id FROM register_person WHERE role = 'pupil' ORDER BY id LIMIT 1")
    return str(uuid.UUID(str(pupil)))


def _refuse(here: Installation, ids: list[str]) -> None:
    """Let the simulator refuse these objects from now on, and no others."""
    data = json.dumps({"refused_ids": ids}).encode()
    with urllib.request.urlopen(f"{here.simulator}/faults", data, timeout=10) as answer:
        assert json.load(answer)["refused_ids"] == ids


def _stored(here: Installation) -> dict[str, int]:
    with urllib.request.urlopen(f"{here.simulator}/stored", timeout=10) as answer:
        stored = json.load(answer)
    return {kind: stored[kind] for kind in WANTED}
