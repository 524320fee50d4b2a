"""The next `provsluss import` ends what a killed one left; tried on PostgreSQL, where storing holds a lock."""

from pathlib import Path

import psycopg
import pytest

from provsluss.organisations import locks
from tests.fixtures.command import Command
from tests.register.workbooks import write_workbook

ORGANISATION = "2120009945"


@pytest.mark.postgresql
def test_it_is_ended_unless_somebody_stores(provsluss: Command, tmp_path: Path, migrated_postgresql_url: str) -> None:
    database = {"PROVSLUSS_DATABASE_URL": migrated_postgresql_url}
    add = ("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    assert provsluss(*add, **database).returncode == 0
    workbook = write_workbook(tmp_path / "skola.xlsx")
    again = ("import", workbook, "--organisation", ORGANISATION, "--preview-only", "--json")
    assert provsluss(*again, **database).returncode == 0
    copy = next((tmp_path / "data" / "uploads").rglob("*.lock")).with_name("1.upload")
    copy.touch()
    with psycopg.connect(migrated_postgresql_url, autocommit=True) as connection:
        connection.execute("UPDATE register_import SET state = 'storing' WHERE id = 1")
        with connection.transaction():
            (organisation_id,) = connection.execute("SELECT id FROM organisations_organisation").fetchone() or ()
            key = locks.advisory_key(locks.Purpose.REGISTER, organisation_id)
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", key)
            assert provsluss(*again, **database).returncode == 0
            assert _state(connection) == "storing"
        assert provsluss(*again, **database).returncode == 0
        assert _state(connection) == "rejected"
    assert not copy.exists()


def _state(connection: "psycopg.Connection[tuple[str]]") -> str:
    row = connection.execute("SELECT state FROM register_import WHERE id = 1").fetchone()
    assert row is not None
    return row[0]
