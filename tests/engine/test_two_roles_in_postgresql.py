"""One role makes the tables; web and workers do with one that may only read and write."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start

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
    tmp_path: Path,
    postgresql_url: str,
    application_role: str,
    start_simulator: Callable[..., str],
    start_process: Start,
) -> None:
    owner = Installation(tmp_path / "data", start_simulator("--delay", "0.1", "--transfer-rate", "0"), postgresql_url)
    application = replace(owner, database_url=postgresql_url.replace("postgres@", f"{application_role}@"))

    refused = application.refusal("worker")
    assert "Databasens tabeller är inte skapade" in refused
    assert "får inte skapa" in application.refusal("migrate")
    assert "finns inte i PostgreSQL" in owner.refusal("migrate", "--application-role", "ingen_alls")
    owner.run("migrate", "--application-role", application_role)

    application.add_school(pupils=30, migrate=False)
    worker = start_process("-m", "provsluss", "worker", environment=application.environment)
    sent = application.json("send", "--organisation", ORGANISATION, "--wait")
    worker.end()
    assert sent["state"] == "done"
    for statement in (
        "CREATE TABLE extra (id int)",
        "DROP TABLE transfers_transfer",
        "DELETE FROM django_migrations",
        "CREATE TABLE dbos.extra (id int)",
    ):
        with psycopg.connect(application.database_url) as connection, pytest.raises(psycopg.ProgrammingError):
            connection.execute(statement)  # type: ignore[call-overload]
