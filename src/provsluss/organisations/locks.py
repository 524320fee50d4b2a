"""Locks by purpose: who waits for whom within a huvudman, until the transaction ends.

A press never waits for an import, nor an answer for a look ahead: each purpose has a lock of its own. They are
PostgreSQL's advisory locks. The embedded database has one writer at a time anyway, and needs none.
"""

import uuid
import zlib
from enum import IntEnum

from django.db import connection


class Purpose(IntEnum):
    """What the lock is for. The numbers are the first half of PostgreSQL's key."""

    PRESS = 7301
    """Two presses at the same moment: the second sees what the first has made."""
    REGISTER = 7302
    """One import is stored, or tried out, at a time; the second sees what the first has stored."""
    ACCEPTED = 7303
    """What Skolverket has is looked at and written by one at a time."""


def take_turn(purpose: Purpose, organisation_id: uuid.UUID) -> None:
    """Wait for the lock, and hold it until the transaction ends. Call inside one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", advisory_key(purpose, organisation_id))


def is_our_turn(purpose: Purpose, organisation_id: uuid.UUID) -> bool:
    """Take the lock if nobody holds it, without waiting. On the embedded database it is always ours."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", advisory_key(purpose, organisation_id))
        return bool(cursor.fetchone()[0])


def advisory_key(purpose: Purpose, organisation_id: uuid.UUID) -> tuple[int, int]:
    """The two numbers of the lock. Two huvudmän that share one wait for each other: harmless, and very rare."""
    return purpose, zlib.crc32(organisation_id.bytes) - 2**31
