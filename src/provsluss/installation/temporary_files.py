"""Temporary files lie in the data directory, a folder for each process: they can hold personal data."""

import atexit
import fcntl
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from provsluss.installation.one_at_a_time import one_at_a_time

FOLDER = "provsluss-tmp"
_IN_USE = "in-use.lock"
_OURS = re.compile(r"\d+-\w{8}")


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
        # Only what we made: the data directory may be one that others have a folder of the same name in.
        if one.is_symlink() or not _OURS.fullmatch(one.name) or not (one / _IN_USE).is_file():
            continue
        if not _is_in_use(one):
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
