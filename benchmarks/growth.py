"""How time and memory grow with the number of pupils: import, preview and sending with the limits lifted.

Each size has a data directory of its own. The seconds of a thousand pupils are the figures to look at: they stay the
same where time grows in step with the pupils. Start-up of the command is taken away from import and preview. Processor
seconds are there because other work on the machine makes the clock on the wall untrue; those of a worker include its
start, about three.

`python -m benchmarks.growth [--largest PUPILS] [--only PUPILS] [--postgresql]`
"""

import argparse
import os
import platform
from datetime import UTC, datetime

from tests.engine.installation import ORGANISATION, Installation

from benchmarks.one_transfer import NO_LIMITS, example_school, import_school, installation, send_all
from benchmarks.processes import Used, measured

SIZES = (1_000, 5_000, 20_000, 70_000, 140_000)
NO_DELAYS = ("--delay", 0, "--transfer-rate", 0, "--read-rate", 0)


def main() -> None:
    """Measure every size up to the largest, and print a line for each step as it is done."""
    wanted = _arguments()
    sizes = [wanted.only] if wanted.only else [size for size in SIZES if size <= wanted.largest]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}")
    print("database:", "PostgreSQL" if wanted.postgresql else "SQLite")
    print("  pupils step            objects        s  s/1000 pupils    cpu s  cpu s/1000  objects/s    MB", flush=True)
    for pupils in sizes:
        with installation(*NO_DELAYS, postgresql=wanted.postgresql) as here:
            _measure(here, pupils)


def _measure(here: Installation, pupils: int) -> None:
    workbook = example_school(here, pupils)
    start_up = measured(here, "history", "--organisation", ORGANISATION)
    used = import_school(here, workbook)
    rows = sum(_count(here, table) for table in ("register_person", "register_duty", "register_group"))
    _tell(pupils, "import", rows, used, start_up)
    _tell(pupils, "import again", rows, import_school(here, workbook), start_up)
    _preview_and_send(here, pupils, "", start_up)
    _preview_and_send(here, pupils, " again", start_up)


def _preview_and_send(here: Installation, pupils: int, again: str, start_up: Used) -> None:
    """The second time nothing has changed, so that everything is compared and nothing is sent."""
    planned = measured(here, "preview", "--organisation", ORGANISATION, "--json")
    sent = send_all(here, NO_LIMITS)
    ((objects,),) = here.rows("SELECT sum(wanted) FROM transfers_syncjob WHERE transfer_id = ?", sent.transfer)
    _tell(pupils, f"preview{again}", objects, planned, start_up)
    (worker,) = sent.workers
    _tell(pupils, f"send{again}", objects, Used(sent.seconds, worker.processor_seconds, worker.megabytes))


def _tell(pupils: int, step: str, objects: int, used: Used, start_up: Used | None = None) -> None:
    seconds, processor = used.seconds, used.processor_seconds
    if start_up:
        seconds, processor = seconds - start_up.seconds, processor - start_up.processor_seconds
    print(
        f"{pupils:8} {step:14} {objects:8} {seconds:8.1f} {seconds / pupils * 1000:14.2f} {processor:8.1f} "
        f"{processor / pupils * 1000:11.2f} {objects / max(seconds, 0.1):10.0f} {used.megabytes:5.0f}",
        flush=True,
    )


def _count(here: Installation, table: str) -> int:
    count: int = here.rows(f"SELECT count(*) FROM {table}")[0][0]
    return count


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How time and memory grow with the number of pupils.")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="the largest size that is measured")
    parser.add_argument("--only", type=int, help="one size, whatever it is")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL server of its own instead of SQLite")
    return parser.parse_args()


if __name__ == "__main__":
    main()
