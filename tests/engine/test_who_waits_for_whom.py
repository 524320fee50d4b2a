"""A press waits for no import and for no answer, only for another press; on PostgreSQL, which has many writers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from provsluss.organisations import locks
from tests.engine.installation import ORGANISATION, Installation
from tests.engine.workers import nest_of

pytestmark = pytest.mark.postgresql


@contextmanager
def _held(url: str, *purposes: locks.Purpose) -> Iterator[None]:
    """The locks, held by somebody whose transaction lasts."""
    with psycopg.connect(url) as connection:
        row: tuple[uuid.UUID] | None = connection.execute("SELECT id FROM organisations_organisation").fetchone()
        assert row is not None
        for purpose in purposes:
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", locks.advisory_key(purpose, row[0]))
        yield


def test_a_press_waits_for_neither_import_nor_answer(tmp_path: Path, postgresql_url: str) -> None:
    impatient = f"{postgresql_url}?options=-c%20lock_timeout%3D5s"
    here = Installation(tmp_path / "data", "http://127.0.0.1:9", impatient)
    with nest_of(here) as nest:
        nest.ask("school", ORGANISATION, 1, 5, 0)
        with _held(postgresql_url, locks.Purpose.REGISTER, locks.Purpose.ACCEPTED):
            assert nest.ask("send", ORGANISATION) == 1
