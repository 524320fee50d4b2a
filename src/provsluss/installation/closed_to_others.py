"""The data directory is for its owner's eyes only: what an older version, a copy or a hand left open is closed."""

import os
import stat
from pathlib import Path

from provsluss.installation.data_directory import our_files
from provsluss.installation.os_words import this_user

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_to_others(data_dir: Path) -> list[str]:
    """Take group's and others' rights away from what is ours, and say in a Swedish sentence what was closed."""
    closed = [path for path in open_to_others(data_dir) if _may_close(path, data_dir) and _close(path)]
    if not closed:
        return []
    more = f" och {len(closed) - 1} till" if len(closed) > 1 else ""
    return [f"Andra användare på datorn kom åt {closed[0]}{more}. Nu gör bara {this_user()} det."]


def open_to_others(data_dir: Path) -> list[Path]:
    """The directory and what is in it, so far as others have any right to it."""
    return [path for path in (data_dir, *our_files(data_dir)) if _mode(path) & _OTHERS]


def _may_close(path: Path, data_dir: Path) -> bool:
    """Nobody's /tmp or home directory is closed because a setting points there for a moment."""
    if path.lstat().st_uid != os.geteuid():
        return False
    if path != data_dir:
        return True
    is_shared = path.stat().st_mode & stat.S_ISVTX or path in (Path.home(), Path("/"))
    return not is_shared and (not any(path.iterdir()) or any(our_files(path)))


def _close(path: Path) -> bool:
    try:
        path.chmod(_mode(path) & ~_OTHERS)
    except OSError:  # a filesystem that has no rights; `doctor` tells
        return False
    return not _mode(path) & _OTHERS


def _mode(path: Path) -> int:
    try:
        return 0 if path.is_symlink() else stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:  # SQLite has just removed it
        return 0
