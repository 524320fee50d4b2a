"""How many calls it takes to send only what has changed, against sending everything: a school of 2 000 pupils.

`python -m benchmarks.deltas [PUPILS]`
"""

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.engine.installation import ORGANISATION, Installation

from benchmarks.simulator import log, simulator

OF_IT = ("--organisation", ORGANISATION)
JOB_SECONDS = 1.0


@dataclass(frozen=True)
class Calls:
    """The calls of one press: those that carry objects, those that remove, and those that ask how it went."""

    posts: int
    removals: int
    questions: int


def main(pupils: int) -> None:
    """Send the school, then again after each kind of change, and print what each press took."""
    with tempfile.TemporaryDirectory() as folder, simulator("--delay", JOB_SECONDS) as address:
        here = Installation(Path(folder) / "data", address)
        here.add_school(pupils=pupils, schools=1)
        print(
            f"{'':34}{'posts':>7}{'removals':>10}{'questions':>11}{'objects':>9}{'seconds':>9}   previewed calls in s"
        )
        _press(here, "everything, the first time")
        _press(here, "the same press again")
        _change(here, "given_name = given_name || 'a'", pupils // 100)
        _press(here, f"{pupils // 100} changed names (1 %)")
        _change(here, "ended_at = CURRENT_TIMESTAMP", 1)
        _press(here, "one pupil who has left")
        _change(here, "ended_at = CURRENT_TIMESTAMP", pupils // 100)
        _press(here, f"{pupils // 100} pupils who have left (1 %)")
        _press(here, "everything again (--everything)", "--everything")


def _press(here: Installation, name: str, *switches: str) -> None:
    begun = time.monotonic()
    planned = here.json("preview", *OF_IT, *switches, status=None)["jobs"].values()
    looked = time.monotonic() - begun
    before = _calls(here.simulator)
    begun = time.monotonic()
    jobs = here.json("send", *OF_IT, *switches, "--wait", status=None)["jobs"].values()
    took = time.monotonic() - begun
    after = _calls(here.simulator)
    objects = sum(job["sent"] + job["removed"] for job in jobs)
    foreseen = sum(job["calls"] + job["removal_calls"] for job in planned)
    print(
        f"{name:34}{after.posts - before.posts:7}{after.removals - before.removals:10}"
        f"{after.questions - before.questions:11}{objects:9}{took:9.1f}{foreseen:12} in {looked:.1f}"
    )


def _change(here: Installation, what: str, number: int) -> None:
    """Change so many of the pupils that are still there."""
    here.execute(
        f"UPDATE register_person SET {what} WHERE id IN "
        "(SELECT id FROM register_person WHERE role = 'pupil' AND ended_at IS NULL ORDER BY id LIMIT ?)",
        number,
    )


def _calls(address: str) -> Calls:
    counted: Counter[str] = Counter()
    for call, number in log(address)["calls"].items():
        if call.endswith("/bulk/delete"):
            counted["removals"] += number
        elif call.endswith("/bulk"):
            counted["posts"] += number
        elif "/jobs/" in call:
            counted["questions"] += number
    return Calls(counted["posts"], counted["removals"], counted["questions"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
