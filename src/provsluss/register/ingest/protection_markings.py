"""A protection marking on a row that stays out: the person in the register is protected all the same.

A row with a wrong Årskurs says just as surely that its person is protected, and leaving that out would go on showing
the person to everybody. The preview and the storing both use this, so that they say the same.
"""

import uuid
from collections.abc import Collection, Iterable
from functools import cached_property

from django_scopes import scopes_disabled

from provsluss.organisations.models import Organisation
from provsluss.register.ingest.diff import Compared
from provsluss.register.models import Person
from provsluss.register.source_records import Problem, RowRead, SourceDuty, SourcePerson, SourcePupil, identities_of
from provsluss.ss12000.code_lists import UNPROTECTED

_TAKEN_IN = (
    "Sekretessmarkering är inläst, så personen skyddas, men resten av raden läses inte in. "
    "Rätta det andra som är fel på raden."
)


class Protecting:
    """Remembers, of one import, who is marked on rows that were refused."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._now: dict[uuid.UUID, str] = {}
        self.markings: dict[uuid.UUID, str] = {}
        """Person and marking, to be written when all rows have been: a good row can say something else of staff."""

    def take(self, batch: Iterable[Compared]) -> list[Compared]:
        """The refused rows that protect somebody who was not; each refused row that protects gets a problem more.

        To be called before the batch is stored. Persons whom neither the register nor a good row knows are left out.
        """
        rows = list(batch)
        wanted = {one.row.marked.person_id for one in rows if one.row.refused and one.row.marked}
        self._now = self._markings_in_register(wanted - self._now.keys()) | self._now
        return [one for one in rows if self._protects(one.row)]

    def hide(self, batch: Iterable[Compared]) -> None:
        """Let refused rows of persons whom the register protects count as protected, though they do not say so.

        Nothing may then be told of who is on them, and where that is.
        """
        for one in batch:
            content = one.row.content
            if one.row.refused and (
                content.person_id in self._protected[0] or not content.identities.isdisjoint(self._protected[1])
            ):
                one.row.is_protected = True

    @cached_property
    def _protected(self) -> tuple[set[uuid.UUID], set[str]]:
        """The ids, and the personnummer and EPPN, of those whom the register protects: there are few."""
        marked = Person.objects.exclude(security_marking__in=UNPROTECTED).order_by()
        ids, identities = set[uuid.UUID](), set[str]()
        for pk, civic_number, eppn in marked.values_list("pk", "civic_number", "eppn"):
            ids.add(pk)
            identities |= identities_of(civic_number, eppn)
        return ids, identities

    def _protects(self, row: RowRead) -> bool:
        if person := _source_person(row):
            self._now[person.id] = person.security_marking
        marked = row.marked if row.refused else None
        if marked is None or marked.person_id not in self._now:
            return False
        row.problems.insert(
            0, Problem(row.section, row.number, "Sekretessmarkering", "", _TAKEN_IN, is_protection=True)
        )
        before = self._now[marked.person_id]
        self._now[marked.person_id] = self.markings[marked.person_id] = marked.security_marking
        return before in UNPROTECTED

    def _markings_in_register(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
        if not ids:
            return {}
        with scopes_disabled():  # by id alone: see current_state
            rows = Person.objects.filter(pk__in=ids).order_by().values_list("pk", "organisation_id", "security_marking")
            return {pk: marking for pk, owner, marking in rows if owner == self._organisation.pk}


def _source_person(row: RowRead) -> SourcePerson | None:
    return row.record.person if isinstance(row.record, SourcePupil | SourceDuty) else None
