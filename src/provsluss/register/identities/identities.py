"""Whose each row of a file is, settled before the first of them is gone through."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from provsluss.register.identities.exchanged_names import ask_about_exchanged_names
from provsluss.register.identities.first_look import FirstLook, Rows
from provsluss.register.identities.one_row import Judge
from provsluss.register.identities.register_persons import Known, index_of, persons_with
from provsluss.register.identities.several_rows import Judged, settle_together
from provsluss.register.identities.verdicts import CIVIC_NUMBER, EPPN, ID, Verdict
from provsluss.register.models import Person
from provsluss.register.questions import Question
from provsluss.register.source_ids import meant_id
from provsluss.register.source_records import (
    Marked,
    PersonRow,
    Problem,
    RowRead,
    SourceDuty,
    SourcePerson,
    SourcePupil,
)
from provsluss.ss12000.civic_number import masked, without_civic_numbers

UNPROTECTED = ("", "Ingen")


class Identities:
    """Knows of every row in question whose it is; the others are about whom their id says.

    `kept` are the persons of the register whom rows that stay out may be about: none of them is to end.
    """

    def __init__(self, organisation_id: uuid.UUID, rows: Rows, accepted: Collection[str]) -> None:
        """`rows` gives the rows of pupils and staff, `accepted` the questions that have been answered with yes."""
        self._accepted = Question.IDENTITY in accepted
        self._rows: dict[tuple[str, int], Judged] = {}
        self._rows_of_pupil: Counter[uuid.UUID] = Counter()
        self._staff: dict[uuid.UUID, SourcePerson] = {}
        self._protected: set[uuid.UUID] = set()
        self.kept: set[uuid.UUID] = set()
        self.all_anew = False
        """Whether most rows are about persons whom the register has under other ids: it has changed systems."""
        look = FirstLook()
        look.take(rows(), index_of(organisation_id))
        self.school_units_of_pupils = look.school_units
        if in_question := look.in_question(rows):
            renumbered = self._settle(organisation_id, in_question)
            self.all_anew = renumbered * 2 > look.row_count

    def apply(self, row: RowRead) -> None:
        """Let the row be about the person whose it is, or stay out with the reason."""
        found = self._rows.get((row.section, row.number))
        if found is None:
            return
        about, verdict = found
        if row.marked:
            row.marked = Marked(verdict.person_id, row.marked.security_marking)
        if row.kind == "pupils":
            row.object_id = verdict.person_id
        if verdict.reason:
            self._keep_out(row, about, verdict)
        elif row.removed and verdict.ends_nobody:
            row.object_id = None
        elif isinstance(row.record, SourcePupil):
            row.record = replace(row.record, person=_whose(row.record.person, verdict))
        elif isinstance(row.record, SourceDuty):
            row.record = replace(row.record, person=self._alike(_whose(row.record.person, verdict)))
        if row.record:
            row.problems += [self._problem(row, about, verdict, *note) for note in verdict.notes]

    def rows_of_same_pupil(self, row: RowRead) -> int:
        """How many rows of the pupil whom the row is about the file has, of those that may go in; 1 for any other."""
        found = self._rows.get((row.section, row.number))
        if found is None or row.kind != "pupils" or found[0].removed or found[1].reason:
            return 1
        return self._rows_of_pupil[found[1].person_id]

    def _settle(self, organisation_id: uuid.UUID, rows: list[PersonRow]) -> int:
        """Returns how many rows are about somebody whom the register has under another id."""
        known = {one.id: one for one in _known(organisation_id, rows)}
        self._protected = {one.id for one in known.values() if one.security_marking not in UNPROTECTED}
        judge = Judge(organisation_id, rows, known.values())
        judged = [(row, judge.judge_end(row) if row.removed else judge.judge(row)) for row in rows]
        if self._accepted:
            _go_in(judged)
        settle_together(judged, judge)
        if not self._accepted:
            ask_about_exchanged_names(judged, known)
        _spare_the_moved(judged)
        for row, verdict in judged:
            self._rows[row.section, row.number] = row, verdict
            if verdict.reason:
                self.kept |= verdict.keeps
            elif row.role == Person.Role.PUPIL and not row.removed:
                self._rows_of_pupil[verdict.person_id] += 1
        ids = ((judge.source_id_of(verdict.person_id), row.source_id) for row, verdict in judged)
        return sum(had is not None and meant_id(had) != meant_id(has) for had, has in ids)

    def _keep_out(self, row: RowRead, about: PersonRow, verdict: Verdict) -> None:
        """A question is only asked of a row that would go in."""
        if not (row.refused and verdict.asks):
            question = Question.IDENTITY if verdict.asks else None
            problem = self._problem(row, about, verdict, verdict.column, verdict.reason)
            row.problems.insert(0, replace(problem, row_refused=True, question=question))
        row.record, row.removed = None, False

    def _alike(self, person: SourcePerson) -> SourcePerson:
        """A member of staff as the first row has it, where rows with several ids are of one; and protected by any."""
        first = self._staff.get(person.id, person)
        if first.security_marking in UNPROTECTED:
            first = replace(first, security_marking=person.security_marking)
        self._staff[person.id] = first
        return first

    def _problem(self, row: RowRead, about: PersonRow, verdict: Verdict, column: str, text: str) -> Problem:
        values = {ID: about.source_id, EPPN: about.eppn, CIVIC_NUMBER: masked(about.civic_number)}
        hidden = row.is_protected or not self._protected.isdisjoint(verdict.keeps)
        value = "" if hidden else without_civic_numbers(values.get(column, ""))[:120]
        return Problem(row.section, row.number, column, value, text, row_refused=False)


def _known(organisation_id: uuid.UUID, rows: Collection[PersonRow]) -> list[Known]:
    return persons_with(
        organisation_id,
        {row.person_id for row in rows},
        {(row.role, row.eppn) for row in rows if row.eppn},
        {(row.role, row.civic_number) for row in rows if row.civic_number},
        {(row.role, meant_id(row.source_id)) for row in rows},
    )


def _go_in(judged: Collection[Judged]) -> None:
    """Somebody has said yes."""
    for _, verdict in judged:
        if verdict.asks:
            verdict.column, verdict.reason, verdict.asks = "", "", False


def _spare_the_moved(judged: Collection[Judged]) -> None:
    """A row that ends a pupil whom another row is about ends nobody: the pupil has moved."""
    there: set[uuid.UUID] = set()
    for row, verdict in judged:
        if not row.removed:
            there |= verdict.keeps if verdict.reason else {verdict.person_id}
    for row, verdict in judged:
        verdict.ends_nobody |= row.removed and verdict.person_id in there


def _whose(person: SourcePerson, verdict: Verdict) -> SourcePerson:
    return replace(person, id=verdict.person_id, source_id=verdict.source_id)
