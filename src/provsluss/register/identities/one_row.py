"""Whose one row is, by the register: same EPPN and personnummer are the same person, whatever the row's id is.

What goes over to another person, be it an id, an EPPN or a personnummer, is asked about, and so is somebody who seems
to be known under another id. An EPPN is never to go over (rules.md P8), but the register can have been wrong.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from provsluss.register.identities.register_persons import Known
from provsluss.register.identities.verdicts import CIVIC_NUMBER, EPPN, ID, Verdict
from provsluss.register.models import Person
from provsluss.register.source_ids import meant_id
from provsluss.register.source_records import PersonRow
from provsluss.ss12000.ids import as_uuid, stable_id

ID_OF_ANOTHER = (
    "Person-ID hör i registret till en annan person, med ett annat federationsanvändarnamn och personnummer."
)
ID_OF_ANOTHER_KNOWN = (
    "Person-ID hör i registret till en annan person. Federationsanvändarnamnet och personnumret finns i registret, "
    "med ett annat id."
)
EPPN_OF_ANOTHER = "Federationsanvändarnamnet hör i registret till en annan person, med ett annat personnummer."
CIVIC_NUMBER_OF_ANOTHER = "Personnumret hör i registret till en annan person."
CIVIC_NUMBER_TO_ANOTHER = "Personens förra personnummer står nu på en annan rad. Har kolumnen sorterats för sig?"
EPPN_TO_ANOTHER = "Personens förra federationsanvändarnamn står nu på en annan rad. Har kolumnen sorterats för sig?"
ID_TO_ANOTHER = "Personens förra id står nu på en rad om någon annan. Har kolumnen Person-ID sorterats för sig?"
SOMEBODY_ELSE = (
    "Person-ID och federationsanvändarnamn är desamma som i registret, men namn och personnummer är någon annans."
)
NEW_NUMBER_AND_EPPN = (
    "Person-ID och namn är desamma som i registret, men både federationsanvändarnamn och personnummer är nya."
)
NEW_ID_BY_NUMBER = (
    "Personnumret finns redan i registret, med ett annat id och ett annat federationsanvändarnamn. "
    "Det ser ut att vara samma person med nytt id."
)
NEW_ID_WITHOUT_EPPN = (
    "Personnumret finns redan i registret, med ett annat id. Det ser ut att vara samma person med nytt id."
)
NEW_ID_BY_EPPN = (
    "Federationsanvändarnamnet och namnet finns redan i registret, med ett annat id och ett annat personnummer. "
    "Det ser ut att vara samma person med nytt id."
)


class Judge:
    """Says of each row whose it is. Has the rows in question and the persons of the register who come into question."""

    def __init__(self, organisation_id: uuid.UUID, rows: Sequence[PersonRow], known: Iterable[Known]) -> None:
        self._organisation_id = organisation_id
        self._by_id: dict[uuid.UUID, Known] = {}
        self._by_eppn: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._by_number: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._by_source_id: dict[tuple[str, str], list[Known]] = defaultdict(list)
        for one in sorted(known, key=lambda one: (not one.is_active, one.id)):
            self._by_id[one.id] = one
            self._by_source_id[one.role, meant_id(one.source_id)].append(one)
            if one.eppn:
                self._by_eppn[one.role, one.eppn].append(one)
            if one.civic_number:
                self._by_number[one.role, one.civic_number].append(one)
        self._written = {(row.role, row.school_unit_code, row.source_id) for row in rows if not row.removed}
        self._ids: dict[uuid.UUID, set[tuple[str, str]]] = defaultdict(set)
        self._eppns: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            if not row.removed:
                self._ids[row.person_id].add((row.eppn, row.civic_number))
                self._eppns[row.role, row.eppn].add(row.civic_number)
                self._numbers[row.role, row.civic_number].add(row.eppn)

    def by_id(self, row: PersonRow) -> Known | None:
        """Who has the row's id in the register: as it is written there, or as it is meant."""
        alike = [one for one in self._by_source_id[row.role, meant_id(row.source_id)] if self._is_there(one, row)]
        current = [one for one in alike if one.source_id == row.source_id and one.is_active]
        if len(current) == 1:
            return current[0]
        found = self._by_id.get(row.person_id)
        if found is not None:
            return found if found.role == row.role else None
        meant = [one for one in alike if (row.role, row.school_unit_code, one.source_id) not in self._written]
        return meant[0] if len(meant) == 1 or (meant and meant[0].is_active > meant[1].is_active) else None

    def alike(self, row: PersonRow) -> list[Known]:
        """Who has both the row's EPPN and its personnummer, active ones first."""
        return [one for one in self._by_number[row.role, row.civic_number] if row.eppn and one.eppn == row.eppn]

    def source_id_of(self, person_id: uuid.UUID) -> str | None:
        """The id of the source that the register has for somebody."""
        known = self._by_id.get(person_id)
        return known.source_id if known else None

    def judge(self, row: PersonRow) -> Verdict:
        """Whose the row is."""
        has_id, alike = self.by_id(row), self.alike(row)
        verdict = Verdict(row.person_id, row.source_id)
        number_holders = self._by_number[row.role, row.civic_number] if row.civic_number else []
        involved = [*alike, *self._by_eppn[row.role, row.eppn], *number_holders]
        verdict.keeps = {one.id for one in involved} | ({has_id.id} if has_id else set())
        if alike:
            return self._known_person(row, verdict, has_id, alike)
        if has_id:
            return self._known_id(row, verdict, has_id)
        return self._unknown_id(row, verdict)

    def judge_end(self, row: PersonRow) -> Verdict:
        """Whom a row ends. Nobody, where the pupil is in another school unit by now (rules.md E8)."""
        has_id, alike = self.by_id(row), self.alike(row)
        verdict = Verdict(row.person_id, row.source_id)
        person = has_id if has_id in alike or not alike else alike[0]
        if person is None:
            return verdict
        self._is(verdict, person, row)
        verdict.keeps = {person.id} | ({has_id.id} if has_id else set())
        verdict.ends_nobody = bool(person.school_units) and row.school_unit_code not in person.school_units
        if has_id and has_id.civic_number != row.civic_number and alike and has_id not in alike:
            return verdict.ask(ID, ID_OF_ANOTHER_KNOWN)
        if row.eppn and row.civic_number and person.eppn != row.eppn and person.civic_number != row.civic_number:
            return verdict.ask(ID, ID_OF_ANOTHER)
        return verdict

    def _known_person(self, row: PersonRow, verdict: Verdict, has_id: Known | None, alike: list[Known]) -> Verdict:
        """The register has somebody with the row's EPPN and personnummer: it is the same person."""
        is_same_human = has_id is not None and has_id.civic_number == row.civic_number
        if has_id and (has_id in alike or (is_same_human and not alike[0].is_active)):
            return self._is(verdict, has_id, row)
        person = alike[0]
        self._is(verdict, person, row)
        if has_id and not is_same_human and person.source_id != row.source_id:
            return verdict.ask(ID, ID_OF_ANOTHER_KNOWN)
        if self._ids.get(person.id, set()) - {(row.eppn, row.civic_number)}:
            return verdict.ask(ID, ID_TO_ANOTHER)
        return verdict

    def _known_id(self, row: PersonRow, verdict: Verdict, has_id: Known) -> Verdict:
        """The register has the row's id, and nobody with both its EPPN and its personnummer."""
        self._is(verdict, has_id, row)
        eppn_is_free = not self._by_eppn[row.role, row.eppn] or has_id.eppn == row.eppn
        number_is_free = not self._by_number[row.role, row.civic_number] or has_id.civic_number == row.civic_number
        if has_id.civic_number == row.civic_number:
            if not eppn_is_free:
                return verdict.ask(EPPN, EPPN_OF_ANOTHER)
            return verdict.ask(EPPN, EPPN_TO_ANOTHER) if self._went_over(row, has_id) else verdict
        if has_id.eppn == row.eppn:
            if not number_is_free:
                return verdict.ask(CIVIC_NUMBER, CIVIC_NUMBER_OF_ANOTHER)
            if self._went_over(row, has_id):
                return verdict.ask(CIVIC_NUMBER, CIVIC_NUMBER_TO_ANOTHER)
            if not _shares_a_name(row, has_id):
                self._is_somebody_new(row, verdict)
                return verdict.ask(ID, SOMEBODY_ELSE)
            return verdict
        if eppn_is_free and number_is_free and _has_same_name(row, has_id):
            return verdict.ask(ID, NEW_NUMBER_AND_EPPN)
        self._is_human(row, verdict)
        return verdict.ask(ID, ID_OF_ANOTHER)

    def _unknown_id(self, row: PersonRow, verdict: Verdict) -> Verdict:
        """Nobody has the row's id, and nobody both its EPPN and its personnummer."""
        by_eppn, by_number = self._by_eppn[row.role, row.eppn], self._by_number[row.role, row.civic_number]
        if by_eppn:
            if not by_number and _has_same_name(row, by_eppn[0]):
                return self._is(verdict, by_eppn[0], row).ask(ID, NEW_ID_BY_EPPN)
            if by_number and not self._is_told_of(by_number[0]):
                self._is(verdict, by_number[0], row)
            return verdict.ask(EPPN, EPPN_OF_ANOTHER)
        if by_number:
            holder = by_number[0]
            if not self._is_told_of(holder):
                has_other_eppn = row.eppn or holder.eppn
                question = NEW_ID_BY_NUMBER if has_other_eppn else NEW_ID_WITHOUT_EPPN
                return self._is(verdict, holder, row).ask(ID, question)
            if holder.eppn not in self._numbers[row.role, row.civic_number]:
                return verdict.ask(CIVIC_NUMBER, CIVIC_NUMBER_OF_ANOTHER)
        return verdict

    def _is(self, verdict: Verdict, person: Known, row: PersonRow) -> Verdict:
        """The row is about `person`. An id that is only formatted in another way stays as the register has it."""
        verdict.person_id = person.id
        same_id = meant_id(person.source_id) == meant_id(row.source_id)
        verdict.source_id = person.source_id if same_id else row.source_id
        return verdict

    def _is_human(self, row: PersonRow, verdict: Verdict) -> None:
        """The id has gone over to whoever has the personnummer, if no other row is about them, or to somebody new."""
        holders = self._by_number[row.role, row.civic_number]
        if row.civic_number and holders and not self._is_told_of(holders[0]):
            self._is(verdict, holders[0], row)
        else:
            self._is_somebody_new(row, verdict)

    def _is_somebody_new(self, row: PersonRow, verdict: Verdict) -> None:
        """A person of their own: the id on the row, and what is made of it, stay with whoever has had it."""
        parts = [row.school_unit_code] if row.role == Person.Role.PUPIL else []
        verdict.person_id = stable_id(
            self._organisation_id, "person", row.role, *parts, row.source_id, row.civic_number
        )
        verdict.source_id = row.source_id

    def _went_over(self, row: PersonRow, person: Known) -> bool:
        """Whether what the person had before now stands on a row of somebody else."""
        if person.eppn != row.eppn:
            return bool(self._eppns.get((row.role, person.eppn), set()) - {row.civic_number, ""})
        return bool(self._numbers.get((row.role, person.civic_number), set()) - {row.eppn, ""})

    def _is_told_of(self, person: Known) -> bool:
        """Whether another row, which need not agree with the register, is about `person`."""
        return bool(
            self._ids.get(person.id)
            or (person.eppn and person.civic_number in self._eppns.get((person.role, person.eppn), set()))
            or any((person.role, unit, person.source_id) in self._written for unit in (person.school_units or {""}))
        )

    def _is_there(self, one: Known, row: PersonRow) -> bool:
        """Whether the id of `one` counts where the row is: a pupil's counts within its school unit."""
        if row.role != Person.Role.PUPIL or as_uuid(row.source_id) or row.school_unit_code in one.school_units:
            return True
        made_there = stable_id(self._organisation_id, "person", row.role, row.school_unit_code, one.source_id)
        return one.id == made_there


def _shares_a_name(row: PersonRow, person: Known) -> bool:
    return row.given_name.casefold() == person.given_name.casefold() or (
        row.family_name.casefold() == person.family_name.casefold()
    )


def _has_same_name(row: PersonRow, person: Known) -> bool:
    return row.given_name.casefold() == person.given_name.casefold() and (
        row.family_name.casefold() == person.family_name.casefold()
    )
