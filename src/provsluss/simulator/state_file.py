"""Keeps the simulator's world in a JSON file between runs."""

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

from provsluss.simulator.jobs import Job
from provsluss.simulator.neighbour import NEIGHBOUR
from provsluss.simulator.store import Stored
from provsluss.simulator.world import World

VERSION = 1
_REST_SHARE = 10
"""A save may take at most this fraction of the time (1/10), however large the file has grown."""
_PAUSE_AFTER_FAULT = 10.0


class StateError(Exception):
    """The state file cannot be used; carries a Swedish sentence."""


class StateFile:
    """The file. A save replaces it whole, so that a crash leaves the one before."""

    def __init__(self, path: Path, world: World) -> None:
        """Nothing is read or written yet."""
        self._path = path
        self._world = world
        self._saved_changes = -1
        self._next_save = 0.0

    def load(self) -> None:
        """Takes back what an earlier run saved, if there is a file. Raises StateError when it is not one of ours."""
        if not self._path.parent.is_dir():
            raise StateError(f"Mappen för {self._path.name} finns inte. Skapa den först.")
        if not self._path.exists():
            return
        try:
            saved = json.loads(self._path.read_text("utf-8"))
            if saved["version"] != VERSION:
                raise StateError(f"{self._path.name} är sparad av en annan version av simulatorn.")
            for owner, kinds in saved["owners"].items():
                for kind, objects in kinds.items():
                    for stored in objects:
                        self._world.store.load(owner, kind, Stored(**stored))
            for job in saved["jobs"]:
                self._world.jobs.enter(Job(**{**job, "due": math.inf if job["due"] is None else job["due"]}))
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as fault:
            raise StateError(f"{self._path.name} går inte att läsa som simulatorns sparfil.") from fault
        self._saved_changes = self._world.jobs.changes

    def save_if_changed(self) -> None:
        """Saves after a job, unless the last save was so long and so recent that calls would have to wait."""
        if self._saved_changes != self._world.jobs.changes and time.monotonic() >= self._next_save:
            try:
                self.save()
            except OSError as fault:
                self._next_save = time.monotonic() + _PAUSE_AFTER_FAULT
                sys.stderr.write(f"{self._path.name} kunde inte sparas ({fault.strerror}). Nytt försök görs strax.\n")

    def save(self) -> None:
        """Saves now."""
        started = time.monotonic()
        changes = self._world.jobs.changes
        fresh = self._path.with_name(self._path.name + ".ny")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(self._content(), separators=(",", ":")))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self._saved_changes = changes
        now = time.monotonic()
        self._next_save = now + _REST_SHARE * (now - started)

    def _content(self) -> dict[str, Any]:
        """Everything worth keeping; tokens and counters are not."""
        return {
            "version": VERSION,
            "owners": {
                name: {kind: [_plain(stored) for stored in objects.values()] for kind, objects in owner.objects.items()}
                for name, owner in self._world.store.owners.items()
                if name != NEIGHBOUR
            },
            "jobs": [
                {**vars(job), "due": None if math.isinf(job.due) else job.due} for job in self._world.jobs.jobs.values()
            ],
        }


def _plain(stored: Stored) -> dict[str, Any]:
    """A stored object as JSON can hold it."""
    return {"data": stored.data, "created": stored.created, "modified": stored.modified, "since": stored.since}
