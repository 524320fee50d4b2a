"""Starts the process of its own for one file, waits for it, and gives what it has handed over.

A file that makes the system end the process can have been made for that. Then nothing of it is used, and the caller is
told, so that it is never tried again.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import provsluss
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.handed_over import Lines, SheetRead, sheets_read
from provsluss.register.sources.xlsx.limits import Limits
from provsluss.register.sources.xlsx.loose_names import loose
from provsluss.register.sources.xlsx.sentences import CANNOT_READ_NOW, DAMAGED, HARMFUL

log = logging.getLogger(__name__)

_START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from provsluss.register.sources.xlsx.child import main; main(sys.argv[2])"
)
_HOUSE = str(Path(provsluss.__file__).resolve().parent.parent)
_GRACE = 30
"""Seconds after which we end it ourselves, should its own clock not have done so."""
_FIRST_LINE = b"true\n"
_LONGEST_LAST_LINE = 1 << 20


class ReaderKilled(SourceRefused):
    """The file made its reader end: it took too much memory or time, or found a fault in it."""


@contextmanager
def sheets_of(path: Path, names: Collection[str], limits: Limits) -> Iterator[list[SheetRead]]:
    """The sheets with these names, loosely compared, of the workbook at `path`; inside, their rows can be read.

    The rows lie in a file without a name beside the workbook, and go with it. Raises SourceRefused: ReaderKilled if the
    file must never be tried again; FileNotFoundError.
    """
    with path.open("rb") as workbook, _file_beside(path) as rows:
        ended = _run(workbook, rows, names, limits)
        yield sheets_read(_last_line(rows, ended), Lines(rows.fileno()))


def _file_beside(path: Path) -> IO[bytes]:
    try:
        return tempfile.TemporaryFile(dir=path.parent)
    except OSError as problem:
        log.error("no file for the rows of a workbook: %s", problem.strerror)
        raise SourceRefused(CANNOT_READ_NOW) from problem


def _run(workbook: IO[bytes], rows: IO[bytes], names: Collection[str], limits: Limits) -> int:
    """Let the process read; returns how it ended. It inherits nothing of ours but the two files."""
    job = {"parent": os.getpid(), "limits": limits._asdict(), "sheets": [loose(name) for name in names]}
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, _HOUSE, json.dumps(job)]
    with _polite_requests_are_ours():
        try:
            process = subprocess.Popen(  # noqa: S603 - this Python and our own module
                command, stdin=workbook, stdout=rows, stderr=subprocess.DEVNULL, env={}, start_new_session=True
            )
        except OSError as problem:
            log.error("no process to read a workbook: %s", problem.strerror)
            raise SourceRefused(CANNOT_READ_NOW) from problem
    try:
        return process.wait(limits.wall_seconds + _GRACE)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        process.kill()  # also where we are interrupted; does nothing to one that has ended
        process.wait()


@contextmanager
def _polite_requests_are_ours() -> Iterator[None]:
    """What is started inside never hears of Ctrl-C or of a service that is stopped: we decide, and take it with us."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _last_line(rows: IO[bytes], ended: int) -> dict[str, Any]:
    """What the process says of the whole. Raises SourceRefused unless that is that it has read everything."""
    size = os.fstat(rows.fileno()).st_size
    if os.pread(rows.fileno(), len(_FIRST_LINE), 0) != _FIRST_LINE:
        log.error("the process that reads workbooks did not start (%s)", ended)
        raise SourceRefused(CANNOT_READ_NOW)
    tail = os.pread(rows.fileno(), _LONGEST_LAST_LINE, max(0, size - _LONGEST_LAST_LINE))
    line = tail.removesuffix(b"\n").rpartition(b"\n")[2]
    if not line.startswith(b"{") or not tail.endswith(b"}\n"):
        log.error("the process that read a workbook has ended before it was done (%s)", ended)
        raise ReaderKilled(HARMFUL) if ended < 0 else SourceRefused(CANNOT_READ_NOW)
    last: dict[str, Any] = json.loads(line)
    if "refused" in last:
        raise SourceRefused(last["refused"])
    if "broke" in last:
        log.error("a workbook could not be read: %s", last["broke"])
        raise SourceRefused(DAMAGED)
    return last
