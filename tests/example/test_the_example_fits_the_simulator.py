"""What the example repeats from the simulator (which nothing may import) is the same there."""

from provsluss.cli.demo_school import ORGANISATION_NUMBER
from provsluss.register.example.faults import MOVED_IN
from provsluss.register.example.school_units import UNIT_COUNT, classes, school_unit
from provsluss.simulator.national_tests import NATIONAL_TESTS
from provsluss.simulator.neighbour import neighbour_pupils
from provsluss.simulator.programmes import PROGRAMMES
from provsluss.simulator.sweden import EXAMPLE_ORGANISATION_NUMBER, ORGANISATIONS


def test_the_school_units_are_exempelkommunens() -> None:
    theirs = {unit.code: set(unit.school_types) for unit in ORGANISATIONS[EXAMPLE_ORGANISATION_NUMBER].units}
    ours = [school_unit(number) for number in range(UNIT_COUNT)]
    assert len({unit.code for unit in ours}) == UNIT_COUNT
    assert all(theirs[unit.code] == {unit.school_type} for unit in ours)


def test_every_school_type_occurs() -> None:
    assert {school_unit(number).school_type for number in range(30)} == {"GR", "GY", "VUXGY", "SP", "SAM"}


def test_those_who_moved_in_are_the_neighbours_pupils() -> None:
    theirs = {
        (pupil["civicNo"]["value"], pupil["eduPersonPrincipalNames"][0], pupil["givenName"], pupil["familyName"])
        for pupil in neighbour_pupils()
    }
    assert theirs == {(one.civic_number, one.eppn, one.given_name, one.family_name) for one in MOVED_IN}


def test_national_tests_and_programmes_exist() -> None:
    tests = {test.name: test for test in NATIONAL_TESTS.values()}
    active = {programme.code for programme in PROGRAMMES.values() if programme.status() == "Active"}
    for number in range(30):
        unit = school_unit(number)
        for school_class, _ in classes(unit, 800):
            assert not school_class.education_code or school_class.education_code in active
            second_language = school_class.swedish_as_second_language
            for course in (*school_class.courses, *([second_language] if second_language else [])):
                # A sameskola takes the tests of compulsory school (rules.md A6).
                assert tests[course.national_test].school_type == unit.school_type.replace("SAM", "GR")
                assert tests[course.national_test].school_year == school_class.school_year


def test_the_demo_is_exempelkommunen() -> None:
    assert ORGANISATION_NUMBER == EXAMPLE_ORGANISATION_NUMBER
