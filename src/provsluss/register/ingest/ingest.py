"""Goes through a source once, from first row to last: compared, counted, and stored if that is asked for."""

import uuid
from collections.abc import Collection, Iterable, Iterator
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
from provsluss.register.ingest.own_school_units import OwnSchoolUnits
from provsluss.register.ingest.protection_markings import Protecting
from provsluss.register.ingest.protection_questions import ProtectionKept
from provsluss.register.ingest.school_year_change import YearCounting
from provsluss.register.ingest.settled_rows import SettledRows
from provsluss.register.ingest.unusual_endings import EndingCounting
from provsluss.register.models import Group, Import
from provsluss.register.questions import Question
from provsluss.register.sections import Section
from provsluss.register.source_records import GROUP_ATTRIBUTES, Problem, RowRead, SourceGroup
from provsluss.register.sources.registry import read_thing
from provsluss.register.sources.source import Opened, Progress


@dataclass(frozen=True, slots=True)
class Answers:
    """Which questions have been answered with yes, and in which sections nothing ends because nobody has."""

    accepted: Collection[str] = ()
    spared_sections: Collection[Section] = ()


_BATCH = 500
_HEADING = 2
"""Where a problem of a whole section stands: at its headings, where the source has any."""
_PROGRESS_EVERY = 2_000


def go_through(
    import_run: Import,
    opened: Opened,
    counting: Counting,
    answers: Answers,
    changes: ChangeList | None = None,
    storing: Storing | None = None,
    year: YearCounting | None = None,
    endings: EndingCounting | None = None,
    progress: Progress | None = None,
) -> int:
    """Go through what the source says and count what it means for the register; with `storing`, also write it.

    Rows that ask what `answers` has no yes to stay out, or keep what the register has. Returns how many rows there are.
    The organisation's scope must be active, and a transaction open if `storing` is given. Raises
    SourceRefused.
    """

    def kept_groups(
        ids: Collection[uuid.UUID], group_type: str, school_unit_codes: Collection[str]
    ) -> Iterable[SourceGroup]:
        return _kept_groups(rows_settled.as_in_register(ids), group_type, school_unit_codes)

    reader = opened(import_run.organisation_id, kept_groups)
    rows_settled = SettledRows(reader, import_run.organisation_id, answers.accepted)
    counting.keep(reader.notes)
    # What a delta does not say of a pupil who is at several schools is as it was, also where it speaks of others.
    places = OtherPlaces(rows_settled.school_units_of_pupils if reader.is_full else ())
    comparer = Comparer(import_run.organisation, import_run.source, places)
    protecting = Protecting(import_run.organisation)
    protection = ProtectionKept(import_run.organisation, answers.accepted)
    units = OwnSchoolUnits(import_run)
    mentioned = Mentioned()
    mentioned.keep(rows_settled.kept_persons)
    mentioned.speak_of(rows_settled.old_codes)
    told = 0
    for rows in rows_settled.sections():
        for batch in map(units.keep_out, _batches(rows)):
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
    counting.keep([*reader.found_last, *units.notes()])
    if reader.is_full:
        _end_what_is_not_said(import_run, mentioned, places, counting, answers, changes, storing, year, endings)
    if storing:
        storing.end_staff_without_duty()
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
    for section, ids in list(mentioned.absent(import_run.source)):
        if ids and section in answers.spared_sections:
            counting.keep([_spared(section, len(ids), read_thing(import_run.source))])
            continue
        if section is Section.PUPILS and (leaving := places.leaving(ids, mentioned.school_units)):
            ids = [one for one in ids if one not in set(leaving)]
            counting.changed_by_absence(section, len(leaving))
            if changes is not None:
                changes.take_leaving(section, leaving)
            if storing:
                storing.leave_school_units(leaving, mentioned.school_units)
        counting.ended_by_absence(section, len(ids))
        if changes is not None:
            changes.take_absent(section, ids)
        if year is not None:
            year.take_absent(section, ids)
        if endings is not None:
            endings.take_absent(section, ids)
        if storing:
            storing.end(section.kind, ids)


def _kept_groups(
    ids: Collection[uuid.UUID], group_type: str, school_unit_codes: Collection[str]
) -> Iterable[SourceGroup]:
    """As source.KeptGroups."""
    in_units = Q(group_type=group_type)
    if "" not in school_unit_codes:
        in_units &= Q(school_unit_code__in=school_unit_codes)
    wanted = [Q(pk__in=part) for part in in_pieces(ids)] + ([in_units] if school_unit_codes else [])
    current = Group.objects.filter(ended_at=None)
    found = {row["id"]: row for q in wanted for row in current.filter(q).values("id", *GROUP_ATTRIBUTES)}
    return [SourceGroup(**group) for group in found.values()]


def _spared(section: Section, number: int, thing: str) -> Problem:
    noun = "En" if number == 1 else str(number)
    text = (
        f"{noun} som inte finns i {thing} är kvar i registret, eftersom ingen har svarat ja till att så många avslutas."
    )
    return Problem(section, _HEADING, "", "", text, row_refused=False, question=Question.ENDING)


def _batches(rows: Iterator[RowRead]) -> Iterator[list[RowRead]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
