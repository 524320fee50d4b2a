"""Whether a transfer has come through whole, whatever was done to its workers."""

import json
import zlib
from datetime import datetime
from itertools import groupby
from typing import Any

from tests.engine.installation import Installation

ENDED = ("done", "done_with_warnings", "done_with_errors", "cancelled")


def state(here: Installation, transfer: int) -> str:
    """The transfer's state."""
    return str(here.rows("SELECT state FROM transfers_transfer WHERE id = ?", transfer)[0][0])


def message(here: Installation, transfer: int) -> str:
    """What the transfer says of itself."""
    return str(here.rows("SELECT message FROM transfers_transfer WHERE id = ?", transfer)[0][0])


def is_ended(here: Installation, transfer: int) -> bool:
    """Whether nothing more will happen to it by itself."""
    return state(here, transfer) in ENDED


def assert_whole(here: Installation, transfer: int, wanted: dict[str, int]) -> None:
    """Each of the `wanted` objects has one result, from the one call that it was in; and the steps did not overlap.

    The transfer is of a faultless school, nothing of which had been accepted before.
    """
    said = json.dumps(shown(here, transfer), indent=1)
    assert state(here, transfer) == "done", said
    assert_told(here, transfer)
    jobs = here.rows(
        "SELECT id, kind, state, wanted, sent, success, unchanged + warning + error + withheld FROM transfers_syncjob "
        "WHERE transfer_id = ? AND wanted > 0 ORDER BY position",
        transfer,
    )
    assert {job[1]: job[3] for job in jobs} == wanted, said
    for job_id, kind, job_state, _, sent, success, other in jobs:
        assert (job_state, sent, success, other) == ("done", wanted[kind], wanted[kind], 0), said
        _each_object_was_in_one_call(here, job_id, wanted[kind])
    _steps_never_overlap(here, transfer)


def _each_object_was_in_one_call(here: Installation, job: int, wanted: int) -> None:
    """What the answered calls hold together is just what there are results of, and nobody is in two."""
    batches = here.rows("SELECT id, state, payload, object_count FROM transfers_batch WHERE sync_job_id = ?", job)
    assert {batch_state for _, batch_state, _, _ in batches} <= {"done", "split"}
    posted: dict[str, int] = {}
    for batch, batch_state, payload, count in batches:
        ids = [one["id"] for one in json.loads(zlib.decompress(payload))["data"]]
        assert len(ids) == count
        if batch_state == "done":
            assert not posted.keys() & set(ids)
            posted |= dict.fromkeys(ids, batch)
    results = here.rows("SELECT object_id, state, batch_id FROM transfers_objectresult WHERE sync_job_id = ?", job)
    assert {result_state for _, result_state, _ in results} == {"received"}
    assert {_dashed(object_id): batch for object_id, _, batch in results} == posted
    assert len(results) == len(posted) == wanted


def _steps_never_overlap(here: Installation, transfer: int) -> None:
    """The first call of a step leaves after the last answer of the one before."""
    rows = here.rows(
        "SELECT j.position, b.posted_at, b.finished_at FROM transfers_batch b JOIN transfers_syncjob j "
        "ON j.id = b.sync_job_id WHERE j.transfer_id = ? ORDER BY j.position",
        transfer,
    )
    last_ended: datetime | None = None
    for _, step in groupby(rows, key=lambda row: row[0]):
        times = [(_moment(posted), _moment(finished)) for _, posted, finished in step]
        assert last_ended is None or min(posted for posted, _ in times) >= last_ended
        last_ended = max(finished for _, finished in times)


def assert_told(here: Installation, transfer: int) -> None:
    """The events of the transfer and of each sync job lead without a gap to its state; where it went through, each of
    its test activities has an outcome."""
    rows = here.rows(
        "SELECT coalesce(sync_job_id, 0), from_state, to_state FROM transfers_transferevent "
        "WHERE transfer_id = ? ORDER BY id",
        transfer,
    )
    reached: dict[int, str] = {}
    for job, from_state, to_state in rows:
        assert from_state == reached.get(job, "queued" if job or from_state else ""), rows
        reached[job] = to_state
    jobs = here.rows("SELECT id, state FROM transfers_syncjob WHERE transfer_id = ?", transfer)
    now = dict(jobs) | {0: state(here, transfer)}
    assert reached == {one: its for one, its in now.items() if one in reached or its != "queued"}, rows
    wanted, told = (
        here.rows(f"SELECT count(*) FROM {table} WHERE transfer_id = ?", transfer)[0][0]
        for table in ("transfers_transfer_test_activities", "transfers_outcome")
    )
    assert told == (0 if now[0] == "cancelled" else wanted)


def assert_consistent(here: Installation, transfer: int) -> None:
    """What an ended transfer says in figures is what its rows say, whichever way it ended."""
    assert_told(here, transfer)
    said = json.dumps(shown(here, transfer), indent=1)
    for job, job_state, wanted, unchanged, *figures in here.rows(
        "SELECT id, state, wanted, unchanged, success, warning, error, withheld FROM transfers_syncjob "
        "WHERE transfer_id = ?",
        transfer,
    ):
        results = dict(
            here.rows("SELECT state, count(*) FROM transfers_objectresult WHERE sync_job_id = ? GROUP BY state", job)
        )
        assert [results.get(one, 0) for one in ("received", "warning", "error", "withheld")] == figures, (results, said)
        assert job_state in ENDED, said
        if job_state != "cancelled":
            assert wanted == unchanged + sum(figures), said
            assert not results.keys() & {"waiting", "sent"}, said
            assert not here.rows(
                "SELECT id FROM transfers_batch WHERE sync_job_id = ? AND state IN ('prepared', 'posted')", job
            )


def calls_and_attempts(here: Installation) -> tuple[int, int]:
    """How many calls were wanted to be posted, and how many times they were posted as their attempts say.

    The difference is the double posts. Skolverket can have seen each attempt at most once, which is checked here.
    """
    calls, attempts = here.rows("SELECT count(*), sum(attempts) FROM transfers_batch WHERE attempts > 0")[0]
    assert calls <= here.posts() <= attempts
    return int(calls), int(attempts)


def shown(here: Installation, transfer: int) -> list[dict[str, Any]]:
    """The transfer's sync jobs, for a failing test to tell of."""
    columns = "kind, state, wanted, sent, success, warning, error, withheld, unchanged, failures, message"
    rows = here.rows(f"SELECT {columns} FROM transfers_syncjob WHERE transfer_id = ? ORDER BY position", transfer)
    return [dict(zip(columns.split(", "), row, strict=True)) for row in rows]


def _dashed(object_id: object) -> str:
    """An id as payloads have it; SQLite keeps it without dashes."""
    text = str(object_id).replace("-", "")
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
