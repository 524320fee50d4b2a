"""One role makes the tables; web and workers do with one that may only read and write."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.wholeness import assert_whole, is_ended, message, shown
from tests.engine.workers import nest_of, wait

pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(120)]


@pytest.fixture
def application_role(postgresql_url: str) -> Iterator[str]:
    """A role that may log in, and nothing else; not even PostgreSQL's own leave for everybody."""
    name = f"app_{uuid4().hex[:8]}"
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        yield name
        connection.execute(f"DROP OWNED BY {name}")
        connection.execute(f"DROP ROLE {name}")


def test_a_transfer_by_a_role_that_may_not_change_tables(
    tmp_path: Path, postgresql_url: str, application_role: str, start_simulator: Callable[..., str]
) -> None:
    owner = Installation(tmp_path / "data", start_simulator("--delay", "0.1", "--transfer-rate", "0"), postgresql_url)
    application = replace(owner, database_url=postgresql_url.replace("postgres@", f"{application_role}@"))
    owner.data_dir.mkdir(mode=0o700)

    refused = application.refusal("worker")
    assert "Databasens tabeller är inte skapade" in refused
    with nest_of(application, migrate=False) as nest:
        assert "får inte skapa" in nest.ask("command", "migrate")
    with nest_of(owner, migrate=False) as nest:
        assert "finns inte i PostgreSQL" in nest.ask("command", "migrate", "--application-role", "ingen_alls")
        assert "klar" in nest.ask("command", "migrate", "--application-role", application_role)

    with nest_of(application, migrate=False) as nest:
        nest.ask("school", ORGANISATION, 1, 10, 0)
        nest.start_worker()
        assert "pausad" in nest.ask("command", "queue", "pause")
        transfer = nest.ask("send", ORGANISATION)
        wait(lambda: "pausad" in message(application, transfer), 30, nest.output)
        assert application.posts() == 0
        nest.ask("command", "queue", "release")
        wait(lambda: is_ended(application, transfer), 60, lambda: (shown(application, transfer), nest.output()))
    assert_whole(application, transfer, {"persons": 12, "duties": 2, "groups": 2, "activities": 1})
    for statement in (
        "CREATE TABLE extra (id int)",
        "DROP TABLE transfers_transfer",
        "DELETE FROM django_migrations",
        "CREATE TABLE dbos.extra (id int)",
    ):
        with psycopg.connect(application.database_url) as connection, pytest.raises(psycopg.ProgrammingError):
            connection.execute(statement)  # type: ignore[call-overload]
