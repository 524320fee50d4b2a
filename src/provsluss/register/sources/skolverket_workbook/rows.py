"""From a sheet's row to what it says: one function a sheet, each finding everything that is wrong with the row.

A mandatory value that is missing or wrong refuses the row (rules.md section 4, "Mandatory"); an optional one that is
wrong is noted and left out. A group name that is not in the file is noted, and the row goes in without that group.
"""

import uuid
from collections.abc import Iterable

from provsluss.register.models import Group, Person
from provsluss.register.source_records import SourceDuty, SourceEnrolment, SourceGroup, SourcePerson, SourcePupil
from provsluss.register.sources.skolverket_workbook import values
from provsluss.register.sources.skolverket_workbook.group_names import GroupNames
from provsluss.register.sources.skolverket_workbook.layout import MEMBERSHIP_SEPARATOR
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells
from provsluss.register.sources.skolverket_workbook.row_ids import RowId, staff_person_id
from provsluss.register.sources.skolverket_workbook.several_groups import may_be_several, split_group_names
from provsluss.ss12000.code_lists import LEADING_ROLES


def read_class(row: RowCells, row_id: RowId) -> SourceGroup | None:
    """A row of Klasser."""
    name = row.mandatory("Klass")
    school_type = values.school_type(row)
    _note_lost_letters(row, "Klass", name)
    if row.refused or row_id.object_id is None:
        return None
    return SourceGroup(
        id=row_id.object_id,
        source_id=row_id.source_id,
        name=name,
        group_type=Group.Type.CLASS.value,
        school_type=school_type,
        school_unit_code=row_id.school_unit_code,
    )


def read_teaching_group(row: RowCells, row_id: RowId) -> SourceGroup | None:
    """A row of Ämnesgrupper & Provaktiviteter."""
    name = row.mandatory("Ämnesgrupp")
    school_type = values.school_type(row)
    national_test = row.mandatory("Provaktivitetsnamn", longest=100)
    if MEMBERSHIP_SEPARATOR in name:
        row.note("Ämnesgrupp", "innehåller ett kommatecken, så elever och personal kan inte hänvisa till gruppen")
    _note_lost_letters(row, "Ämnesgrupp", name)
    if row.refused or row_id.object_id is None:
        return None
    return SourceGroup(
        id=row_id.object_id,
        source_id=row_id.source_id,
        name=name,
        group_type=Group.Type.TEACHING.value,
        school_type=school_type,
        school_unit_code=row_id.school_unit_code,
        national_test=national_test,
    )


def read_pupil(row: RowCells, row_id: RowId, groups: GroupNames) -> SourcePupil | None:
    """A row of Elevinskrivningar."""
    eppn = values.eppn(row)
    civic_number = values.civic_number(row)
    marking = values.security_marking(row)
    given_name, middle_name, family_name = values.names(row)
    email = values.pupil_email(row)
    school_type = values.school_type(row)
    school_year = values.school_year(row, school_type) if school_type else None
    education_code = values.education_code(row, school_type) if school_type else ""
    values.note_implausible_age(row, civic_number, "pupil", school_type, school_year)
    if not row.text("Ämnesgrupper"):
        row.refuse_missing("Ämnesgrupper")
    if row.refused or row_id.object_id is None:
        return None
    person = SourcePerson(
        id=row_id.object_id,
        source_id=row_id.source_id,
        role=Person.Role.PUPIL.value,
        civic_number=civic_number,
        eppn=eppn,
        given_name=given_name,
        middle_name=middle_name,
        family_name=family_name,
        email=email,
        security_marking=marking,
    )
    code = row_id.school_unit_code
    memberships: list[uuid.UUID] = []
    if _is_known_school_unit(row, groups, code):
        memberships = _class_of(row, groups, code, school_type) + _teaching_groups_of(row, groups, code, school_type)
    return SourcePupil(
        person=person,
        enrolment=SourceEnrolment(code, school_type, school_year, education_code),
        groups=frozenset(memberships),
    )


