"""A process that is measured: how long it took, how much of a core, and how much memory at most."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.engine.installation import Installation


@dataclass(frozen=True)
class Used:
    """What a process used. Memory is the highest there was, in megabytes."""

    seconds: float
    processor_seconds: float
    megabytes: float

    @classmethod
    def of(cls, seconds: float, used: resource.struct_rusage) -> "Used":
        """From what the system says of an ended process."""
        return cls(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def start(
    here: Installation, *arguments: object, settings: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start `provsluss …` on an installation, with further settings as environment variables; what it says is lost."""
    return subprocess.Popen(
        [sys.executable, "-m", "provsluss", *map(str, arguments)],
        env={**os.environ, **here.environment, **(settings or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def measured(here: Installation, *arguments: object) -> Used:
    """Run `provsluss …` to its end. Ends the measurement if the command could not do its work."""
    started = time.monotonic()
    process = start(here, *arguments)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: done, with something refused
        raise SystemExit(f"provsluss {arguments[0]} ended with status {process.returncode}")
    return Used.of(time.monotonic() - started, used)


def ended(process: "subprocess.Popen[bytes]", started: float) -> Used:
    """Tell a worker to end, and give what it used since `started` (time.monotonic)."""
    process.terminate()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Used.of(time.monotonic() - started, used)
