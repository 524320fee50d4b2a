"""A worker that sleeps is woken when something is ordered, and to end."""

import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from provsluss.operations.alarm import Alarm, listening
from provsluss.outbox.wake_up import pipe_path, wake_worker

LONG = 60.0


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.EMBEDDED_DATABASE = True


def _slept(alarm: Alarm) -> bool:
    """Whether it slept to the end. It never does: the test would take a minute."""
    begun = time.monotonic()
    alarm.wait(LONG)
    return time.monotonic() - begun >= LONG


@pytest.mark.django_db(transaction=True)
def test_an_order_wakes_it_when_it_is_committed() -> None:
    alarm = Alarm()
    with listening(alarm):
        with transaction.atomic():
            wake_worker()
            alarm.wait(0.05)
            assert not alarm._rung.is_set()
        assert not _slept(alarm)


def test_another_process_wakes_it() -> None:
    alarm = Alarm()
    with listening(alarm):
        subprocess.run([sys.executable, "-c", f"open({str(pipe_path())!r}, 'wb').write(b'!')"], check=True, timeout=30)
        assert not _slept(alarm)


def test_stopping_wakes_it_for_good() -> None:
    alarm = Alarm()
    threading.Timer(0.02, alarm.stop).start()
    assert not _slept(alarm)
    assert not _slept(alarm)
    assert alarm.is_stopped


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_nobody_minds() -> None:
    wake_worker()
    with listening(Alarm()):
        pass
    for _ in range(3):
        wake_worker()  # the pipe is still there, and nobody reads it


def test_the_pipe_is_its_owners_alone() -> None:
    with listening(Alarm()):
        assert stat.S_IMODE(pipe_path().stat().st_mode) == 0o600
