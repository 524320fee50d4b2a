"""What the register and Skolverket's open data say of one person: read once, for all on a page that asks."""

from dataclasses import dataclass
from functools import cached_property

from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import Duty, Enrolment, Person
from provsluss.rules.catalogue_snapshot import Catalogue, catalogue_snapshot
from provsluss.rules.findings import Finding
from provsluss.rules.protection import unprepared_person
from provsluss.ss12000.code_lists import UNPROTECTED


@dataclass(frozen=True)
class PersonFacts:
    """A person with all enrolments and duties, and the catalogue of their school units."""

    person: Person
    enrolments: list[Enrolment]
    every_duty: list[Duty]
    """Also those that have ended."""
    catalogue: Catalogue

    @cached_property
    def unprepared(self) -> list[Finding]:
        """P19: that the person is protected and is held back until the huvudman is prepared for such persons."""
        protected = self.person.security_marking not in UNPROTECTED
        missing = missing_preparations(self.person.organisation) if protected else []
        return [unprepared_person([what.label for what in missing])] if missing else []

    @property
    def duties(self) -> list[Duty]:
        """Those that have not ended."""
        return [duty for duty in self.every_duty if duty.ended_at is None]


def facts_of(person: Person) -> PersonFacts:
    """Five queries. Needs the organisation's scope."""
    enrolments = list(Enrolment.objects.filter(person=person).order_by("pk"))
    duties = list(Duty.objects.filter(person=person).order_by("pk"))
    codes = {place.school_unit_code for place in enrolments} | {duty.school_unit_code for duty in duties}
    return PersonFacts(person, enrolments, duties, catalogue_snapshot(person.organisation.environment, codes))
