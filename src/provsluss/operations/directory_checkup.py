"""Whether the data directory can be written, has room, and is for its owner's eyes only."""

import os
import shlex
import shutil
import stat
import tempfile
from pathlib import Path

from django.conf import settings

from provsluss.connection.check import Check, right, warning, wrong
from provsluss.installation.closed_to_others import open_to_others
from provsluss.installation.data_directory import our_files
from provsluss.installation.os_words import owner_of, reason

DIRECTORY = "Datakatalog"
_TRIED_BYTES = 1 << 16
_TOO_LITTLE = 50_000_000
_LITTLE = 500_000_000
_COPIES = 2.5
"""Working on a copy of an embedded database takes so many times its size (register/imports/database_copy.py)."""


def can_be_written() -> Check:
    """Whether something can be written there now; a full disk is told by no right."""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
            file.write(b"\0" * _TRIED_BYTES)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        return wrong(
            DIRECTORY,
            f"Det går inte att skriva i {settings.DATA_DIR}: {reason(problem)}.",
            "Rätta det, eller flytta datakatalogen och ange den nya med PROVSLUSS_DATA_DIR.",
        )
    return right(DIRECTORY, f"Det går att skriva i {settings.DATA_DIR}.")


def has_room() -> Check:
    """Whether there is room for what the next weeks bring."""
    title = "Ledigt utrymme"
    free = shutil.disk_usage(settings.DATA_DIR).free
    database = sum(file.stat().st_size for file in settings.DATA_DIR.glob("*.sqlite3*") if file.is_file())
    wanted = max(_LITTLE, _COPIES * database)
    says = f"{_size(free)} är ledigt där datakatalogen ligger"
    remedy = f"Frigör utrymme, eller flytta datakatalogen. Minst {_size(wanted)} behöver vara ledigt."
    if free < _TOO_LITTLE:
        return wrong(title, f"{says}: Provsluss stannar när disken är full.", remedy)
    if free < wanted:
        return warning(title, f"{says}.", remedy)
    return right(title, f"{says}.")


def closed_to_others(private_keys: list[str]) -> Check:
    """Whether other users of the computer are kept out of the data directory and the private keys."""
    title = "Rättigheter"
    if opened := open_to_others(settings.DATA_DIR):
        names = " ".join(shlex.quote(str(path)) for path in opened[:5])
        return wrong(title, f"Andra användare på datorn kommer åt {opened[0]}.", f"Kör: chmod go= {names}")
    if keys := [key for key in private_keys if _is_open(Path(key))]:
        names = " ".join(shlex.quote(key) for key in keys)
        says = f"Andra användare på datorn kommer åt den privata nyckeln {keys[0]}."
        return warning(title, says, f"Kör: chmod go= {names}")
    owner = owner_of(settings.DATA_DIR)
    if strange := [path for path in our_files(settings.DATA_DIR) if path.exists() and owner_of(path) != owner]:
        return warning(
            title,
            f"{strange[0]} ägs av {owner_of(strange[0])}, men datakatalogen av {owner}.",
            f"Kör som root: chown -R {owner} {shlex.quote(str(settings.DATA_DIR))}",
        )
    return right(title, f"Bara {owner} kommer åt datakatalogen.")


def _size(number: float) -> str:
    return f"{number / 1e9:.1f} GB".replace(".", ",") if number >= 1e9 else f"{number / 1e6:.0f} MB"


def _is_open(key: Path) -> bool:
    try:
        return bool(key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:  # whether it is there is asked elsewhere (connection/certificate_checkup.py)
        return False
