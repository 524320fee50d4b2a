"""The rows that the latest import left out, and which school units they are of: whoever is on them is nowhere else."""

from collections import Counter
from dataclasses import dataclass

from provsluss.register.models import STORED_STATES, Import, ImportProblem
from provsluss.register.sources.skolverket_workbook.layout import SHEETS

REJECTED = "left_out"
"""Among an import's counts: how many rows of each school unit were left out."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row, as the file's sheets count it. Without `school_unit_code` it cannot be told of which unit it is."""

    sheet: str
    number: int
    school_unit_code: str
    reasons: tuple[str, ...]


def latest_import() -> Import | None:
    """The import that the register was changed by last. The organisation's scope must be active."""
    stored = Import.objects.filter(state__in=STORED_STATES)
    return stored.order_by("-finished_at", "-pk").first()


def rejected_row_count(import_run: Import) -> int:
    """How many rows it left out."""
    return sum(import_run.counts.get(sheet.name, {}).get("bad", 0) for sheet in SHEETS)


def school_units_of_rejected_rows(import_run: Import) -> Counter[str]:
    """How many rows of each school unit it left out, all of them; "" for those that are of no unit that can be told."""
    units = Counter[str](import_run.counts.get(REJECTED, {}))
    units[""] = rejected_row_count(import_run) - units.total()
    return +units


def rejected_rows(import_run: Import) -> list[RejectedRow]:
    """The rows themselves, as many as were kept (ingest/counts.py). The organisation's scope must be active."""
    rows: dict[tuple[str, int], tuple[str, list[str]]] = {}
    refusing = ImportProblem.objects.filter(import_run=import_run, row_refused=True)
    for sheet, number, code, reason in refusing.values_list("sheet", "row", "school_unit_code", "reason"):
        rows.setdefault((sheet, number), (code, []))[1].append(reason)
    return [RejectedRow(sheet, number, code, tuple(reasons)) for (sheet, number), (code, reasons) in rows.items()]
