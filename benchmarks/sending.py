"""A whole transfer to a simulator with its limits on: time, calls, and how near it comes to what the limit allows.

The bound of a step is (its posts + one status call for each) / 5 a second, and the last job's own time; a transfer's
bound is the sum of its steps'. Jobs take one to three seconds each, drawn by the simulator; the last job's time is
counted as their mean. Then the plain way sends the same calls to the same kind of simulator.

`python -m benchmarks.sending [--pupils PUPILS] [--postgresql] [--workers NUMBER] [--answer-delay SECONDS]`
"""

import argparse

from tests.engine.installation import Installation

from benchmarks.one_transfer import Sent, example_school, import_school, installation, seconds_between, send_all
from benchmarks.plain_loop import plain_loop
from benchmarks.simulator import log

RATE = 5.0
SHORTEST_JOB, LONGEST_JOB = 1.0, 3.0
JOB_SECONDS = (SHORTEST_JOB + LONGEST_JOB) / 2
JOBS = ("--delay", SHORTEST_JOB, "--delay-spread", LONGEST_JOB - SHORTEST_JOB)


def main() -> None:
    """Measure one transfer of an imported example school."""
    wanted = _arguments()
    switches = (*JOBS, "--answer-delay", wanted.answer_delay)
    with installation(*switches, postgresql=wanted.postgresql) as here:
        import_school(here, example_school(here, wanted.pupils))
        sent = send_all(here, workers=wanted.workers)
        _report(here, sent, switches)


def _report(here: Installation, sent: Sent, switches: tuple[object, ...]) -> None:
    ((created, first_post),) = here.rows(
        "SELECT t.created_at, (SELECT min(posted_at) FROM transfers_batch) FROM transfers_transfer t WHERE t.id = ?",
        sent.transfer,
    )
    steps = here.rows(
        "SELECT j.kind, j.sent, count(b.id), j.started_at, j.finished_at FROM transfers_syncjob j LEFT JOIN "
        "transfers_batch b ON b.sync_job_id = j.id WHERE j.transfer_id = ? GROUP BY j.id ORDER BY j.position",
        sent.transfer,
    )
    for kind, objects, batches, step_begun, step_ended in steps:
        took = seconds_between(step_begun, step_ended)
        bound = _bound(batches)
        print(f"{kind:11} {objects:7} objects {batches:4} batches {took:7.1f} s, bound {bound:6.1f} s")
    total, bound = sent.seconds, sum(_bound(batches) for _, _, batches, _, _ in steps)
    print(f"total {total:.1f} s; bound {bound:.1f} s; total/bound {total / bound:.2f}")
    print(f"from press to first answered post {seconds_between(created, first_post):.2f} s")
    counted = log(here.simulator)
    memory = ", ".join(f"{worker.megabytes:.0f} MB" for worker in sent.workers)
    print(f"calls {counted['total']}, of which 429: {counted['too_many_requests']}; workers at most {memory}")
    calls = here.rows(
        "SELECT j.kind, b.payload FROM transfers_batch b JOIN transfers_syncjob j ON j.id = b.sync_job_id "
        "ORDER BY j.position, b.number"
    )
    plain = plain_loop([(kind, bytes(body)) for kind, body in calls], *switches)
    print(f"the plain loop takes {plain:.1f} s for the same calls: {plain / total:.1f} times as long")


def _bound(batches: int) -> float:
    return 2 * batches / RATE + JOB_SECONDS


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A transfer against the bound of the limit and the plain loop.")
    parser.add_argument("--pupils", type=int, default=20_000)
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL server of its own instead of SQLite")
    parser.add_argument("--workers", type=int, default=1, help="worker processes; more than one need PostgreSQL")
    parser.add_argument("--answer-delay", type=float, default=0.0, help="seconds that every answer takes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
