"""Which of the imports by command are still being worked on: their process holds a lock file, and a killed one cannot.

An import by command has no queue that takes it up again, so one whose process has died would wait for ever.
"""

import fcntl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from provsluss.register.sources import uploads


@contextmanager
def working_as_command(organisation_id: uuid.UUID, if_alone: Callable[[], object]) -> Iterator[None]:
    """Hold the organisation's lock together with its other commands; `if_alone` is called first if there is none.

    The system lets go of the lock when the process ends, however it ends. Locks count on this machine, as the copies
    of the files do.
    """
    directory = uploads.directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / f"{organisation_id}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # another command is at work
        else:
            if_alone()
        fcntl.flock(file, fcntl.LOCK_SH)
        yield
