"""A move to PostgreSQL that cannot make its tables says why, and blames the role only where PostgreSQL does."""

import psycopg
import pytest
from django.db import DatabaseError
from pytest_django import DjangoDbBlocker

from provsluss.operations import database_move

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (psycopg.errors.InsufficientPrivilege("permission denied for schema public"), "Ange en roll som äger den."),
        (psycopg.errors.UndefinedColumn("no such column"), "Inget har flyttats. Kontakta support."),
    ],
    ids=["no-right", "fault-of-ours"],
)
def test_the_role_is_blamed_only_where_it_is_at_fault(
    cause: psycopg.Error,
    expected: str,
    postgresql_url: str,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise DatabaseError(str(cause)) from cause

    monkeypatch.setattr(database_move, "call_command", fail)
    with django_db_blocker.unblock(), pytest.raises(database_move.CannotMove) as refused:
        database_move.move_to_postgresql(postgresql_url, lambda _table, _rows: None)
    assert str(refused.value).endswith(expected)
    assert ("roll" in str(refused.value).lower()) == isinstance(cause, psycopg.errors.InsufficientPrivilege)
