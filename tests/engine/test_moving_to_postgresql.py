"""From SQLite to PostgreSQL without losing history: the next press knows what Skolverket has already taken."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import is_ended, shown, state
from tests.engine.workers import Nest, nest_of, wait

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(180)]
LOGIN_CODES = "SELECT data FROM mfa_authenticator ORDER BY id"
EVERY_TABLE = Path(__file__).with_name("one_row_each.py")


@pytest.fixture
def there_before(tmp_path: Path, start_simulator: Callable[..., str]) -> tuple[Installation, dict[str, Any]]:
    """A school on SQLite that has been sent, with a second transfer that a stopped worker left in the middle.

    And what `provsluss show` says of the first one.
    """
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1", "--transfer-rate", "0"))
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 2, 10, 0)
        worker = nest.start_worker()
        first = nest.ask("send", ORGANISATION)
        wait(lambda: is_ended(here, first), 60, nest.output)
        nest.kill(worker)
        second = nest.ask("send", ORGANISATION)
        here.execute("UPDATE transfers_transfer SET state = 'running', created_at = '2026-11-01' WHERE id = ?", second)
        assert nest.ask("script", EVERY_TABLE).split() == ["organisations_user_groups"], "which nothing uses"
        here.execute("DELETE FROM transfers_queuepause")
        here.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) SELECT id, 'totp', ?, '2026-11-01' "
            "FROM organisations_user LIMIT 1",
            json.dumps({"secret": "förseglad"}),
        )
        return here, _shown(nest, first)


def test_everything_moves_and_the_next_press_sends_nothing(
    there_before: tuple[Installation, dict[str, Any]], postgresql_url: str
) -> None:
    here, first = there_before
    before, codes = _counts(here), here.rows(LOGIN_CODES)
    assert codes
    assert [table for table, rows in before.items() if not rows and table.startswith("transfers_")] == [
        "transfers_queuepause"
    ]

    said = here.run("move-to-postgresql", postgresql_url)

    assert postgresql_url not in said
    moved = replace(here, database_url=postgresql_url)
    # The second one ran: that it waits its turn anew is told of there.
    assert _counts(moved) == before | {"transfers_transferevent": before["transfers_transferevent"] + 1}
    # Sealed once, as they were: whoever logs in with a code goes on doing so.
    assert [json.loads(row) if isinstance(row, str) else row for (row,) in moved.rows(LOGIN_CODES)] == [
        json.loads(row) for (row,) in codes
    ]
    assert here.rows(LOGIN_CODES) == codes
    # Nobody goes on with the database that was left, by mistake.
    assert "flyttad till PostgreSQL" in here.refusal("send", "--organisation", ORGANISATION)

    posts = moved.posts()
    with nest_of(moved) as nest:
        assert _shown(nest, 1) == first
        nest.start_worker()
        wait(lambda: is_ended(moved, 2), 60, lambda: (shown(moved, 2), nest.output()))
        assert nest.ask("send", ORGANISATION) == 3, "the numbers go on where they were"
        wait(lambda: is_ended(moved, 3), 60, lambda: (shown(moved, 3), nest.output()))
    for transfer in (2, 3):
        assert state(moved, transfer) == "done"
        for job in shown(moved, transfer):
            assert job["sent"] == 0, job
            assert job["unchanged"] == job["wanted"] > 0, job
    assert moved.posts() == posts


def _shown(nest: Nest, transfer: int) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(nest.ask("command", "show", transfer, "--json"))
    return answer


def test_a_target_that_is_used_and_a_worker_that_runs_are_refused(tmp_path: Path, postgresql_url: str) -> None:
    here = Installation(tmp_path / "data", "http://127.0.0.1:9")
    used = replace(here, database_url=postgresql_url)
    with nest_of(here) as nest:

        def refusal(url: str) -> str:
            said: str = nest.ask("command", "move-to-postgresql", url)
            assert "Traceback" not in said
            return said

        assert "anges som postgresql://" in refusal("mysql://a:hemligt@b/c")
        used.execute("CREATE TABLE somebodys (id int)")
        assert "andra tabeller" in refusal(postgresql_url)
        used.execute("DROP TABLE somebodys")
        with nest_of(used) as other:
            other.ask("school", ORGANISATION, 1, 1, 0)
        assert "är inte tom" in refusal(postgresql_url)

        nest.start_worker()
        wait(lambda: "is ready" in nest.output(), 30)
        assert "Provsluss är igång" in refusal(postgresql_url)
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
