"""The rows of classes and teaching groups, and who goes in them."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from provsluss.register.sections import Section
from provsluss.register.source_records import RowContent, RowRead, SourceGroup
from provsluss.register.sources.ss12000.mapping.days import holds, is_ahead, is_over
from provsluss.register.sources.ss12000.mapping.remarks import Remarks
from provsluss.register.sources.ss12000.mapping.school_units import SchoolUnits
from provsluss.register.sources.ss12000.mapping.tally import Fates
from provsluss.register.sources.ss12000.settings import Choices
from provsluss.register.sources.ss12000.shapes import Group
from provsluss.register.subjects import Subject, as_text
from provsluss.ss12000.code_lists import SCHOOL_TYPES
from provsluss.ss12000.ids import as_uuid, stable_id

CLASS, TEACHING, TEST = "Klass", "Undervisning", "Provgrupp"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Members:
    """What the group's members are: their school units and school types today, and which of them are pupils at all."""

    units: Counter[str]
    school_types: Counter[str]


def group_id(organisation_id: uuid.UUID, source_id: str) -> uuid.UUID:
    """The register's id is kept where it is a UUID."""
    return as_uuid(source_id) or stable_id(organisation_id, "group", source_id)


def group_rows(
    groups: Iterable[Group],
    organisation_id: uuid.UUID,
    units: SchoolUnits,
    members: Mapping[str, Members],
    subjects: Mapping[str, set[Subject]],
    choices: Choices,
    today: str,
    fates: Fates,
) -> Iterator[RowRead]:
    """Rows of both sections, mixed. `members` and `subjects` are by the register's ids."""
    for one in groups:
        group_type = _type(one, choices)
        if reason := _left_out(one, group_type, today):
            fates.leave_out("groups", reason)
            continue
        section = Section.CLASSES if group_type == CLASS else Section.TEACHING_GROUPS
        remarks = Remarks(section, one.id)
        own = members.get(one.id, Members(Counter(), Counter()))
        code = _unit(one, units, own, remarks)
        school_type = _school_type(one, units, code, own)
        if not school_type and not remarks.refused:
            told = sorted(own.school_types) or sorted(units.school_types(code))
            if one.schoolType or (told and not any(each in SCHOOL_TYPES for each in told)):
                fates.leave_out("groups", f"Skolformen {(one.schoolType or told[0])[:20]} skickas inte till Skolverket")
                continue
            if not own.units and group_type == TEACHING:
                fates.leave_out("groups", "Gruppen har inga elever och ingen skolform")
                continue
            remarks.refuse(
                "skolform", "Gruppens skolform saknas, och medlemmarna har ingen gemensam. Ange skolformen i registret."
            )
        name = " ".join(one.displayName.split())[:_LONGEST]
        if not name:
            remarks.refuse("namn", "Gruppens namn saknas. Ge gruppen ett namn i registret.")
        object_id = group_id(organisation_id, one.id)
        (fates.refused if remarks.refused else fates.used)["groups"] += 1
        record = SourceGroup(
            id=object_id,
            source_id=one.id[:_LONGEST],
            name=name,
            group_type=group_type,
            school_type=school_type,
            school_unit_code=code,
            subjects=as_text(subjects.get(one.id, ())),
        )
        yield RowRead(
            section=section,
            number=0,
            object_id=object_id,
            school_unit_code=code,
            record=None if remarks.refused else record,
            source_id=record.source_id,
            content=RowContent(name=name, groups=(object_id,), school_type=school_type)
            if remarks.refused
            else RowContent(),
            problems=remarks.problems,
        )


def memberships(groups: Iterable[Group], choices: Choices, today: str) -> Iterator[tuple[str, str, str, str]]:
    """Person, group, its type, and since when. Only of groups and memberships that hold on `today`."""
    for one in groups:
        group_type = _type(one, choices)
        if _left_out(one, group_type, today):
            continue
        for member in one.groupMemberships:
            if member.person and holds(member, today):
                yield member.person, one.id, group_type, member.startDate


def groups_of_pupil(own: Collection[tuple[str, str, str]], organisation_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """All teaching groups, and of several classes the newest: a pupil goes in one (rules.md G4).

    `own` are group, its type, and since when.
    """
    classes = sorted((since, one) for one, group_type, since in own if group_type == CLASS)
    kept = {one for one, group_type, _ in own if group_type != CLASS}
    if classes:
        newest = classes[-1][0]
        kept |= {one for since, one in classes if since == newest}
    return frozenset(group_id(organisation_id, one) for one in kept)


def _type(one: Group, choices: Choices) -> str:
    told = one.groupType.casefold()
    for known in (CLASS, TEACHING):
        if told == known.casefold():
            return known
    return TEACHING if told == TEST.casefold() and choices.test_groups else ""


def _left_out(one: Group, group_type: str, today: str) -> str:
    if not group_type:
        if one.groupType.casefold() == TEST.casefold():
            return "Provgrupp: kan läsas som undervisningsgrupp om källans inställning ändras"
        return f"Grupp av typen {one.groupType[:40] or 'okänd'}"
    if is_over(one, today):
        return "Gruppen har upphört"
    return "Gruppen börjar senare" if is_ahead(one, today) else ""


def _unit(one: Group, units: SchoolUnits, members: Members, remarks: Remarks) -> str:
    codes = units.codes(one.organisation)
    if len(codes) == 1:
        return codes[0]
    # A school with several units: where all its pupils are enrolled in one, that one is meant.
    among = [code for code in members.units if not codes or code in codes]
    if len(among) == 1 and (codes or not one.organisation):
        return among[0]
    if codes:
        remarks.refuse(
            "skolenhet", "Gruppen hör till en skola med flera skolenheter. Ange skolenheten på gruppen i registret."
        )
    elif units.is_there(one.organisation):
        remarks.refuse("skolenhet", "Gruppens skolenhet har ingen skolenhetskod. Lägg in koden i registret.")
    else:
        remarks.refuse(
            "skolenhet", "Gruppen hänvisar till en skolenhet som inte finns i källan. Rätta gruppen i registret."
        )
    return ""


def _school_type(one: Group, units: SchoolUnits, code: str, members: Members) -> str:
    """As told, else what all members have, else the only one that the unit has; empty where it cannot be told."""
    if one.schoolType:
        told = one.schoolType.upper()
        return told if told in SCHOOL_TYPES else ""
    of_members = [each for each in members.school_types if each in SCHOOL_TYPES]
    if len(of_members) == 1:
        return of_members[0]
    if of_members:
        most = members.school_types.most_common()
        first = next(each for each, _ in most if each in SCHOOL_TYPES)
        share = members.school_types[first] / members.school_types.total()
        return first if share > _SURELY else ""
    only = units.school_types(code) & set(SCHOOL_TYPES)
    return only.pop() if len(only) == 1 else ""


_SURELY = 0.8
"""So many of the members must have a school type for it to be the group's."""
