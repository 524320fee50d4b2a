"""What may occur only once in a file: ids of groups and duties, and group names; and a staff member's data, alike on
every row.

An EPPN or an id that two persons claim is settled by `identities`.
"""

import uuid
from dataclasses import replace

from provsluss.register.models import Group
from provsluss.register.source_records import Kept, SourceDuty, SourceGroup, SourcePerson, SourcePupil, SourceRecord
from provsluss.register.sources.skolverket_workbook.group_names import GroupNames
from provsluss.register.sources.skolverket_workbook.layout import CLASSES, STAFF, TEACHING_GROUPS
from provsluss.register.sources.skolverket_workbook.row_cells import RowCells

_ADVICE = {
    CLASSES.name: "Är det samma klass, behåll en av raderna. Annars behöver klasserna var sitt id",
    TEACHING_GROUPS.name: "Är det samma grupp, behåll en av raderna. Annars behöver grupperna var sitt id",
    STAFF.name: (
        "Är det samma tjänstgöring, behåll en rad och skriv alla ämnesgrupper på den, med kommatecken emellan. Annars "
        "behöver tjänstgöringarna var sitt id"
    ),
}
_ADDRESSES = ("eppn", "eduid_eppn", "email")
"""In which small and capital letters mean the same."""
_COLUMNS_OF_STAFF = {
    "civic_number": "Personnummer",
    "eppn": "Federationsanvändarnamn",
    "eduid_eppn": "EduID-Federationsanvändarnamn",
    "given_name": "Förnamn",
    "middle_name": "Mellannamn",
    "family_name": "Efternamn",
    "email": "E-postadress",
    "security_marking": "Sekretessmarkering",
}


class Doubles:
    """Remembers the rows that went in, and refuses a later one that collides with them."""

    def __init__(self, groups: GroupNames) -> None:
        self._groups = groups
        self._rows: dict[uuid.UUID, int] = {}
        self._pupils: set[uuid.UUID] = set()
        self._staff: dict[uuid.UUID, tuple[SourcePerson, frozenset[Kept]]] = {}
        """What the rows so far say of somebody, and what of it none of them has said."""

    def refuse_id(self, row: RowCells, column: str, object_id: uuid.UUID) -> None:
        """Refuse the row if its object has had a row before."""
        if first := self._rows.get(object_id):
            row.refuse(column, f"finns redan på rad {first}. {_ADVICE[row.sheet.name]}")
        else:
            self._rows[object_id] = row.number

    def forget_ids(self) -> None:
        """Begin the next kind of object: an id counts within its kind."""
        self._rows.clear()

    def refuse_rest(self, row: RowCells, record: SourceRecord) -> SourceRecord:
        """Refuse the row if its name is taken, or if it says something else of a person than a row before.

        Returns the record, with what the row says nothing usable of as an earlier row of the same person has it, and
        the person as the first row spells it.
        """
        if isinstance(record, SourceGroup):
            self._refuse_name(row, record)
        elif isinstance(record, SourcePupil):
            self._pupils.add(record.id)
        else:
            return self._refuse_staff(row, record)
        return record

    def _refuse_name(self, row: RowCells, group: SourceGroup) -> None:
        if not self._groups.add(group.group_type, group.school_unit_code, group.school_type, group.name, group.id):
            column = "Klass" if group.group_type == Group.Type.CLASS else "Ämnesgrupp"
            row.refuse(column, "finns redan på skolenheten i samma skolform. Varje namn får finnas en gång")

    def _refuse_staff(self, row: RowCells, duty: SourceDuty) -> SourceDuty:
        person = duty.person
        if person.id in self._pupils:
            row.refuse("Person-ID", "är samma UUID som en elevs. Den som är både elev och personal behöver två")
            return duty
        before, not_said = self._staff.get(person.id, (person, frozenset(row.kept)))
        for attribute, column in _COLUMNS_OF_STAFF.items():
            said = attribute not in row.kept and attribute not in not_said
            if said and not _is_same(attribute, getattr(before, attribute), getattr(person, attribute)):
                row.refuse(column, "är inte samma som på en tidigare rad med samma Person-ID")
        if row.refused:
            return duty
        told_now = (not_said - row.kept) & _COLUMNS_OF_STAFF.keys()
        person = replace(before, **{name: getattr(person, name) for name in told_now})
        row.kept -= _COLUMNS_OF_STAFF.keys() - not_said
        self._staff[person.id] = person, not_said & frozenset(row.kept)
        return replace(duty, person=person)


def _is_same(attribute: str, before: str, now: str) -> bool:
    return before == now or (attribute in _ADDRESSES and before.casefold() == now.casefold())
