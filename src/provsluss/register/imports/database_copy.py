"""Work on a copy of the embedded database: SQLite lets one write at a time, and what takes minutes must hold up nobody.

PostgreSQL needs no copy; there others go on writing beside a transaction.
"""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

_PREFIX = "copy-"
_FORGOTTEN_SECONDS = 24 * 3600
_ROOM = 2.5
"""So many times the database's size must be free: for the copy, and for what is written to it."""


class NoRoom(Exception):
    """The disk is too full for a copy."""


@contextmanager
def on_a_copy() -> Iterator[None]:
    """Inside, this thread reads and writes a copy of the database as it was at the beginning; then the copy is gone.

    On PostgreSQL, and inside a transaction, which nobody else could see, it is the database itself. Raises NoRoom.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    original = connections[DEFAULT_DB_ALIAS]
    path = Path(str(original.settings_dict["NAME"]))
    size = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    if shutil.disk_usage(path.parent).free < _ROOM * size:
        raise NoRoom(f"a copy of the database needs {_ROOM * size / 1e6:.0f} MB")
    prefix = f"{_PREFIX}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=settings.DATA_DIR) as folder:  # only we may read it
        target = Path(folder) / path.name
        with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        connections[DEFAULT_DB_ALIAS] = working = original.copy()
        working.settings_dict["NAME"] = str(target)
        try:
            with working.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")  # nobody will miss it
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = original
            working.close()


def forget_old_copies() -> int:
    """Delete the copies that killed processes have left; they hold personal data. Returns how many.

    Another process may have got the killed one's number: such a copy is deleted a day later.
    """
    before = time.time() - _FORGOTTEN_SECONDS
    forgotten = 0
    for one in settings.DATA_DIR.glob(f"{_PREFIX}*/"):
        with suppress(FileNotFoundError):  # its process has just deleted it
            number = one.name.removeprefix(_PREFIX).partition("-")[0]
            if not (number.isdigit() and _is_alive(int(number))) or one.stat().st_mtime < before:
                shutil.rmtree(one)
                forgotten += 1
    return forgotten


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True
