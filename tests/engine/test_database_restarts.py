"""PostgreSQL goes down as in a power failure, while two workers send: they wait for it and go on by themselves."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import assert_whole, calls_and_attempts, is_ended, shown
from tests.engine.workers import Nest, nest_of, wait
from tests.fixtures.postgresql import Server

RESTARTS = 3
CLASSES, PUPILS = 6, 20
STAFF = CLASSES + 1
WANTED = {"persons": CLASSES * PUPILS + STAFF, "duties": STAFF, "groups": 2 * CLASSES, "activities": CLASSES}
OTHER = "5590009998"


@pytest.mark.postgresql
@pytest.mark.timeout(180)
def test_transfers_go_on_when_the_database_is_back(
    tmp_path: Path,
    own_postgresql_server: Server,
    start_simulator: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "3000")
    monkeypatch.setenv("PROVSLUSS_TRANSFER_RATE", "15")
    server = own_postgresql_server
    with psycopg.connect(f"{server.url}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE provsluss")
    simulator = start_simulator("--delay", "0.2", "--transfer-rate", "0")
    here = Installation(tmp_path / "data", simulator, f"{server.url}/provsluss")
    chance = random.Random(20261123)
    with nest_of(here) as nest:
        for position, number in enumerate((ORGANISATION, OTHER)):
            nest.ask("school", number, CLASSES, PUPILS, 1000 * position)
        for _ in range(2):
            nest.start_worker()
        transfers = [nest.ask("send", number) for number in (ORGANISATION, OTHER)]
        for _ in range(RESTARTS):
            _wait_for_calls(here, nest, 3)
            time.sleep(chance.uniform(0, 0.5))
            assert not all(is_ended(here, transfer) for transfer in transfers), "there is load when it goes down"
            server.control("restart")
        wait(
            lambda: all(is_ended(here, transfer) for transfer in transfers),
            90,
            lambda: ([shown(here, transfer) for transfer in transfers], nest.output()),
        )
    for transfer in transfers:
        assert_whole(here, transfer, WANTED)
    calls_and_attempts(here)


def _wait_for_calls(here: Installation, nest: Nest, calls: int) -> None:
    before = here.posts()
    wait(lambda: here.posts() >= before + calls, 60, nest.output)
