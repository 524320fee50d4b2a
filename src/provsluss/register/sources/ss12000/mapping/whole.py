"""The whole register on one day: all its objects become rows of the four sections, in the mirror that they are in."""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import TypeAdapter

from provsluss.register.source_records import RowRead
from provsluss.register.sources.ss12000.mapping.duties import duty_rows, left_out
from provsluss.register.sources.ss12000.mapping.enrolments import enrolments_of
from provsluss.register.sources.ss12000.mapping.groups import Members, group_rows, groups_of_pupil, memberships
from provsluss.register.sources.ss12000.mapping.persons import GONE, Persons
from provsluss.register.sources.ss12000.mapping.pupils import pupil_rows
from provsluss.register.sources.ss12000.mapping.remarks_of_all import remarks_of_all
from provsluss.register.sources.ss12000.mapping.school_units import SchoolUnits
from provsluss.register.sources.ss12000.mapping.subjects import Taught, taught
from provsluss.register.sources.ss12000.mapping.tally import Fates
from provsluss.register.sources.ss12000.mirror import Mirror
from provsluss.register.sources.ss12000.settings import Choices
from provsluss.register.sources.ss12000.shapes import (
    Activity,
    Duty,
    Group,
    Named,
    Organisation,
    Person,
    Programme,
    Syllabus,
)

ROW = TypeAdapter(RowRead)
"""A row as the mirror keeps it."""
T = TypeVar("T", bound=Named)
_TABLES = """
CREATE TEMP TABLE members (person TEXT, grp TEXT, type TEXT, since TEXT);
CREATE TEMP TABLE places (person TEXT, unit TEXT, school_type TEXT);
"""


def map_whole(mirror: Mirror, organisation_id: uuid.UUID, choices: Choices, today: str) -> Fates:
    """Make the rows anew, as everything is on `today` (YYYY-MM-DD), and note in the mirror what is to be told of all.

    Only what there is little of is held in memory: school units, groups and activities, no persons.
    """
    mirror.forget_rows()
    mirror.database.executescript(f"DROP TABLE IF EXISTS members; DROP TABLE IF EXISTS places; {_TABLES}")
    mirror.database.execute("BEGIN") if not mirror.database.in_transaction else None
    fates = Fates()
    units = SchoolUnits(_all(mirror, "organisations", Organisation))
    programmes = {one.id: one.code for one in _all(mirror, "programmes", Programme)}
    mirror.database.executemany(
        "INSERT INTO members VALUES (?, ?, ?, ?)", memberships(_all(mirror, "groups", Group), choices, today)
    )
    mirror.database.execute("CREATE INDEX members_of_person ON members (person)")
    _note_places(mirror, units, programmes, choices, today)
    staff = _staff(mirror, today)
    mirror.remember_both(staff & _pupils(mirror))
    persons = Persons(organisation_id, choices, frozenset(mirror.were_both()))
    found = _taught(mirror, today, fates)
    rows = _group_rows(mirror, organisation_id, units, found, choices, today, fates)
    unit_of_group: dict[str, str] = {}
    remarks = remarks_of_all()

    def all_rows() -> Iterator[RowRead]:
        for row in rows:
            if row.record:
                unit_of_group[row.source_id] = row.school_unit_code
            yield row
        yield from pupil_rows(
            _all(mirror, "persons", Person),
            persons,
            units,
            programmes,
            lambda person: groups_of_pupil(_own_groups(mirror, person), organisation_id),
            staff,
            today,
            fates,
        )
        yield from duty_rows(
            _all(mirror, "duties", Duty),
            lambda person: _one(mirror, person),
            persons,
            units,
            unit_of_group,
            found.by_duty,
            today,
            fates,
        )

    mirror.put_rows((row.section, ROW.dump_json(remarks.take(row)).decode()) for row in all_rows())
    mirror.note("notes", json.dumps(remarks.notes(units.without_code), ensure_ascii=False))
    return fates


def _all(mirror: Mirror, kind: str, shape: type[T]) -> Iterator[T]:
    return (shape.model_validate_json(body) for body in mirror.bodies(kind))


def _one(mirror: Mirror, person_id: str) -> Person | None:
    body = mirror.body("persons", person_id)
    return Person.model_validate_json(body) if body else None


def _note_places(mirror: Mirror, units: SchoolUnits, programmes: dict[str, str], choices: Choices, today: str) -> None:
    """Where pupils are today: the groups' school units and school types can follow from it."""
    mirror.database.executemany(
        "INSERT INTO places VALUES (?, ?, ?)",
        (
            (one.id, place.school_unit_code, place.school_type)
            for one in _all(mirror, "persons", Person)
            if one.enrolments and one.personStatus.casefold() not in GONE
            for place in enrolments_of(one, units, programmes, choices, today).enrolments
        ),
    )
    mirror.database.execute("CREATE INDEX place_of_person ON places (person)")


def _staff(mirror: Mirror, today: str) -> frozenset[str]:
    return frozenset(one.person for one in _all(mirror, "duties", Duty) if not left_out(one, today))


def _pupils(mirror: Mirror) -> set[str]:
    return {one for (one,) in mirror.database.execute("SELECT DISTINCT person FROM places")}


def _taught(mirror: Mirror, today: str, fates: Fates) -> Taught:
    syllabuses = {one.id: one for one in _all(mirror, "syllabuses", Syllabus)}
    duties: dict[str, list[str]] = defaultdict(list)
    for one in _all(mirror, "duties", Duty):
        duties[one.person].append(one.id)
    activities = _all(mirror, "activities", Activity)
    return taught(activities, syllabuses, lambda person: duties.get(person, ()), today, fates)


def _group_rows(
    mirror: Mirror,
    organisation_id: uuid.UUID,
    units: SchoolUnits,
    found: Taught,
    choices: Choices,
    today: str,
    fates: Fates,
) -> Iterable[RowRead]:
    members: dict[str, Members] = defaultdict(lambda: Members(Counter(), Counter()))
    query = (
        "SELECT grp, unit, school_type, count(*) FROM members JOIN places USING (person) "
        "GROUP BY grp, unit, school_type"
    )
    for group, unit, school_type, count in mirror.database.execute(query):
        members[group].units[unit] += count
        members[group].school_types[school_type] += count
    groups = _all(mirror, "groups", Group)
    return group_rows(groups, organisation_id, units, members, found.subjects, choices, today, fates)


def _own_groups(mirror: Mirror, person: str) -> list[tuple[str, str, str]]:
    return mirror.database.execute("SELECT grp, type, since FROM members WHERE person = ?", (person,)).fetchall()
