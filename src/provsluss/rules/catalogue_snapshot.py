"""Skolverket's open data as the rules see it: read once from the database, then looked up without it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from provsluss.catalogue import models
from provsluss.catalogue.models import Status


@dataclass(frozen=True, slots=True)
class OfferedType:
    """A school type that a school unit has. `dnp` is its dnpStatus, None where Skolverket does not say."""

    dnp: bool | None = None
    years: Mapping[int, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchoolUnitFacts:
    """What Skolverket says of a school unit, or (status Unknown) that it does not know the code."""

    code: str
    name: str = ""
    status: str = Status.ACTIVE
    dnp: bool | None = None
    school_types: Mapping[str, OfferedType] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.code})" if self.name else self.code


@dataclass(frozen=True, slots=True)
class NationalTestFacts:
    """A national test. `confirmed`: Skolverket has listed it; `gone`: it no longer does."""

    name: str
    school_type: str
    school_year: int | None = None
    confirmed: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A studieväg. `usable`: it is active and its first day has come."""

    education_code: str
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known of Skolverket's open data. What is not in it is unknown to us, which is nobody's error.

    A school unit is asked for by its code, so one that Skolverket lacks is here with the status Unknown. Tests and
    programmes come as whole lists; `…_fetched` tells whether one has been read, so that what it lacks does not exist.
    """

    school_units: Mapping[str, SchoolUnitFacts] = field(default_factory=dict)
    national_tests: Mapping[str, NationalTestFacts] = field(default_factory=dict)
    programmes: Mapping[str, ProgrammeFacts] = field(default_factory=dict)
    national_tests_fetched: bool = False
    programmes_fetched: bool = False


NOTHING_KNOWN = Catalogue()
"""The catalogue of somebody who has fetched nothing."""


def catalogue_snapshot(environment: str, school_unit_codes: Iterable[str] | None = None) -> Catalogue:
    """The catalogue of `environment` as it stands in the database: three queries.

    `school_unit_codes` limits the school units to those of an organisation; None takes all that have been asked for.
    """
    units = models.SchoolUnit.objects.filter(environment=environment)
    if school_unit_codes is not None:
        units = units.filter(code__in=set(school_unit_codes))
    tests = models.NationalTest.objects.filter(environment=environment)
    programmes = models.Programme.objects.filter(environment=environment)
    now = timezone.now()
    known_tests = {test.name: _test_facts(test) for test in tests}
    known_programmes = {programme.education_code: _programme_facts(programme, now) for programme in programmes}
    return Catalogue(
        school_units={unit.code: _unit_facts(unit) for unit in units},
        national_tests=known_tests,
        programmes=known_programmes,
        national_tests_fetched=any(test.confirmed for test in known_tests.values()),
        programmes_fetched=bool(known_programmes),
    )


def _unit_facts(unit: models.SchoolUnit) -> SchoolUnitFacts:
    offered = {str(entry["schoolType"]): _offered(entry) for entry in unit.school_types if entry.get("schoolType")}
    return SchoolUnitFacts(unit.code, unit.name, unit.status, unit.dnp_status, offered)


def _offered(entry: dict[str, Any]) -> OfferedType:
    years = {
        int(year["schoolYear"]): year.get("dnpStatus")
        for year in entry.get("schoolYears") or []
        if str(year.get("schoolYear", "")).isdigit()
    }
    return OfferedType(entry.get("dnpStatus"), years)


def _test_facts(test: models.NationalTest) -> NationalTestFacts:
    return NationalTestFacts(
        test.name, test.school_type, test.school_year, test.fetched_at is not None, test.gone_at is not None
    )


def _programme_facts(programme: models.Programme, now: datetime) -> ProgrammeFacts:
    has_begun = programme.valid_from is None or programme.valid_from <= now
    is_active = programme.status in {"", Status.ACTIVE} and programme.gone_at is None
    return ProgrammeFacts(programme.education_code, has_begun and is_active)
