"""Goes through a source once, from first row to last: compared, counted, and stored if that is asked for."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice

from django.db.models import Q

from provsluss.batching import in_pieces
from provsluss.register.ingest.absence import Mentioned
from provsluss.register.ingest.apply import Storing
from provsluss.register.ingest.change_list import ChangeList
from provsluss.register.ingest.counts import Counting
from provsluss.register.ingest.diff import Comparer
from provsluss.register.ingest.protection_markings import Protecting
from provsluss.register.ingest.school_year_change import YearCounting
from provsluss.register.ingest.unusual_endings import EndingCounting
from provsluss.register.models import Group, Import, Person
from provsluss.register.source_records import GROUP_ATTRIBUTES, RowRead, SourceGroup
from provsluss.register.sources.skolverket_workbook.layout import SHEETS, sheet_of
from provsluss.register.sources.skolverket_workbook.reader import WorkbookReader
from provsluss.register.sources.xlsx.handed_over import SheetRead

Progress = Callable[[int, int], None]
"""Told now and then how many rows are done, and of how many."""

_BATCH = 500
_PROGRESS_EVERY = 2_000


def go_through(
    import_run: Import,
    sheets: Collection[SheetRead],
    counting: Counting,
    changes: ChangeList | None = None,
    storing: Storing | None = None,
    year: YearCounting | None = None,
    endings: EndingCounting | None = None,
    progress: Progress | None = None,
) -> int:
    """Go through the workbook's sheets and count what they mean for the register; with `storing`, also write it.

    Returns how many rows there are. The organisation's scope must be active, and a transaction open if `storing` is
    given. Raises SourceRefused.
    """
    reader = WorkbookReader(sheets, import_run.organisation_id, _kept_groups, _kept_eppns)
    counting.keep(reader.notes)
    comparer = Comparer(import_run.organisation, import_run.source)
    protecting = Protecting(import_run.organisation)
    mentioned = Mentioned()
    told = 0
    for _, rows in reader.sheets():
        for batch in _batches(rows):
            compared = comparer.compare(batch)
            protected = protecting.take(compared)
            for one in compared:
                counting.take(one)
                mentioned.take(one)
            for one in protected:
                counting.protected(one)
            if changes is not None:
                changes.take(compared)
                changes.take_protected(protected)
            if year is not None:
                year.take(compared)
            if endings is not None:
                endings.take(compared)
            if storing:
                storing.store(compared)
            if progress and counting.done - told >= _PROGRESS_EVERY:
                told = counting.done
                progress(told, reader.total)
    if storing:
        storing.protect(protecting.markings)
    counting.keep(reader.found_last)
    _end_what_is_not_said(import_run, mentioned, counting, changes, storing, year, endings)
    if endings is not None:
        endings.finish(import_run.source, mentioned.school_units)
    return reader.total


def _end_what_is_not_said(
    import_run: Import,
    mentioned: Mentioned,
    counting: Counting,
    changes: ChangeList | None,
    storing: Storing | None,
    year: YearCounting | None,
    endings: EndingCounting | None,
) -> None:
    counting.spared = mentioned.spared(import_run.source)
    # The lists are made before the first is ended, so that storing counts as the preview did.
    for kind, group_type, ids in list(mentioned.absent(import_run.source)):
        sheet = sheet_of(kind, group_type)
        counting.ended_by_absence(sheet, len(ids))
        if changes is not None:
            changes.take_absent(sheet, kind, ids)
        if year is not None:
            year.take_absent(kind, group_type, ids)
        if endings is not None:
            endings.take_absent(sheet, ids)
        if storing:
            storing.end(kind, ids)
    if storing:
        storing.end_staff_without_duty()


def _kept_groups(
    ids: Collection[uuid.UUID], group_type: str, school_unit_codes: Collection[str]
) -> Iterable[SourceGroup]:
    """As reader.KeptGroups."""
    in_units = Q(group_type=group_type)
    if "" not in school_unit_codes:
        in_units &= Q(school_unit_code__in=school_unit_codes)
    wanted = [Q(pk__in=part) for part in in_pieces(ids)] + ([in_units] if school_unit_codes else [])
    current = Group.objects.filter(ended_at=None)
    found = {row["id"]: row for q in wanted for row in current.filter(q).values("id", *GROUP_ATTRIBUTES)}
    return [SourceGroup(**group) for group in found.values()]


def _kept_eppns(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    waiting, kept = iter(ids), dict[uuid.UUID, str]()
    while part := list(islice(waiting, _BATCH)):  # SQLite refuses tens of thousands in one query
        kept |= dict(Person.objects.filter(pk__in=part).order_by().values_list("pk", "eppn"))
    return kept


def _batches(rows: Iterator[RowRead]) -> Iterator[list[RowRead]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


SHEET_NAMES = tuple(sheet.name for sheet in SHEETS)
"""The sheets in the order in which they are shown."""
