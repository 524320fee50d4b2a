"""The key that signs sessions, made once and kept readable by its owner only."""

import os
import secrets
import tempfile
from pathlib import Path

from provsluss.installation.one_at_a_time import one_at_a_time
from provsluss.installation.problem import InstallationProblem
from provsluss.installation.setting_kinds import strong_key

FILE_NAME = "secret_key"


def stored_secret_key(data_dir: Path) -> str:
    """Return the key in `data_dir`, which must be there; the first time it is made.

    Raises InstallationProblem when the file holds none, and OSError when it cannot be read or made.
    """
    path = data_dir / FILE_NAME
    if not os.path.lexists(path):
        try:
            with one_at_a_time(data_dir):
                if not os.path.lexists(path):
                    _make(path)
        except OSError as problem:  # not of the file that stood for it for a moment
            raise OSError(problem.errno, problem.strerror, str(path)) from problem
    try:
        return strong_key(path.read_text("ascii").strip())
    except ValueError:  # also what is not ASCII
        raise InstallationProblem(
            f"Filen {path} ska innehålla nyckeln som skyddar inloggningar, men är tom eller skadad. Lägg tillbaka den "
            "från en säkerhetskopia. Finns ingen: ta bort filen, så görs en ny. Då loggas alla ut."
        ) from None


def _make(path: Path) -> None:
    """Put the whole key there at one stroke: the disk may be full, or the power go."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE_NAME}-")  # readable by the owner only
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        written.rename(path)
    finally:
        written.unlink(missing_ok=True)
