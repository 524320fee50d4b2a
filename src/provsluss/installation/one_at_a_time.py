"""What is made once in a data directory, key and tables, is made by one process, however many begin together."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from provsluss.installation.problem import InstallationProblem

FILE_NAME = "prepare.lock"
PATIENCE_SECONDS = 300.0
"""Tables of a large installation can take minutes to bring up to date."""
_PAUSE_SECONDS = 0.02


@contextmanager
def one_at_a_time(data_dir: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Inside, this is the only process; others wait. The system lets go of the lock when the process ends.

    Raises InstallationProblem when another is still inside after `patience` seconds, and OSError.
    """
    deadline = time.monotonic() + patience
    with open_lock(data_dir / FILE_NAME) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise InstallationProblem(
                        f"En annan process har i {patience / 60:.0f} minuter hållit på att göra databasen i {data_dir} "
                        f"klar. Se vilken med: fuser {data_dir / FILE_NAME}. Vänta tills den är färdig, eller avsluta "
                        "den, och försök igen."
                    ) from None
                time.sleep(_PAUSE_SECONDS)
        yield


def open_lock(path: Path) -> IO[bytes]:
    """A file to be locked, readable by its owner only whatever the process's umask is. Raises OSError."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb")
