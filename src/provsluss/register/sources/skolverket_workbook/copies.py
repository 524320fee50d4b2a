"""The private copy of a workbook, read in a process of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from provsluss.register.models import Import
from provsluss.register.sources import uploads
from provsluss.register.sources.harmful_files import counted, demand_harmless
from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.skolverket_workbook.sheets import NAMES
from provsluss.register.sources.xlsx.handed_over import SheetRead
from provsluss.register.sources.xlsx.limits import Limits
from provsluss.register.sources.xlsx.process import sheets_of

LIMITS = Limits()


@contextmanager
def sheets_of_copy(import_run: Import) -> Iterator[list[SheetRead]]:
    """The sheets of the import's checked copy. Raises SourceRefused; then nothing of the file has been used."""
    with ExitStack() as open_while_used:
        try:
            path = uploads.checked_copy(import_run.pk, import_run.fingerprint)
            demand_harmless(import_run.fingerprint)
            with counted(import_run):
                sheets = open_while_used.enter_context(sheets_of(path, NAMES, LIMITS))
        except FileNotFoundError:  # another worker is done with it
            raise SourceRefused(uploads.GONE) from None
        yield sheets
