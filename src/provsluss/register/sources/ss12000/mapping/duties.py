"""The rows of duties, each with the person who has it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from provsluss.register.sections import Section
from provsluss.register.source_records import Marked, RowContent, RowRead, SourceDuty, identities_of
from provsluss.register.sources.ss12000.mapping.days import is_ahead, is_over
from provsluss.register.sources.ss12000.mapping.groups import group_id
from provsluss.register.sources.ss12000.mapping.persons import GONE, STAFF, Persons, civic_number_of, eppn_of, is_marked
from provsluss.register.sources.ss12000.mapping.remarks import Remarks
from provsluss.register.sources.ss12000.mapping.school_units import SchoolUnits
from provsluss.register.sources.ss12000.mapping.tally import Fates
from provsluss.register.sources.ss12000.shapes import Duty, Person
from provsluss.register.subjects import codes_as_text
from provsluss.ss12000.code_lists import DUTY_ROLES
from provsluss.ss12000.ids import as_uuid, stable_id
from provsluss.ss12000.plausible_age import is_plausible_age

_ROLES = {role.casefold(): role for role in DUTY_ROLES}
_LONGEST = 200


def left_out(one: Duty, today: str) -> str:
    """Why a duty is not read in, whoever has it; empty where it is."""
    if is_over(one, today):
        return "Tjänstgöringen har upphört"
    if is_ahead(one, today):
        return "Tjänstgöringen börjar senare"
    if not one.person:
        return "Tjänstgöringen har ingen person"
    if not one.dutyRole:
        return "Tjänstgöringen har ingen befattning"
    if one.dutyRole.casefold() not in _ROLES:
        return f"Befattningen {one.dutyRole[:40]} tas inte emot av Skolverket"
    return ""


def duty_rows(
    duties: Iterable[Duty],
    person_of: Callable[[str], Person | None],
    persons: Persons,
    units: SchoolUnits,
    units_of_groups: Mapping[str, str],
    taught: Mapping[str, Mapping[str, set[str]]],
    today: str,
    fates: Fates,
) -> Iterator[RowRead]:
    """`taught` are the groups of each duty with the codes of what; `units_of_groups` the units of those that are read.

    All by the register's ids.
    """
    for one in duties:
        reason = left_out(one, today)
        person_read = None if reason else person_of(one.person)
        if person_read and (gone := GONE.get(person_read.personStatus.casefold())):
            reason = gone
        if reason:
            fates.leave_out("duties", reason)
            continue
        row = _row(one, person_read, persons, units, units_of_groups, taught.get(one.id, {}))
        (fates.refused if row.record is None else fates.used)["duties"] += 1
        yield row


def _row(
    one: Duty,
    person_read: Person | None,
    persons: Persons,
    units: SchoolUnits,
    units_of_groups: Mapping[str, str],
    taught: Mapping[str, set[str]],
) -> RowRead:
    marked = person_read is not None and is_marked(person_read)
    remarks = Remarks(Section.DUTIES, one.id, marked)
    object_id = as_uuid(one.id) or stable_id(persons.organisation_id, "duty", one.id)
    read = [group for group in taught if group in units_of_groups]
    code = _unit(one, units, [units_of_groups[group] for group in read], remarks)
    if person_read is None:
        remarks.refuse(
            "person", "Tjänstgöringen hänvisar till en person som inte finns i källan. Rätta den i registret."
        )
        return RowRead(Section.DUTIES, 0, object_id, code, source_id=one.id[:_LONGEST], problems=remarks.problems)
    person = persons.read(person_read, STAFF, remarks)
    if not is_plausible_age(person.civic_number, STAFF):
        remarks.note("personnummer", "Födelseåret kan inte stämma för någon i personalen.")
    ids = {group: group_id(persons.organisation_id, group) for group in read}
    told = frozenset((ids[group], codes) for group in read if (codes := codes_as_text(taught[group])))
    record = SourceDuty(
        id=object_id,
        source_id=one.id[:_LONGEST],
        person=person,
        school_unit_code=code,
        duty_role=_ROLES[one.dutyRole.casefold()],
        groups=frozenset(ids.values()),
        subjects=told,
    )
    content = RowContent(
        name=f"{person_read.givenName} {person_read.familyName}".strip()[:420],
        person_id=person.id,
        identities=identities_of(civic_number_of(person_read), eppn_of(person_read)),
    )
    return RowRead(
        section=Section.DUTIES,
        number=0,
        object_id=object_id,
        school_unit_code=code,
        record=None if remarks.refused else record,
        source_id=record.source_id,
        marked=Marked(person.id, person.security_marking) if marked else None,
        is_protected=marked,
        kept=frozenset(remarks.kept),
        content=content if remarks.refused else RowContent(),
        problems=remarks.problems,
    )


def _unit(one: Duty, units: SchoolUnits, of_groups: Iterable[str], remarks: Remarks) -> str:
    codes = units.codes(one.dutyAt)
    if len(codes) == 1:
        return codes[0]
    among = Counter(code for code in of_groups if not codes or code in codes)
    if codes and len(among) == 1:
        return next(iter(among))
    if codes:
        remarks.refuse(
            "skolenhet",
            "Tjänstgöringen gäller en skola med flera skolenheter, och de undervisade grupperna säger inte vilken. "
            "Ange skolenheten på tjänstgöringen i registret.",
        )
    elif units.is_there(one.dutyAt):
        remarks.refuse("skolenhet", "Tjänstgöringens skolenhet har ingen skolenhetskod. Lägg in koden i registret.")
    else:
        remarks.refuse(
            "skolenhet", "Tjänstgöringen hänvisar till en skolenhet som inte finns i källan. Rätta den i registret."
        )
    return ""
