"""Making the tables of one database asks nothing of another, and leaves what is there as it was.

A move to PostgreSQL makes tables in the new database while the old one is still what everybody uses.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

OTHER = "other"


@pytest.fixture
def other_database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Another database, empty, beside the one that is in use."""
    connections.databases[OTHER] = connections.configure_settings(
        {"default": {}, OTHER: {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "other.sqlite3")}}
    )[OTHER]
    yield OTHER
    with django_db_blocker.unblock():
        connections[OTHER].close()
    del connections[OTHER]
    del connections.databases[OTHER]


def test_tables_are_made_in_one_database_without_a_look_at_another(
    other_database: str, django_db_blocker: DjangoDbBlocker
) -> None:
    asked: list[str] = []

    def refuse(_execute: Any, sql: str, *_rest: Any) -> None:
        asked.append(sql)
        raise AssertionError(f"asked of the database in use: {sql}")

    with django_db_blocker.unblock(), connection.execute_wrapper(refuse):
        call_command("migrate", database=other_database, verbosity=0, interactive=False)
        assert "transfers_transfer" in connections[other_database].introspection.table_names()

    assert asked == []
