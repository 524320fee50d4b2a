"""Whether the files that settings name can be used. Says so, never what is in them."""

from dataclasses import dataclass
from pathlib import Path

from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation
from provsluss.web.frame.states import Tone


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One line about a file."""

    title: str
    path: str
    tone: Tone
    icon: str
    says: str


def certificate_file_status(organisation: Organisation) -> list[FileStatus]:
    """The certificate and its key, each with whether it can be read."""
    return [
        _status("Certifikat", organisation.certificate_file, organisation, "Inte angivet"),
        _status("Privat nyckel", organisation.private_key_file, organisation, "Inte angiven"),
    ]


def _status(title: str, path: str, organisation: Organisation, absent: str) -> FileStatus:
    if not path:
        if organisation.environment == Environment.SIMULATOR:
            return FileStatus(title, "", "calm", "info", f"{absent}. Behövs inte mot simulatorn")
        return FileStatus(title, "", "warn", "warning", absent)
    try:
        with Path(path).open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError:
        return FileStatus(title, path, "bad", "error", "Filen finns inte")
    except (OSError, ValueError):
        return FileStatus(title, path, "bad", "error", "Filen går inte att läsa för Provsluss")
    if empty:
        return FileStatus(title, path, "bad", "error", "Filen är tom")
    return FileStatus(title, path, "ok", "ok", "Går att läsa")
