"""One press of the button on an installation, and the workers that carry it out."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engine.installation import ORGANISATION, PREPARED, Installation
from tests.fixtures.postgresql import running_postgresql

from benchmarks.processes import Used, ended, measured, start
from benchmarks.simulator import simulator

LONGEST = 3600
NO_LIMITS = {"PROVSLUSS_TRANSFER_RATE": "0", "PROVSLUSS_READ_RATE": "0"}
"""What a worker is told where the simulator has none either."""


@dataclass(frozen=True)
class Sent:
    """A transfer that has ended well: its number, the seconds from press to end, and what each worker used."""

    transfer: int
    seconds: float
    workers: list[Used]


@contextmanager
def installation(*switches: object, postgresql: bool = False) -> Iterator[Installation]:
    """An empty installation with a simulator started with `switches`, and a PostgreSQL server if that is asked for."""
    with TemporaryDirectory(prefix="provsluss-bench-") as folder, simulator(*switches) as address:
        if postgresql:
            with running_postgresql() as server:
                yield _new(Installation(Path(folder) / "data", address, f"{server}/postgres"))
        else:
            yield _new(Installation(Path(folder) / "data", address))


def _new(here: Installation) -> Installation:
    here.run("migrate")
    here.run("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
    here.run("organisation", "protection", ORGANISATION, *PREPARED)
    return here


def example_school(here: Installation, pupils: int) -> Path:
    """A faultless workbook with so many pupils, beside the data directory."""
    workbook = here.data_dir.parent / "school.xlsx"
    measured(here, "example", workbook, "--pupils", pupils, "--seed", 1, "--faultless")
    return workbook


def import_school(here: Installation, workbook: Path) -> Used:
    """Read and store the workbook."""
    return measured(here, "import", workbook, "--organisation", ORGANISATION, "--yes", "--json")


def send_all(here: Installation, settings: Mapping[str, str] | None = None, workers: int = 1) -> Sent:
    """Send everything with new workers, which are given `settings` as environment variables."""
    begun = time.monotonic()
    processes = [start(here, "worker", settings=settings) for _ in range(workers)]
    try:
        _wait(here, f"SELECT count(*) >= {workers} FROM transfers_worker", 60)
        time.sleep(1)  # it says that it lives a moment before its engine has started
        transfer = here.json("send", "--organisation", ORGANISATION)["transfer"]
        _wait(
            here, f"SELECT count(*) FROM transfers_transfer WHERE id = {transfer} AND finished_at IS NOT NULL", LONGEST
        )
    finally:
        used = [ended(process, begun) for process in processes]
    ((created, finished, state),) = here.rows(
        "SELECT created_at, finished_at, state FROM transfers_transfer WHERE id = ?", transfer
    )
    if state != "done":
        raise SystemExit(f"the transfer ended as {state}")
    return Sent(transfer, seconds_between(created, finished), used)


def seconds_between(begun: str | datetime, ended: str | datetime) -> float:
    """The seconds between two times as either database gives them."""
    return _moment(ended) - _moment(begun)


def _moment(value: str | datetime) -> float:
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).timestamp()


def _wait(here: Installation, question: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not here.rows(question)[0][0]:
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {seconds} s in vain for {question}")
        time.sleep(0.3)
