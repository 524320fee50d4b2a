"""From SQLite to PostgreSQL without losing history: the next press knows what Skolverket has already taken."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(180)]


@pytest.fixture
def there_before(tmp_path: Path, start_simulator: Callable[..., str]) -> Installation:
    """A school on SQLite that has been sent, with a second transfer that a stopped worker left in the middle."""
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1", "--transfer-rate", "0"))
    here.add_school(pupils=30)
    assert here.json("send", "--organisation", ORGANISATION, "--wait")["state"] == "done"
    here.json("send", "--organisation", ORGANISATION)
    with sqlite3.connect(here.data_dir / "provsluss.sqlite3") as database:
        # As a worker leaves it that was stopped; some time ago, so that the next worker takes it up at once.
        database.execute("UPDATE transfers_transfer SET state = 'running', created_at = '2026-11-01' WHERE id = 2")
    return here


def test_everything_moves_and_the_next_press_sends_nothing(
    there_before: Installation, postgresql_url: str, start_process: Start
) -> None:
    here = there_before
    before = _counts(here)
    first = here.json("show", 1)

    said = here.run("move-to-postgresql", postgresql_url)

    assert postgresql_url not in said
    moved = replace(here, database_url=postgresql_url)
    assert _counts(moved) == before
    assert moved.json("show", 1) == first
    # Nobody goes on with the database that was left, by mistake.
    assert "flyttad till PostgreSQL" in here.refusal("send", "--organisation", ORGANISATION)

    posts = moved.posts()
    worker = start_process("-m", "provsluss", "worker", environment=moved.environment)
    deadline = time.monotonic() + 60
    while (second := moved.json("show", 2))["state"] != "done":
        assert time.monotonic() < deadline, (second, worker.output())
    third = moved.json("send", "--organisation", ORGANISATION, "--wait")
    worker.end()
    assert third["state"] == "done"
    for transfer in (second, third):
        for kind, counts in transfer["jobs"].items():
            assert counts["sent"] == 0, kind
            assert counts["unchanged"] == counts["wanted"] > 0, kind
    assert moved.posts() == posts
    assert third["transfer"] == 3, "the numbers go on where they were"


def test_a_target_that_is_used_and_a_worker_that_runs_are_refused(
    tmp_path: Path, postgresql_url: str, start_process: Start
) -> None:
    here = Installation(tmp_path / "data", "http://127.0.0.1:9")
    assert "anges som postgresql://" in here.refusal("move-to-postgresql", "mysql://a:hemligt@b/c")
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE TABLE somebodys (id int)")
    assert "andra tabeller" in here.refusal("move-to-postgresql", postgresql_url)
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("DROP TABLE somebodys")
    used = replace(here, database_url=postgresql_url)
    used.run("migrate")
    used.run("organisation", "add", ORGANISATION, "Exempelkommunen")
    assert "är inte tom" in here.refusal("move-to-postgresql", postgresql_url)

    worker = start_process("-m", "provsluss", "worker", environment=here.environment)
    worker.wait_until_prints("is ready")
    assert "Provsluss är igång" in here.refusal("move-to-postgresql", postgresql_url)
    worker.end()
    assert not (here.data_dir / "moved-to-postgresql").exists()


def _counts(installation: Installation) -> dict[str, int]:
    """Rows in every table of ours that holds anything that lasts."""
    with sqlite3.connect(installation.data_dir / "provsluss.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    left_out = {"django_migrations", "django_session", "transfers_worker", "transfers_callslot"}
    return {
        table: installation.rows(f'SELECT count(*) FROM "{table}"')[0][0]
        for table in sorted(set(tables) - left_out)
        if not table.startswith("sqlite_")
    }
