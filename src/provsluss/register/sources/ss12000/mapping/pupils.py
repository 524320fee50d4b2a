"""The rows of pupils: one for each enrolment that counts."""

import uuid
from collections.abc import Callable, Iterable, Iterator

from provsluss.register.sections import Section
from provsluss.register.source_records import Marked, RowContent, RowRead, SourceEnrolment, SourcePupil, identities_of
from provsluss.register.sources.ss12000.mapping.enrolments import enrolments_of
from provsluss.register.sources.ss12000.mapping.persons import GONE, PUPIL, Persons, civic_number_of, eppn_of, is_marked
from provsluss.register.sources.ss12000.mapping.remarks import Remarks
from provsluss.register.sources.ss12000.mapping.school_units import SchoolUnits
from provsluss.register.sources.ss12000.mapping.tally import Fates
from provsluss.register.sources.ss12000.shapes import Person
from provsluss.ss12000.plausible_age import is_plausible_age

NEITHER = "Är varken elev eller personal (till exempel vårdnadshavare)"


def pupil_rows(
    persons_read: Iterable[Person],
    persons: Persons,
    units: SchoolUnits,
    programmes: dict[str, str],
    groups_of: Callable[[str], frozenset[uuid.UUID]],
    staff: frozenset[str],
    today: str,
    fates: Fates,
) -> Iterator[RowRead]:
    """`groups_of` gives a pupil's groups by the register's id, `staff` those who have a duty that is read in."""
    for one in persons_read:
        if gone := GONE.get(one.personStatus.casefold()):
            fates.leave_out("persons", gone)
            continue
        if not one.enrolments:
            if one.id in staff:
                fates.used["persons"] += 1
            else:
                fates.leave_out("persons", NEITHER)
            continue
        found = enrolments_of(one, units, programmes, persons.choices, today)
        if not found.enrolments and not found.faults:
            if one.id in staff:
                fates.used["persons"] += 1
            else:
                fates.leave_out("persons", found.reason)
            continue
        rows = list(_rows(one, persons, found.enrolments, found.faults, groups_of(one.id)))
        (fates.used if any(row.record for row in rows) else fates.refused)["persons"] += 1
        yield from rows


def _rows(
    one: Person,
    persons: Persons,
    enrolments: tuple[SourceEnrolment, ...],
    faults: tuple[str, ...],
    groups: frozenset[uuid.UUID],
) -> Iterator[RowRead]:
    marked = is_marked(one)
    for place in enrolments or (None,):
        remarks = Remarks(Section.PUPILS, one.id, marked)
        for fault in faults if place is None else ():
            remarks.refuse("inskrivning", fault)
        person = persons.read(one, PUPIL, remarks)
        code = place.school_unit_code if place else ""
        if place and not is_plausible_age(person.civic_number, PUPIL, place.school_type, place.school_year):
            remarks.note("personnummer", "Födelseåret kan inte stämma för elevens årskurs.")
        refused = remarks.refused or place is None
        yield RowRead(
            section=Section.PUPILS,
            number=0,
            object_id=person.id,
            school_unit_code=code,
            record=None if refused or place is None else SourcePupil(person, place, groups),
            source_id=person.source_id,
            marked=Marked(person.id, person.security_marking) if marked else None,
            is_protected=marked,
            kept=frozenset(remarks.kept),
            content=_content(one, person.id, groups) if refused else RowContent(),
            problems=remarks.problems,
        )


def _content(one: Person, person_id: uuid.UUID, groups: frozenset[uuid.UUID]) -> RowContent:
    return RowContent(
        name=f"{one.givenName} {one.familyName}".strip()[:420],
        groups=tuple(sorted(groups)),
        person_id=person_id,
        identities=identities_of(civic_number_of(one), eppn_of(one)),
    )
