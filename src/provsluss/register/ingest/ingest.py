"""Goes through a source once, from first row to last: compared, counted, and stored if that is asked for."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from provsluss.batching import in_pieces
from provsluss.register.ingest.absence import Mentioned
from provsluss.register.ingest.apply import Storing
from provsluss.register.ingest.change_list import ChangeList
from provsluss.register.ingest.counts import Counting
from provsluss.register.ingest.diff import Comparer
from provsluss.register.ingest.other_places import OtherPlaces
from provsluss.register.ingest.protection_markings import Protecting
from provsluss.register.ingest.protection_questions import ProtectionKept
from provsluss.register.ingest.school_year_change import YearCounting
from provsluss.register.ingest.settled_rows import SettledRows
from provsluss.register.ingest.unusual_endings import EndingCounting
from provsluss.register.models import Group, Import
from provsluss.register.questions import Question
from provsluss.register.source_records import GROUP_ATTRIBUTES, Problem, RowRead, SourceGroup
from provsluss.register.sources.skolverket_workbook.layout import HEADER_ROW, SHEETS, sheet_of
from provsluss.register.sources.skolverket_workbook.reader import WorkbookReader
from provsluss.register.sources.xlsx.handed_over import SheetRead

Progress = Callable[[int, int], None]
"""Told now and then how many rows are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Which questions have been answered with yes, and on which sheets nothing ends because nobody has."""

    accepted: Collection[str] = ()
    spared_sheets: Collection[str] = ()


_BATCH = 500
_PROGRESS_EVERY = 2_000


def go_through(
    import_run: Import,
    sheets: Collection[SheetRead],
    counting: Counting,
    answers: Answers,
    changes: ChangeList | None = None,
    storing: Storing | None = None,
    year: YearCounting | None = None,
    endings: EndingCounting | None = None,
    progress: Progress | None = None,
) -> int:
    """Go through the workbook's sheets and count what they mean for the register; with `storing`, also write it.

    Rows that ask what `answers` has no yes to stay out, or keep what the register has. Returns how many rows there are.
    The organisation's scope must be active, and a transaction open if `storing` is given. Raises
    SourceRefused.
    """

    def kept_groups(
        ids: Collection[uuid.UUID], group_type: str, school_unit_codes: Collection[str]
    ) -> Iterable[SourceGroup]:
        return _kept_groups(rows_settled.as_in_register(ids), group_type, school_unit_codes)

    reader = WorkbookReader(sheets, import_run.organisation_id, kept_groups)
    rows_settled = SettledRows(reader, import_run.organisation_id, answers.accepted)
    counting.keep(reader.notes)
    places = OtherPlaces(rows_settled.school_units_of_pupils)
    comparer = Comparer(import_run.organisation, import_run.source, places)
    protecting = Protecting(import_run.organisation)
    protection = ProtectionKept(import_run.organisation, answers.accepted)
    mentioned = Mentioned()
    mentioned.keep(rows_settled.kept_persons)
    mentioned.speak_of(rows_settled.old_codes)
    told = 0
    for rows in rows_settled.sheets():
        for batch in _batches(rows):
            protection.keep(batch)
            compared = comparer.compare(batch)
            protected = protecting.take(compared)
            protecting.hide(compared)
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
    _end_what_is_not_said(import_run, mentioned, places, counting, answers, changes, storing, year, endings)
    if endings is not None:
        endings.finish(import_run.source, mentioned.school_units)
    return reader.total


def _end_what_is_not_said(
    import_run: Import,
    mentioned: Mentioned,
    places: OtherPlaces,
    counting: Counting,
    answers: Answers,
    changes: ChangeList | None,
    storing: Storing | None,
    year: YearCounting | None,
    endings: EndingCounting | None,
) -> None:
    counting.spared = mentioned.spared(import_run.source)
    # The lists are made before the first is ended, so that storing counts as the preview did.
    for kind, group_type, ids in list(mentioned.absent(import_run.source)):
        sheet = sheet_of(kind, group_type)
        if ids and sheet in answers.spared_sheets:
            counting.keep([_spared(sheet, len(ids))])
            continue
        if kind == "pupils" and (leaving := places.leaving(ids, mentioned.school_units)):
            ids = [one for one in ids if one not in set(leaving)]
            counting.changed_by_absence(sheet, len(leaving))
            if changes is not None:
                changes.take_leaving(sheet, leaving)
            if storing:
                storing.leave_school_units(leaving, mentioned.school_units)
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


def _spared(sheet: str, number: int) -> Problem:
    noun = "En" if number == 1 else str(number)
    text = (
        f"{noun} som inte finns i filen är kvar i registret, eftersom ingen har svarat ja till att så många avslutas."
    )
    return Problem(sheet, HEADER_ROW, "", "", text, row_refused=False, question=Question.ENDING)


def _batches(rows: Iterator[RowRead]) -> Iterator[list[RowRead]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


SHEET_NAMES = tuple(sheet.name for sheet in SHEETS)
"""The sheets in the order in which they are shown."""
