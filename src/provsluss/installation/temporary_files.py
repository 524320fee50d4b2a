"""Temporary files lie in the data directory, a folder for each process: they can hold personal data."""

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from provsluss.installation.one_at_a_time import one_at_a_time

FOLDER = "tmp"
_IN_USE = "in-use.lock"


def use_own_temporary_directory(data_dir: Path) -> None:
    """From now on this process and its children keep temporary files in a folder of their own, gone when it ends.

    What processes have left that are no more is deleted. Raises InstallationProblem and OSError.
    """
    folder = data_dir / FOLDER
    with one_at_a_time(data_dir):
        folder.mkdir(mode=0o700, exist_ok=True)
        forget_abandoned(folder)
        own = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=folder))
        # Open, and so locked, until the last process that has it by a fork has ended.
        in_use = (own / _IN_USE).open("w")
        fcntl.flock(in_use, fcntl.LOCK_EX)
    atexit.register(_forget, own, in_use, os.getpid())
    tempfile.tempdir = str(own)
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        os.environ[name] = str(own)


def forget_abandoned(folder: Path) -> None:
    """Delete what nobody holds any more. To be called by one process at a time."""
    for one in folder.iterdir():
        if not one.is_dir() or one.is_symlink():
            one.unlink(missing_ok=True)
        elif not _is_in_use(one):
            shutil.rmtree(one, ignore_errors=True)


def _is_in_use(folder: Path) -> bool:
    try:
        with (folder / _IN_USE).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _forget(folder: Path, in_use: object, process: int) -> None:
    if os.getpid() == process:  # a fork ends in its own time
        with suppress(OSError):
            shutil.rmtree(folder)
