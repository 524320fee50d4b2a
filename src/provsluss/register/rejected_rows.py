"""The rows that the latest import of each source left out, and their school units: who is on them is nowhere else."""

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from provsluss.register.models import STORED_STATES, Import, ImportProblem, Source
from provsluss.register.sections import Section
from provsluss.register.sources.registry import is_numbered, section_called

REJECTED = "left_out"
"""Among an import's counts: how many rows of each school unit were left out."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row, as its source counts them. Without `school_unit_code` it cannot be told of which unit it is."""

    section: Section | None
    """None where the source has no such section any more."""
    place: str
    """What the source calls it, such as a sheet's name."""
    number: int
    school_unit_code: str
    reasons: tuple[str, ...]
    name: str = ""
    """Who or what is on it; empty where that may not be told."""
    groups: tuple[uuid.UUID, ...] = ()
    """The groups that it is about or refers to, as far as they can be told."""
    school_type: str = ""
    school_year: int | None = None
    national_test: str = ""


def latest_imports() -> list[Import]:
    """What each source was last read as, the newest first: the register comes from all of them together.

    The organisation's scope must be active.
    """
    stored = Import.objects.filter(state__in=STORED_STATES)
    later = Q(finished_at__gt=OuterRef("finished_at")) | Q(finished_at=OuterRef("finished_at"), pk__gt=OuterRef("pk"))
    newer = stored.filter(later, source=OuterRef("source"), organisation=OuterRef("organisation"))
    newest = list(stored.filter(~Exists(newer)).order_by("-finished_at", "-pk"))
    if not any(is_numbered(one.source) for one in newest):
        return newest
    there = set(Source.objects.values_list("key", flat=True))
    return [one for one in newest if not is_numbered(one.source) or one.source in there]


def imports_with_rejected_rows() -> list[Import]:
    """Those of them that left out any rows, the newest first. The organisation's scope must be active."""
    return [one for one in latest_imports() if rejected_row_count(one)]


def rejected_row_count(import_run: Import) -> int:
    """How many rows it left out."""
    return sum(import_run.counts.get(section, {}).get("bad", 0) for section in Section)


def school_units_of_rejected_rows(import_run: Import) -> Counter[str]:
    """How many rows of each school unit it left out, all of them; "" for those that are of no unit that can be told."""
    units = Counter[str](import_run.counts.get(REJECTED, {}))
    units[""] = rejected_row_count(import_run) - units.total()
    return +units


def rejected_rows(import_run: Import) -> list[RejectedRow]:
    """The rows themselves, as many as were kept (ingest/counts.py). The organisation's scope must be active."""
    rows: dict[tuple[str, int], tuple[ImportProblem, list[str]]] = {}
    for problem in ImportProblem.objects.filter(import_run=import_run, row_refused=True):
        rows.setdefault((problem.sheet, problem.row), (problem, []))[1].append(problem.reason)
    return [
        _row(problem, section_called(import_run.source, problem.sheet), tuple(reasons))
        for problem, reasons in rows.values()
    ]


def rows_without_a_group(import_run: Import) -> int:
    """How many of the rows that it left out may be of any group: it cannot be told, or may not be."""
    if not (rows := rejected_row_count(import_run)):
        return 0
    return rows - sum(bool(row.groups) for row in rejected_rows(import_run))


def rejected_by_group() -> dict[uuid.UUID, Counter[Section]]:
    """How many rows of each section the latest imports left out, of those that are of a group, by group."""
    found: dict[uuid.UUID, Counter[Section]] = defaultdict(Counter)
    for import_run in imports_with_rejected_rows():
        for row in rejected_rows(import_run):
            if row.section:
                for group_id in row.groups:
                    found[group_id][row.section] += 1
    return found


def _row(problem: ImportProblem, section: Section | None, reasons: tuple[str, ...]) -> RejectedRow:
    place = problem.belongs_to
    return RejectedRow(
        section,
        problem.sheet,
        problem.row,
        problem.school_unit_code,
        reasons,
        problem.name,
        tuple(map(uuid.UUID, place.get("groups", ()))),
        place.get("school_type", ""),
        place.get("school_year"),
        place.get("national_test", ""),
    )
