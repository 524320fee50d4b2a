"""100 000 persons are checked in under 8 seconds."""

import time
import uuid

from provsluss.rules.across import Together, check_together
from provsluss.rules.persons import check_person
from tests.rules.examples import CATALOGUE, AMembership, AnEnrolment, APerson

PERSONS = 100_000
SECONDS = 8


def test_a_hundred_thousand_persons() -> None:
    group = uuid.uuid4()
    persons = [APerson(eppn=f"{uuid.uuid4()}@elev.exempel.se", family_name="Öhrnsköld") for _ in range(PERSONS)]
    memberships = [AMembership(group, person.id) for person in persons]
    enrolments = [AnEnrolment()]
    start = time.perf_counter()
    findings = sum(len(check_person(person, enrolments, [], CATALOGUE)) for person in persons)
    together = check_together(Together(persons=persons, memberships=memberships, groups_with_test={group}))
    assert time.perf_counter() - start < SECONDS
    assert findings == 0
    assert not together.persons
