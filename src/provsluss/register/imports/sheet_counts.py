"""What an import has counted, sheet by sheet."""

from provsluss.register.ingest.ingest import SHEET_NAMES
from provsluss.register.models import Import


def sheet_counts(import_run: Import) -> list[tuple[str, dict[str, int]]]:
    """Each sheet and its counts, in the order of the workbook; empty before the preview."""
    return [(sheet, import_run.counts[sheet]) for sheet in SHEET_NAMES if sheet in import_run.counts]


def changes_nothing(import_run: Import) -> bool:
    """Whether the register already is as the file says (inga ändringar)."""
    return not any(counts[name] for _, counts in sheet_counts(import_run) for name in ("new", "changed", "ended"))


def refused_rows(import_run: Import) -> int:
    """How many rows stay out."""
    return sum(counts["bad"] for _, counts in sheet_counts(import_run))
