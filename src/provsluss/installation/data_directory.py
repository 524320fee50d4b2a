"""The directory where everything lives: made when it is missing, and refused in a sentence when it cannot be used."""

import errno
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from provsluss.installation.os_words import owner_of, reason, this_user
from provsluss.installation.problem import InstallationProblem

ANOTHER = "ange en annan med PROVSLUSS_DATA_DIR"
OURS = (
    "provsluss.sqlite3*",
    "engine.sqlite3*",
    "secret_key",
    "*.lock",
    "worker.wake",
    "uploads",
    "uploads/*",
    "uploads/*/*",
    "provsluss-tmp",
)
"""What we make there. Each must be readable and writable by us, and by nobody else."""


def ready_data_directory(wanted: Path) -> Path:
    """Make the directory with its parents if it is not there, see that it can be used, and return its whole path.

    What is made is readable by its owner only. Raises InstallationProblem.
    """
    try:
        path = wanted.resolve()
    except (OSError, RuntimeError):  # also links in a circle
        raise InstallationProblem(
            f"Datakatalogen {wanted} går inte att hitta härifrån. Ange hela sökvägen i PROVSLUSS_DATA_DIR, till "
            "exempel /var/lib/provsluss."
        ) from None
    try:
        _make(path)
        _demand_usable(path)
    except PermissionError:
        raise InstallationProblem(
            f"Användaren {this_user()} kommer inte fram till datakatalogen {path}, för en katalog på vägen dit är "
            f"stängd. Öppna den, eller {ANOTHER}."
        ) from None
    except OSError as problem:
        raise InstallationProblem(f"Datakatalogen {path} kan inte användas: {reason(problem)}. {_ANOTHER}.") from None
    return path


_ANOTHER = ANOTHER[:1].upper() + ANOTHER[1:]


def our_files(data_dir: Path) -> Iterator[Path]:
    """What there is of ours in the directory."""
    for pattern in OURS:
        yield from data_dir.glob(pattern)


def _make(path: Path) -> None:
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        try:
            one.mkdir(mode=0o700)
        except FileExistsError:  # another process makes it too; or a link that leads nowhere
            if not one.is_dir():
                raise
        except PermissionError:
            raise InstallationProblem(
                f"Datakatalogen {path} finns inte, och användaren {this_user()} får inte skapa den i {one.parent}. "
                f"Skapa den som root med: install -d -m 700 -o {this_user()} {shlex.quote(str(path))} "
                f"– eller {ANOTHER}."
            ) from None


def _demand_usable(path: Path) -> None:
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "")
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, "")
    if not _is_usable(path):
        raise InstallationProblem(
            f"Datakatalogen {path} ägs av {owner_of(path)}, och användaren {this_user()} får inte läsa och skriva i "
            f"den. {_remedy(path)} – eller {ANOTHER}."
        )
    for file in our_files(path):
        if not _is_usable(file):
            raise InstallationProblem(
                f"{file} ägs av {owner_of(file)}, och användaren {this_user()} får inte läsa och skriva i den, som "
                f"efter en återläsning eller ett kommando som root. {_remedy(path)}"
            )


def _is_usable(path: Path) -> bool:
    wanted = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
    return not path.exists() or os.access(path, wanted, effective_ids=os.access in os.supports_effective_ids)


def _remedy(path: Path) -> str:
    """The command that gives the directory to us; where it is ours already, the one that opens it for us."""
    whole = shlex.quote(str(path))
    if path.stat().st_uid == os.geteuid() and all(one.stat().st_uid == os.geteuid() for one in our_files(path)):
        return f"Ge dig rätten igen med: chmod -R u+rwX {whole}"
    return f"Ge allt till {this_user()} som root med: chown -R {this_user()} {whole}"
