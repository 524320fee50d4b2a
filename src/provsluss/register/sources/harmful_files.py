"""Files that kill their reader.

Such a file is refused for good, also after a restart and under another name. That the reader's death can take us with
it (where a system ends all processes that share what has run out) is counted beside the copy: a file whose reading has
so often not come to its end is taken to be the reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provsluss.register.models import HarmfulFile, Import
from provsluss.register.sources import uploads
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.xlsx.process import ReaderKilled
from provsluss.register.sources.xlsx.sentences import HARMFUL

MAX_ATTEMPTS = 5
"""So many times we may die while a file is read. The reason need not be the file: a machine can be restarted."""


def demand_harmless(fingerprint: str) -> None:
    """Raise SourceRefused if this file has killed a reader."""
    if HarmfulFile.objects.filter(pk=fingerprint).exists():
        raise SourceRefused(HARMFUL)


def forget_attempts(import_id: int) -> None:
    """Remove the count, if it is there."""
    _attempts(import_id).unlink(missing_ok=True)


@contextmanager
def counted(import_run: Import) -> Iterator[None]:
    """Note that the file is being read, until that has ended in whatever way we live to see."""
    attempts = _attempts(import_run.pk)
    with attempts.open("ab") as file:
        file.write(b".")
        begun = file.tell()
    if begun > MAX_ATTEMPTS:
        _refuse_for_good(import_run)
        raise SourceRefused(HARMFUL)
    try:
        yield
    except ReaderKilled:
        _refuse_for_good(import_run)
        raise
    finally:
        forget_attempts(import_run.pk)


def _refuse_for_good(import_run: Import) -> None:
    HarmfulFile.objects.get_or_create(fingerprint=import_run.fingerprint)


def _attempts(import_id: int) -> Path:
    return uploads.path_of(import_id).with_suffix(".attempts")
