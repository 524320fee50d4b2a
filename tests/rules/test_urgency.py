"""What must be mended before the test, and what can wait."""

from dataclasses import replace

from provsluss.rules.activities import PlannedActivity, check_activity, has_teachers
from provsluss.rules.cross_object import pupils_without_test, unfetched_list_of_tests, unit_without_leader
from provsluss.rules.groups import has_members
from provsluss.rules.login_names import eppn_like_name
from provsluss.rules.urgency import STOPS_NO_TEST, STOPS_THE_TEST, is_urgent
from tests.rules.examples import CATALOGUE, UNIT, ADuty, AGroup, APerson
from tests.rules.test_findings_are_readable import FOUND


def test_every_error_is_urgent_but_a_pupil_in_two_classes() -> None:
    assert {finding.code for finding in FOUND if finding.is_error and not is_urgent(finding)} == {"G4"}


def test_what_keeps_a_school_from_holding_the_test_is_urgent() -> None:
    activity = PlannedActivity(AGroup().id, "Ma", UNIT, "GRGRMAT01_6", [AGroup().id])
    urgent = [
        *has_teachers(activity),
        *unit_without_leader([], [AGroup()])[UNIT],
        *has_members([]),
        *unfetched_list_of_tests(False),
        *check_activity(
            replace(activity, school_unit_code="22222222", teachers=[ADuty(school_unit_code="22222222")]), CATALOGUE
        ),
    ]
    assert len(urgent) == 5
    assert all(is_urgent(finding) for finding in urgent)


def test_what_skolverket_only_warns_of_can_wait() -> None:
    pupil = APerson(eppn="lan99@x.se")
    assert eppn_like_name(pupil)
    assert not any(map(is_urgent, eppn_like_name(pupil)))
    assert not any(map(is_urgent, pupils_without_test([pupil], [], frozenset())[pupil.id]))
    activity = PlannedActivity(
        AGroup().id, "Ma", UNIT, "GRGRMAT01_6", [AGroup().id], [ADuty()], pupils_outside_target=1
    )
    assert [is_urgent(finding) for finding in check_activity(activity, CATALOGUE)] == [False]


def test_every_code_of_the_list_is_one_that_a_rule_gives() -> None:
    """A rule that is renamed must not fall out of the list without anybody seeing it."""
    assert {(finding.code, finding.attribute) for finding in FOUND} >= STOPS_THE_TEST | STOPS_NO_TEST
