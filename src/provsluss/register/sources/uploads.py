"""The private copy of an uploaded file, from the upload until the import has ended, a day at most.

Its name is the import's number: the user's file name can hold anything, also personal data.
"""

import hashlib
import os
import time
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from provsluss.register.sources.refusal import SourceRefused

KEPT_SECONDS = 24 * 3600
_CHUNK = 1 << 20

GONE = "Det som lästes finns inte kvar i Provsluss: det sparas i högst ett dygn. Läs in på nytt."
ALTERED = "Det är inte längre samma som det som lästes. Läs in på nytt."


def keep_copy(import_id: int, file: BinaryIO) -> str:
    """Keep a copy that only we can read, and return its SHA-256. Raises SourceRefused if the file is too large."""
    target = path_of(import_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > settings.MAX_WORKBOOK_BYTES:
                    raise SourceRefused(_too_large())
                digest.update(chunk)
                copy.write(chunk)
    except (SourceRefused, OSError):
        target.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def checked_copy(import_id: int, fingerprint: str) -> Path:
    """The copy's path, if it is there and is what was uploaded. Raises SourceRefused."""
    path = path_of(import_id)
    try:
        same = fingerprint_of(path) == fingerprint
    except FileNotFoundError:
        raise SourceRefused(GONE) from None
    if not same:
        raise SourceRefused(ALTERED)
    return path


def fingerprint_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def delete_copy(import_id: int) -> None:
    """Delete the copy, if it is there."""
    path_of(import_id).unlink(missing_ok=True)


def old_copies() -> list[int]:
    """The numbers of the imports whose copy is older than a day."""
    before = time.time() - KEPT_SECONDS
    copies = directory().glob("*.upload")
    return [int(path.stem) for path in copies if path.stem.isdigit() and path.stat().st_mtime < before]


def path_of(import_id: int) -> Path:
    """Where the copy of this import lies, whether it is there or not."""
    return directory() / f"{import_id}.upload"


def directory() -> Path:
    """Where the copies lie."""
    return Path(settings.MEDIA_ROOT) / "imports"


def _too_large() -> str:
    return (
        f"Filen är större än {settings.MAX_WORKBOOK_BYTES // 1_000_000} MB, som är det mesta Provsluss tar emot. "
        "Dela upp den, till exempel en fil per skolenhet."
    )