def read_staff(row: RowCells, row_id: RowId, groups: GroupNames, organisation_id: uuid.UUID) -> SourceDuty | None:
    """A row of Personaltjänstgöringar."""
    person_source_id = row.id("Person-ID")
    eppn = values.eppn(row)
    eduid_eppn = values.eduid_eppn(row)
    civic_number = values.civic_number(row)
    marking = values.security_marking(row)
    given_name, middle_name, family_name = values.names(row)
    values.note_implausible_age(row, civic_number, "staff")
    email = values.staff_email(row)
    duty_role = values.duty_role(row)
    if row.refused or row_id.object_id is None:
        return None
    # Marked as mandatory, but without meaning for those who see everything, and no reason to keep somebody out.
    if row.unusable("Ämnesgrupper"):
        row.keep("Ämnesgrupper", "taught")
    elif not row.text("Ämnesgrupper") and duty_role not in LEADING_ROLES:
        row.note(
            "Ämnesgrupper", "är tom", when_read="Raden läses in, men personen ser då inga resultat hos Skolverket."
        )
    person = SourcePerson(
        id=staff_person_id(person_source_id, organisation_id),
        source_id=person_source_id,
        role=Person.Role.STAFF.value,
        civic_number=civic_number,
        eppn=eppn,
        eduid_eppn=eduid_eppn,
        given_name=given_name,
        middle_name=middle_name,
        family_name=family_name,
        email=email,
        security_marking=marking,
    )
    code = row_id.school_unit_code
    taught: list[uuid.UUID] = []
    if _is_known_school_unit(row, groups, code):
        taught = _teaching_groups_of(row, groups, code, school_type="")
    return SourceDuty(
        id=row_id.object_id,
        source_id=row_id.source_id,
        person=person,
        school_unit_code=code,
        duty_role=duty_role,
        groups=frozenset(taught),
    )


def _is_known_school_unit(row: RowCells, groups: GroupNames, code: str) -> bool:
    """Whether the file has any group there. If not, the code is noted once, rather than each group of the row."""
    if code in groups.school_units:
        return True
    row.note(
        "Skolenhetskod",
        "finns inte bland filens klasser och ämnesgrupper. Kontrollera koden",
        when_read="Raden läses in utan grupper.",
    )
    return False


def _class_of(row: RowCells, groups: GroupNames, code: str, school_type: str) -> list[uuid.UUID]:
    name = row.optional("Klass", "class")
    return _found(row, "Klass", [name] if name else [], groups, Group.Type.CLASS.value, code, school_type)


def _note_lost_letters(row: RowCells, column: str, name: str) -> None:
    if "\ufffd" in name:
        row.note(column, "har tecken som gått förlorade, till exempel å, ä eller ö. Skriv om namnet")


def _teaching_groups_of(row: RowCells, groups: GroupNames, code: str, school_type: str) -> list[uuid.UUID]:
    group_type = Group.Type.TEACHING.value
    if not row.text("Ämnesgrupper"):
        return []
    names, separator = split_group_names(
        row.cell("Ämnesgrupper"), lambda name: bool(groups.find(group_type, code, school_type, name))
    )
    if separator:
        reason = f"har {separator} mellan gruppernas namn. Skriv kommatecken emellan"
        row.note("Ämnesgrupper", reason, when_read="De läses var för sig.")
    return _found(row, "Ämnesgrupper", names, groups, group_type, code, school_type)


def _found(
    row: RowCells,
    column: str,
    names: Iterable[str],
    groups: GroupNames,
    group_type: str,
    code: str,
    school_type: str,
) -> list[uuid.UUID]:
    found = []
    for name in names:
        match groups.find(group_type, code, school_type, name):
            case [group_id]:
                found.append(group_id)
            case []:
                row.note(column, _unknown(group_type, school_type, name), name, when_read="Raden läses in utan den.")
            case _:
                row.note(
                    column, "hänvisar till ett namn som flera grupper på skolenheten har", name,
                    when_read="Raden läses in utan dem.",
                )  # fmt: skip
    return found


def _unknown(group_type: str, school_type: str, name: str) -> str:
    sheet = "Klasser" if group_type == Group.Type.CLASS else "Ämnesgrupper & Provaktiviteter"
    where = "skolenheten och skolformen" if school_type else "skolenheten"
    sentence = f"hänvisar till en grupp som inte finns för {where} i bladet {sheet}"
    if group_type == Group.Type.TEACHING and may_be_several(name):
        return f"{sentence}. Är det flera grupper, skriv kommatecken mellan deras namn"
    return sentence
