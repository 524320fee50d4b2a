"""Somebody who is protected never becomes unprotected without a person saying yes.

Neither by an empty cell, nor by coming back after having been left out, nor as somebody with the same personnummer
under another id or in another role. Until somebody has said yes, the marking stays, and the rest of the row goes in.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from django_scopes import scopes_disabled

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.register.questions import Question
from provsluss.register.source_records import Problem, RowRead, SourceDuty, SourcePupil
from provsluss.ss12000.code_lists import UNPROTECTED

_STAYS = (
    "Personen är skyddad i registret, men raden säger inget om det. Personen är fortfarande skyddad: markeringen tas "
    "inte bort utan ett ja."
)
_SAME_NUMBER = (
    "Personnumret hör i registret till någon som är skyddad, men raden säger inget om det. Personen läses in som "
    "skyddad: det ändras inte utan ett ja."
)


class ProtectionKept:
    """Knows who is protected in the register, by id and by personnummer, as it was before the import."""

    def __init__(self, organisation: Organisation, accepted: Collection[str]) -> None:
        self._by_id: dict[uuid.UUID, str] = {}
        self._by_number: dict[str, str] = {}
        self.asked: set[uuid.UUID] = set()
        """Who would become unprotected."""
        if Question.PROTECTION in accepted:
            return
        with scopes_disabled():
            protected = Person.objects.filter(organisation=organisation).exclude(security_marking__in=UNPROTECTED)
            for pk, number, marking in protected.order_by().values_list("pk", "civic_number", "security_marking"):
                self._by_id[pk] = marking
                if number:
                    self._by_number[number] = marking

    def keep(self, rows: Sequence[RowRead]) -> None:
        """Let the persons of these rows stay as protected as they are, with a problem that says so."""
        if not self._by_id:
            return
        for row in rows:
            if isinstance(row.record, SourcePupil | SourceDuty):
                person = row.record.person
                marking = self._by_id.get(person.id) or self._by_number.get(person.civic_number)
                if marking and person.security_marking in UNPROTECTED:
                    text = _STAYS if person.id in self._by_id else _SAME_NUMBER
                    row.record = replace(row.record, person=replace(person, security_marking=marking))
                    row.is_protected = True
                    row.problems = [replace(problem, value="") for problem in row.problems]
                    self._ask(row, person.id, text)

    def _ask(self, row: RowRead, person_id: uuid.UUID, text: str) -> None:
        """Once for each person, who as staff can have many rows."""
        if person_id not in self.asked:
            self.asked.add(person_id)
            row.problems.insert(
                0,
                Problem(
                    row.section, row.number, "Sekretessmarkering", "", text, row_refused=False, is_protection=True,
                    question=Question.PROTECTION,
                ),
            )  # fmt: skip
