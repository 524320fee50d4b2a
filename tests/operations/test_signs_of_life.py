"""A worker that works hard still gives signs of life."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from provsluss.operations.heartbeats import LOCAL, SILENT_AFTER, alive_workers, heartbeat
from provsluss.operations.worker_lock import lock_path
from provsluss.transfers.models import Worker


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.EMBEDDED_DATABASE = True
    lock_path().touch()


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_by_itself_and_leaves_nothing() -> None:
    with heartbeat(LOCAL):
        Worker.objects.update(seen_at=timezone.now() - timedelta(hours=1))
        os.utime(lock_path(), (0, 0))
        _wait(lambda: Worker.objects.get().seen_at > timezone.now() - timedelta(minutes=1))
        assert lock_path().stat().st_mtime > 0
    assert not Worker.objects.exists()


@pytest.mark.django_db
def test_one_whose_database_is_locked_by_its_own_work_is_alive() -> None:
    """No sign of life can be written while a file is stored, but the lock file is touched."""
    Worker.objects.create(name=LOCAL, seen_at=timezone.now() - 2 * SILENT_AFTER)
    assert alive_workers().exists()
    long_ago = time.time() - 2 * SILENT_AFTER.total_seconds()
    os.utime(lock_path(), (long_ago, long_ago))
    assert not alive_workers().exists()
