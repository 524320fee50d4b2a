"""The rules on 100 000 persons, one by one and together: seconds of a core. The aim is less than 8.

`python -m benchmarks.rules [PERSONS]`
"""

import os
import sys
import tempfile
import time
import uuid


def main(number: int) -> None:
    """Check faultless persons who are all in one group that takes a test."""
    from tests.rules.examples import CATALOGUE, AMembership, AnEnrolment, APerson

    from provsluss.rules.cross_object import exchanged_number, pupils_without_test, shared_eppn
    from provsluss.rules.persons import check_person

    group = uuid.uuid4()
    persons = [APerson(eppn=f"{uuid.uuid4()}@elev.exempel.se", family_name="Öhrnsköld") for _ in range(number)]
    memberships = [AMembership(group, person.id) for person in persons]
    enrolments = [AnEnrolment()]
    begun = time.process_time()
    findings = sum(len(check_person(person, enrolments, [], CATALOGUE)) for person in persons)
    one_by_one = time.process_time() - begun
    shared_eppn(persons)
    exchanged_number(persons)
    pupils_without_test(persons, memberships, {group})
    total = time.process_time() - begun
    print(f"{number} persons: {one_by_one:.1f} s one by one, {total - one_by_one:.1f} s together, {total:.1f} s in all")
    print(f"{findings} findings")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROVSLUSS_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "provsluss.settings"
        import django

        django.setup()
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
