"""Skolverket's workbook as a source: an uploaded file, whose sheets are the sections."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from provsluss.register.models import Import
from provsluss.register.sources.skolverket_workbook.copies import sheets_of_copy
from provsluss.register.sources.skolverket_workbook.layout import SHEETS
from provsluss.register.sources.skolverket_workbook.reader import WorkbookReader
from provsluss.register.sources.source import Opened, SourceKind

SOURCE = "skolverket_workbook"
"""What `source` is on everything that came this way."""


@dataclass(frozen=True, slots=True)
class WorkbookSource:
    """The private copy of one import's workbook."""

    import_run: Import

    @contextmanager
    def open(self) -> Iterator[Opened]:
        """As source.Source."""
        with sheets_of_copy(self.import_run) as sheets:
            yield partial(WorkbookReader, sheets)


WORKBOOK = SourceKind(
    name=SOURCE,
    called="Skolverkets Excelmall",
    words={sheet.section: sheet.name for sheet in SHEETS},
    of_import=WorkbookSource,
)
