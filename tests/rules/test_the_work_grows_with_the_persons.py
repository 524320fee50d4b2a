"""Twice as many persons are twice the work, and not more. Counted here; `benchmarks/rules.py` has the seconds."""

import sys
import uuid
from collections.abc import Callable
from types import FrameType

from provsluss.rules.cross_object import exchanged_number, pupils_without_test, shared_eppn
from provsluss.rules.persons import check_person
from tests.rules.examples import CATALOGUE, AMembership, AnEnrolment, APerson

CALLS_A_PERSON = 400
"""A third more than there are."""


def test_twice_the_persons_are_twice_the_calls() -> None:
    some, twice = _calls_for(500), _calls_for(1_000)
    assert some < 500 * CALLS_A_PERSON
    assert twice <= 2.01 * some


def _calls_for(count: int) -> int:
    group = uuid.uuid4()
    persons = [APerson(eppn=f"{uuid.uuid4()}@elev.exempel.se", family_name="Öhrnsköld") for _ in range(count)]
    memberships = [AMembership(group, person.id) for person in persons]
    enrolments = [AnEnrolment()]

    def check() -> None:
        assert not any(check_person(person, enrolments, [], CATALOGUE) for person in persons)
        assert not shared_eppn(persons)
        assert not exchanged_number(persons)
        assert not pupils_without_test(persons, memberships, {group})

    check()  # what is kept from the first time (compiled patterns, lists of the catalogue) is not counted
    return _counted(check)


def _counted(work: Callable[[], None]) -> int:
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls
