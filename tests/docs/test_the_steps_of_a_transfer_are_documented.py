"""docs/drift.md tells of just the steps that lifecycle/steps.py allows."""

import re
from pathlib import Path

from provsluss.transfers.lifecycle import steps
from provsluss.transfers.models import TransferState

DOCUMENT = (Path(__file__).parents[2] / "docs" / "drift.md").read_text(encoding="utf-8")
_TABLE = DOCUMENT.split("### Så byter en överföring läge")[1].split("\n\n")[2]
_ALL_BUT_ENDED = {"queued", "running", "retrying", "needs_review"}


def _documented(column: int) -> dict[str, set[str]]:
    found = {}
    for line in _TABLE.splitlines()[2:]:
        cells = line.strip("| ").split(" | ")
        named = set(re.findall(r"`(\w+)`", cells[column])) or _ALL_BUT_ENDED
        found |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), named)
    return found


def test_each_step_is_in_the_table() -> None:
    for column, table in ((1, steps.TRANSFER), (2, steps.SYNC_JOB)):
        assert _documented(column) == {to.value: {one.value for one in sources} for to, sources in table.items()}
    assert set(_documented(1)) == set(TransferState.values)
