"""A pupil on several rows: one for each group, or one for each school unit (komvux). Put together into one record."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from provsluss.register.source_records import Problem, RowRead, SourceEnrolment, SourcePupil
from provsluss.ss12000.code_lists import ONE_SCHOOL_ONLY

UNPROTECTED = ("", "Ingen")
_NAMES = {"given_name": "Förnamn", "middle_name": "Mellannamn", "family_name": "Efternamn"}
_PROTECTED = "Sekretessmarkering står bara på en av elevens rader. Eleven läses in som skyddad."


def put_together(rows: Iterable[RowRead], rows_of_pupil: Callable[[RowRead], int]) -> Iterator[RowRead]:
    """The rows, but those of one pupil wait for each other and then come one after the other, all in the first.

    `rows_of_pupil` says how many rows there are of the pupil whom a row is about.
    """
    waiting: dict[uuid.UUID | None, list[RowRead]] = defaultdict(list)
    for row in rows:
        number = rows_of_pupil(row)
        if number == 1:
            yield row
            continue
        waiting[row.object_id].append(row)
        if len(waiting[row.object_id]) == number:
            yield from _together(waiting.pop(row.object_id))
    for same in waiting.values():
        yield from _together(same)


def _together(rows: list[RowRead]) -> list[RowRead]:
    good = [row for row in rows if isinstance(row.record, SourcePupil)]
    for row in good[1:]:
        _add(good[0], row)
    return rows


def _add(first: RowRead, row: RowRead) -> None:
    """Let the first row say what `row` says too, and refuse `row` where both cannot be right."""
    one, other = first.record, row.record
    if not (isinstance(one, SourcePupil) and isinstance(other, SourcePupil)):
        raise TypeError("rows of pupils")
    if column := _contradiction(one, other):
        reason = f"{column} är inte samma som på rad {first.number}, som gäller samma elev. Behåll den rad som stämmer."
        row.record = None
        row.problems.append(Problem(row.section, row.number, column, "", reason))
        return
    enrolments = {one.enrolment, *one.other_enrolments}
    is_same_place = other.enrolment in enrolments
    main, *others = sorted(enrolments | {other.enrolment}, key=lambda e: (e.school_unit_code, e.school_type))
    person = one.person
    if (person.security_marking in UNPROTECTED) != (other.person.security_marking in UNPROTECTED):
        marked = other.person if person.security_marking in UNPROTECTED else person
        person = replace(person, security_marking=marked.security_marking)
        _note(row, "Sekretessmarkering", _PROTECTED, is_protection=True)
    if not person.email:
        person = replace(person, email=other.person.email)
    first.record = replace(
        one, person=person, enrolment=main, other_enrolments=frozenset(others), groups=one.groups | other.groups
    )
    row.record, row.joined = None, True
    if is_same_place:
        _note(row, "Person-ID", _same_place(first))
    elif sum(e.school_type in ONE_SCHOOL_ONLY for e in (main, *others)) > 1:
        _note(row, "Skolenhetskod", _several_places(first))


def _contradiction(one: SourcePupil, other: SourcePupil) -> str:
    """The column in which the rows cannot both be right; empty if there is none."""
    for name, column in _NAMES.items():
        if getattr(one.person, name).casefold() != getattr(other.person, name).casefold():
            return column
    return next(
        (
            "Årskurs" if enrolment.school_year != other.enrolment.school_year else "Studievägskod"
            for enrolment in (one.enrolment, *one.other_enrolments)
            if _is_same_place(enrolment, other.enrolment) and enrolment != other.enrolment
        ),
        "",
    )


def _is_same_place(one: SourceEnrolment, other: SourceEnrolment) -> bool:
    return (one.school_unit_code, one.school_type) == (other.school_unit_code, other.school_type)


def _same_place(first: RowRead) -> str:
    return (
        f"Eleven står också på rad {first.number}. Raderna läses in som en elev. Skriv hellre alla ämnesgrupper på en "
        "rad, med kommatecken emellan."
    )


def _several_places(first: RowRead) -> str:
    return (
        f"Eleven är inskriven på en annan skolenhet eller i en annan skolform på rad {first.number}. I GR, SP, SAM och "
        "GY får en elev bara ha en inskrivning, så eleven skickas inte till Skolverket förrän den andra är borta."
    )


def _note(row: RowRead, column: str, text: str, is_protection: bool = False) -> None:
    row.problems.append(Problem(row.section, row.number, column, "", text, False, is_protection))
