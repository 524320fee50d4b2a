"""How far a storing has come, in a small file beside the private copy: its one transaction shows others no rows."""

import json
from pathlib import Path

from provsluss.register.sources import uploads


def write(import_id: int, done: int, total: int) -> None:
    """Say that `done` of `total` rows have been gone through."""
    new = _path(import_id).with_suffix(".progress-new")
    new.write_text(json.dumps([done, total]))
    new.replace(_path(import_id))  # at once, so that nobody reads half of it


def read(import_id: int) -> tuple[int, int] | None:
    """Done and total rows, or None if nothing has been record."""
    try:
        done, total = json.loads(_path(import_id).read_text())
    except FileNotFoundError:
        return None
    return int(done), int(total)


def forget(import_id: int) -> None:
    """Remove the file, if it is there, and what a killed process left of a new one."""
    for path in (_path(import_id), _path(import_id).with_suffix(".progress-new")):
        path.unlink(missing_ok=True)


def _path(import_id: int) -> Path:
    return uploads.path_of(import_id).with_suffix(".progress")
