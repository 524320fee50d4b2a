"""How time and memory grow with the number of pupils: import, preview and sending with the limits lifted.

Each size has a data directory of its own. The seconds of a thousand pupils are the figure to look at: they stay the
same where time grows in step with the pupils. Start-up of the command is taken away from import and preview. Processor
seconds are there because other work on the machine makes the clock on the wall untrue.

`python -m benchmarks.growth [--largest PUPILS] [--only PUPILS] [--postgresql]`
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.postgresql import running_postgresql

from benchmarks.processes import Used, ended, measured, start
from benchmarks.simulator import simulator

SIZES = (1_000, 5_000, 20_000, 70_000, 140_000)
LONGEST = 3600
UNLIMITED = {"PROVSLUSS_TRANSFER_RATE": "0", "PROVSLUSS_READ_RATE": "0"}


def main() -> None:
    """Measure every size up to the largest, and print a line for each step as it is done."""
    wanted = _arguments()
    sizes = [wanted.only] if wanted.only else [size for size in SIZES if size <= wanted.largest]
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {_memory()}, Python {platform.python_version()}")
    print("database:", "PostgreSQL" if wanted.postgresql else "SQLite")
    print(
        f"{'pupils':>8} {'step':14} {'objects':>8} {'s':>8} {'s/1000 pupils':>14} {'cpu s':>8} {'objects/s':>10} {'MB':>5}"
    )
    for pupils in sizes:
        with _installation(wanted.postgresql) as here:
            _measure(here, pupils)


def _measure(here: Installation, pupils: int) -> None:
    workbook = here.data_dir.parent / "school.xlsx"
    here.run("migrate")
    here.run("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    measured(here, "example", workbook, "--pupils", pupils, "--seed", 1, "--faultless")
    start_up = measured(here, "history", "--organisation", ORGANISATION)

    used = measured(here, "import", workbook, "--organisation", ORGANISATION, "--yes", "--json")
    rows = _count(here, "register_person") + _count(here, "register_duty") + _count(here, "register_group")
    _tell(pupils, "import", rows, used, start_up)
    used = measured(here, "import", workbook, "--organisation", ORGANISATION, "--yes", "--json")
    _tell(pupils, "import again", rows, used, start_up)
    used = measured(here, "preview", "--organisation", ORGANISATION, "--json")
    _send(here, pupils, used, start_up)


def _send(here: Installation, pupils: int, planned: Used, start_up: Used) -> None:
    seconds, worker = _send_all(here)
    ((objects,),) = here.rows("SELECT sum(wanted) FROM transfers_syncjob WHERE transfer_id = 1")
    _tell(pupils, "preview", objects, planned, start_up)
    _tell(pupils, "send", objects, Used(seconds, worker.processor_seconds, worker.megabytes))
    again = measured(here, "preview", "--organisation", ORGANISATION, "--json")
    _tell(pupils, "preview again", objects, again, start_up)
    seconds, worker = _send_all(here)
    _tell(pupils, "send unchanged", objects, Used(seconds, worker.processor_seconds, worker.megabytes))


def _send_all(here: Installation) -> tuple[float, Used]:
    """Send everything with a new worker. Returns the seconds from press to end, and what the worker used."""
    begun = time.monotonic()
    worker = start(here, "worker", **UNLIMITED)
    try:
        _wait(here, "SELECT count(*) FROM transfers_worker", 60)
        time.sleep(1)  # it is ready when it has said that it lives and started its engine
        transfer = here.json("send", "--organisation", ORGANISATION)["transfer"]
        _wait(
            here, f"SELECT count(*) FROM transfers_transfer WHERE id = {transfer} AND finished_at IS NOT NULL", LONGEST
        )
    finally:
        used = ended(worker, begun)
    ((created, finished, state),) = here.rows(
        "SELECT created_at, finished_at, state FROM transfers_transfer WHERE id = ?", transfer
    )
    if state != "done":
        raise SystemExit(f"the transfer ended as {state}")
    return _moment(finished) - _moment(created), used


def _wait(here: Installation, count: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not here.rows(count)[0][0]:
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {seconds} s in vain for {count}")
        time.sleep(0.3)


def _tell(pupils: int, step: str, objects: int, used: Used, start_up: Used | None = None) -> None:
    seconds, processor = used.seconds, used.processor_seconds
    if start_up:
        seconds, processor = seconds - start_up.seconds, processor - start_up.processor_seconds
    print(
        f"{pupils:8} {step:14} {objects:8} {seconds:8.1f} {seconds / pupils * 1000:14.2f} {processor:8.1f} "
        f"{objects / seconds if seconds > 0 else 0:10.0f} {used.megabytes:5.0f}",
        flush=True,
    )


def _moment(value: str | datetime) -> float:
    """A time as either database gives it, in seconds."""
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).timestamp()


def _count(here: Installation, table: str) -> int:
    count: int = here.rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own tables, named above
    return count


def _memory() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{total / 2**30:.0f} GB memory"


@contextmanager
def _installation(postgresql: bool) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        switches = ("--delay", 0, "--transfer-rate", 0, "--read-rate", 0)
        with simulator(*switches) as address:
            if postgresql:
                with running_postgresql() as server:
                    yield Installation(Path(folder) / "data", address, f"{server}/postgres")
            else:
                yield Installation(Path(folder) / "data", address)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How time and memory grow with the number of pupils.")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="the largest size that is measured")
    parser.add_argument("--only", type=int, help="one size, whatever it is")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL server of its own instead of SQLite")
    return parser.parse_args()


if __name__ == "__main__":
    main()
