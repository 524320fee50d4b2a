"""The limit of calls, shared through PostgreSQL by all processes and machines behind one address.

Works as the window in memory does (provtjanst/call_window.py): a call under way holds a place, and keeps it for a whole
window after it must have arrived. There are as many places, rows of CallSlot, as calls in a window. Taking one is one
conditional UPDATE; all times are the database's, and it is told how long a place is still kept and not until when, so
the machines' clocks do not matter.
"""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError, connection

from provsluss.connection.models import CallSlot
from provsluss.provtjanst.call_window import (
    GRAIN,
    LONGEST_PAUSE,
    LONGEST_WAY,
    USUAL_WAY,
    AnswerTimes,
    CallKind,
    CallWindow,
    OwnWindow,
    pause_after_refusal,
    window_of,
)
from provsluss.provtjanst.rate_headers import pause_when_nothing_remains

log = logging.getLogger(__name__)

_OURS = "address = %(address)s AND kind = %(kind)s AND number < %(limit)s"
_NOW = "clock_timestamp()"
# Evenly spread, so that no process takes the whole window at once and lets the others wait for the next.
_SPACING = "make_interval(secs => %(spacing)s)"
_TAKE = f"""
    UPDATE transfers_callslot SET taken_at = {_NOW}, free_at = {_NOW} + make_interval(secs => %(held)s)
    WHERE id = (
        SELECT id FROM transfers_callslot WHERE {_OURS} AND free_at <= {_NOW} AND closed_until <= {_NOW}
        AND NOT EXISTS (SELECT 1 FROM transfers_callslot WHERE {_OURS} AND taken_at > {_NOW} - {_SPACING})
        ORDER BY free_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, taken_at"""  # noqa: S608 - the pieces are the constants above
_NEXT = f"""
    SELECT count(*), extract(epoch FROM
        greatest(min(greatest(free_at, closed_until)), max(taken_at) + {_SPACING}) - {_NOW})
    FROM transfers_callslot WHERE {_OURS}"""  # noqa: S608
# Not if the place has been taken by another meanwhile.
_GIVE_BACK = f"""
    UPDATE transfers_callslot SET free_at = {_NOW} + make_interval(secs => %(kept)s)
    WHERE id = %(slot)s AND taken_at = %(taken_at)s"""  # noqa: S608
# Locked in order of id, so that two who close at the same moment do not wait for each other for ever.
_CLOSE = f"""
    UPDATE transfers_callslot
    SET closed_until = greatest(closed_until, {_NOW} + make_interval(secs => %(pause)s))
    WHERE id IN (SELECT id FROM transfers_callslot WHERE {_OURS} ORDER BY id FOR UPDATE)"""  # noqa: S608
_FREE_ALL_THE_WHILE = f"SELECT 1 FROM transfers_callslot WHERE {_OURS} AND free_at <= %(taken_at)s LIMIT 1"  # noqa: S608


def shared_window(address: str, kind: CallKind, rate: float) -> CallWindow:
    """The window that every process on our database shares, for calls to `address` from our own address."""
    if rate <= 0:
        return OwnWindow(rate)  # no limit, so nothing to share
    return SharedWindow(f"{address} {settings.OUTGOING_ADDRESS}".strip(), kind, rate)


class SharedWindow:
    """See CallWindow. Raises django.db.OperationalError from `take` when the database is away."""

    def __init__(self, address: str, kind: CallKind, rate: float) -> None:
        limit, self._seconds = window_of(rate)
        spacing = self._seconds / limit
        self._ours: dict[str, Any] = {"address": address, "kind": kind, "limit": int(limit), "spacing": spacing}
        self._way = USUAL_WAY
        self._answers = AnswerTimes()
        self._thread = threading.local()

    def take(self) -> float:
        """See CallWindow. Never infinite: whatever is answered, its place is free no sooner than a window later."""
        # A worker that is killed with a call under way never gives its place back: it is free again after this time.
        if taken := _row(_TAKE, self._ours | {"held": LONGEST_WAY + self._seconds}):
            self._thread.taken = taken
            return 0.0
        count, seconds = cast("tuple[int, Any]", _row(_NEXT, self._ours))
        if count < self._ours["limit"]:
            self._make_slots()
            return GRAIN
        return min(max(float(seconds), GRAIN), self._seconds)

    def _make_slots(self) -> None:
        address, kind = self._ours["address"], self._ours["kind"]
        slots = [CallSlot(address=address, kind=kind, number=number) for number in range(self._ours["limit"])]
        CallSlot.objects.bulk_create(slots, ignore_conflicts=True)

    def answered(self, headers: Mapping[str, str] | None, refused: bool, sent_at: float | None = None) -> None:
        """See CallWindow. A database that is away must not cost us Skolverket's answer: the place then frees itself."""
        taken: tuple[int, datetime] = self._thread.taken
        try:
            self._give_back(*taken, headers, refused, sent_at)
        except DatabaseError as problem:
            log.warning("a call's place could not be given back: %s", type(problem).__name__)

    def _give_back(
        self, slot: int, taken_at: datetime, headers: Mapping[str, str] | None, refused: bool, sent_at: float | None
    ) -> None:
        kept = max(self._seconds - self._answers.since_arrival(sent_at, self._way, time.monotonic()), 0.0)
        _run(_GIVE_BACK, {"slot": slot, "taken_at": taken_at, "kept": kept})
        if refused:
            self._way = min(self._way * 2, LONGEST_WAY)
            self._close(pause_after_refusal(headers))
        elif (reset := pause_when_nothing_remains(headers)) is not None and _row(
            # A place that nobody had while the call lasted: somebody who does not share our database calls too.
            _FREE_ALL_THE_WHILE,
            self._ours | {"taken_at": taken_at},
        ):
            self._close(reset)

    def _close(self, seconds: float) -> None:
        if seconds <= LONGEST_PAUSE:
            _run(_CLOSE, self._ours | {"pause": seconds + GRAIN})


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _row(statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
