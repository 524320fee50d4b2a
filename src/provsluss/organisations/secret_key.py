"""The key that signs sessions, made once and kept readable by its owner only."""

import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def stored_secret_key(data_dir: Path) -> str:
    """Return the key in `data_dir`, making directory and file the first time. Raises OSError if that is not allowed."""
    path = data_dir / FILE_NAME
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text("ascii")
