"""The secret of a source is a file named in its settings; it is in no table, log or page (design.md section 7)."""

from pathlib import Path

from django.conf import settings as installation

from provsluss.register.sources.refusal import SourceRefused

_LONGEST = 10_000


def secret_path(name: str) -> Path:
    """Where the file lies: as it is named, or in PROVSLUSS_SECRET_DIR where only a file's name was given."""
    path = Path(name)
    if path.is_absolute() or installation.SECRET_DIR is None:
        return path
    return Path(installation.SECRET_DIR) / path


def read_secret(name: str) -> str:
    """What the file holds, without line breaks around it. Raises SourceRefused."""
    path = secret_path(name)
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST).decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise SourceRefused(f"Filen med hemligheten, {path.name}, går inte att läsa.") from None
    if not text or any(sign in text for sign in "\r\n\0"):
        raise SourceRefused(f"Filen med hemligheten, {path.name}, ska hålla hemligheten på en enda rad.")
    return text


def warning_of(name: str) -> str:
    """A sentence where others than the owner can read the file; empty otherwise."""
    try:
        mode = secret_path(name).stat().st_mode
    except OSError:
        return ""
    if mode & 0o077 == 0:
        return ""
    return f"Andra användare på servern kan läsa filen {Path(name).name}. Kör: chmod 600 {Path(name).name}"


def secret_names(organisation_number: str) -> list[str]:
    """The files that lie ready for a huvudman, NUMBER/NAME below PROVSLUSS_SECRET_DIR: those that its users may choose.

    Nobody chooses a file of another, nor one somewhere else on the server.
    """
    if installation.SECRET_DIR is None:
        return []
    own = Path(installation.SECRET_DIR) / organisation_number
    try:
        return sorted(f"{organisation_number}/{path.name}" for path in own.iterdir() if path.is_file())
    except OSError:
        return []
