"""The state of a transfer and of a sync job is written in lifecycle/move.py and nowhere else: read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import provsluss

HOUSE = Path(provsluss.__file__).parent
_WRITES = {"update", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "acreate", "aupdate"}
# Enumerations of other things that have a state.
_OTHERS = {"BatchState", "ObjectState", "PlanState", "ControlState", "ImportState", "SourceState", "TestActivityState"}
_OTHER_MODELS = {"Batch", "ObjectResult", "Plan", "PlannedObject", "Control", "Import", "TestActivity", "Outcome"}


def _writers(source: str) -> Iterator[str]:
    """Each place that may write such a state. What cannot be seen to be of something else counts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            attributes = [one for one in targets if isinstance(one, ast.Attribute) and one.attr == "state"]
            if attributes and node.value is not None and not _names(node) & _OTHERS:
                yield ast.unparse(node)
        elif isinstance(node, ast.Call) and _writes(node):
            yield ast.unparse(node)


def _writes(call: ast.Call) -> bool:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in ("Transfer", "SyncJob"):
        return any(keyword.arg in ("state", None) for keyword in call.keywords)
    if called == "setattr":
        return isinstance(call.args[1], ast.Constant) and call.args[1].value == "state"
    if called not in _WRITES or _names(call.func) & _OTHER_MODELS:
        return False
    if called == "bulk_update":
        return bool(_names(call.func) & {"Transfer", "SyncJob"})
    named = [keyword for keyword in call.keywords if keyword.arg == "state"]
    named += [
        keyword
        for keyword in call.keywords
        if keyword.arg in ("defaults", "create_defaults") and "'state'" in ast.unparse(keyword.value)
    ]
    if named:
        return not any(_names(keyword.value) & _OTHERS for keyword in named)
    # What is written stands elsewhere: of these two, nobody else is to write what cannot be seen.
    unseen = any(keyword.arg is None for keyword in call.keywords)
    return unseen and bool(_names(call.func) & {"Transfer", "SyncJob"})


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_nobody_outside_lifecycle_writes_them() -> None:
    found = {
        str(path.relative_to(HOUSE)): writers
        for path in sorted(HOUSE.rglob("*.py"))
        if "migrations" not in path.parts and "simulator" not in path.parts
        if (writers := list(_writers(path.read_text(encoding="utf-8"))))
    }
    # `why` and `changes` of the one writer.
    assert found.pop("transfers/lifecycle/move.py") == [
        "which.filter(pk=pk, state=state).update(state=to, **why.fields, **changes)"
    ]
    assert found == _OF_SOMETHING_ELSE


_OF_SOMETHING_ELSE = {
    "cli/following.py": [  # a column of the progress bar
        "progress.update(tasks[job.pk], total=_total(job), completed=_settled(job), state=_state(job))"
    ],
    "transfers/pipeline/record_answers.py": [  # ObjectResult
        "of_batch.filter(pk__in=plain).update(state=well, finished_at=now)"
    ],
}


@pytest.mark.parametrize(
    "line",
    [
        "Transfer.objects.filter(pk=1).update(state=TransferState.DONE)",
        "SyncJob.objects.filter(pk=1).update(state=state)",
        "jobs.update(state='done')",
        "SyncJob.objects.filter(pk=1).update(**changes)",
        "SyncJob.objects.create(transfer=transfer, state='done')",
        "SyncJob.objects.get_or_create(pk=1, defaults={'state': 'done'})",
        "Transfer(state=TransferState.DONE)",
        "transfer.state = TransferState.DONE",
        "transfer.state: str = state",
        "setattr(transfer, 'state', state)",
        "Transfer.objects.bulk_update(transfers, ['state'])",
    ],
)
def test_a_writer_is_found(line: str) -> None:
    assert list(_writers(line)) == [line]
