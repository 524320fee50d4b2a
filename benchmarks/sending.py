"""A whole transfer to a simulator with its limits on: time, calls, and how near it comes to what the limit allows.

The bound of a step is (its posts + one status call for each) / 5 a second, and the last job's own time; a transfer's
bound is the sum of its steps'. `python -m benchmarks.sending [PUPILS]`
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tests.engine.installation import ORGANISATION, Installation

from benchmarks.plain_loop import plain_loop
from benchmarks.simulator import log, simulator

RATE = 5.0
JOB_SECONDS = 2.0


def main(pupils: int) -> None:
    """Measure one transfer of an imported example school."""
    with tempfile.TemporaryDirectory() as folder, simulator("--delay", JOB_SECONDS) as address:
        here = Installation(Path(folder) / "data", address)
        here.add_school(pupils=pupils, schools=max(1, pupils // 350))
        worker = subprocess.Popen([sys.executable, "-m", "provsluss", "worker"], env={**os.environ, **here.environment})
        try:
            _wait_for_worker(here)
            transfer = here.json("send", "--organisation", ORGANISATION)["transfer"]
            _wait_for_end(here, transfer)
        finally:
            worker.terminate()
            _, _, used = os.wait4(worker.pid, 0)
        _report(here, transfer, address, used.ru_maxrss / 1000)


def _wait_for_worker(here: Installation) -> None:
    deadline = time.monotonic() + 30
    while not here.rows("SELECT name FROM transfers_worker") and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)


def _wait_for_end(here: Installation, transfer: int) -> None:
    deadline = time.monotonic() + 1800
    while time.monotonic() < deadline:
        if here.rows("SELECT finished_at FROM transfers_transfer WHERE id = ?", transfer)[0][0]:
            return
        time.sleep(0.5)
    raise SystemExit("the transfer did not end within half an hour")


def _report(here: Installation, transfer: int, address: str, worker_megabytes: float) -> None:
    ((created, ended, state),) = here.rows(
        "SELECT created_at, finished_at, state FROM transfers_transfer WHERE id = ?", transfer
    )
    ((first_post,),) = here.rows("SELECT min(posted_at) FROM transfers_batch")
    steps = here.rows(
        "SELECT j.kind, j.sent, count(b.id), j.started_at, j.finished_at FROM transfers_syncjob j LEFT JOIN "
        "transfers_batch b ON b.sync_job_id = j.id WHERE j.transfer_id = ? GROUP BY j.id ORDER BY j.position",
        transfer,
    )
    total = _seconds(created, ended)
    bound = sum(2 * batches / RATE + JOB_SECONDS for _, _, batches, _, _ in steps)
    for kind, sent, batches, step_begun, step_ended in steps:
        print(f"{kind:11} {sent:7} objects {batches:4} batches {_seconds(step_begun, step_ended):7.1f} s")
    counted = log(address)
    print(f"state {state}; total {total:.1f} s; bound {bound:.1f} s; total/bound {total / bound:.2f}")
    print(f"from press to first answered post {_seconds(created, first_post):.2f} s")
    refused = counted["too_many_requests"]
    batches = here.rows(
        "SELECT j.kind, b.payload FROM transfers_batch b JOIN transfers_syncjob j ON j.id = b.sync_job_id"
    )
    plain = plain_loop([(kind, bytes(body)) for kind, body in batches], JOB_SECONDS)
    print(f"the plain loop takes {plain:.1f} s for the same calls: {plain / total:.1f} times as long")
    print(f"calls {counted['total']}, of which 429: {refused}; worker at most {worker_megabytes:.0f} MB")


def _seconds(begun: str, ended: str) -> float:
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
