"""Questions to the catalogue. None of them calls Skolverket."""

from collections.abc import Iterable

from provsluss.catalogue.known_national_tests import KNOWN_TESTS
from provsluss.catalogue.models import NationalTest, Programme, SchoolUnit
from provsluss.catalogue.school_unit_status import SchoolUnitStatus, school_unit_status
from provsluss.catalogue.titles import test_kind, test_title
from provsluss.ss12000.ids import skolverket_id

__all__ = [
    "SchoolUnitStatus",
    "national_test",
    "national_tests",
    "programmes",
    "school_unit_status",
    "school_units",
    "test_kind",
    "test_title",
]


def school_units(environment: str, codes: Iterable[str]) -> dict[str, SchoolUnit]:
    """The school units that have been asked for, by code. A code that is not there has not been checked yet."""
    found = SchoolUnit.objects.filter(environment=environment, code__in=set(codes))
    return {unit.code: unit for unit in found}


def national_tests(environment: str, include_gone: bool = False) -> list[NationalTest]:
    """The national tests of an environment, in the order of the model; on request also those no longer listed.

    Before the first fetch our own list stands in, as rows that are not stored (`pk` and `fetched_at` are None).
    """
    stored = list(NationalTest.objects.filter(environment=environment))
    if not stored:
        return _own_list(environment)
    return [test for test in stored if include_gone or test.gone_at is None]


def national_test(environment: str, name: str) -> NationalTest | None:
    """The national test with this name, also one that is no longer listed; None when nobody knows it."""
    stored = NationalTest.objects.filter(environment=environment)
    found = stored.filter(name=name).first()
    if found is not None or stored.exists():
        return found
    return next((test for test in _own_list(environment) if test.name == name), None)


def programmes(environment: str) -> dict[str, Programme]:
    """The programmes of an environment by education code, also those that are gone; empty before the first fetch."""
    return {programme.education_code: programme for programme in Programme.objects.filter(environment=environment)}


def _own_list(environment: str) -> list[NationalTest]:
    tests = [
        NationalTest(
            environment=environment,
            name=known.name,
            skolverket_id=skolverket_id(known.name),
            school_type=known.school_type,
            school_year=known.school_year,
        )
        for known in KNOWN_TESTS.values()
    ]
    return sorted(tests, key=lambda test: (test.school_type, test.school_year or 0, test.name))
