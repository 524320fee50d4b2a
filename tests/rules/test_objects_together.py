"""P4, P8, N6, D2, D5, G3, G4, G6 and A5: what only shows when objects are seen side by side."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from provsluss.rules.cross_object import (
    exchanged_number,
    group_with_several_tests,
    group_without_test,
    merged,
    pupils_without_test,
    repeated_duty,
    same_name,
    several_classes,
    shared_eppn,
    shared_number,
    unfetched_list_of_tests,
    unit_without_leader,
)
from provsluss.rules.findings import Finding
from tests.rules.examples import STAFF, ADuty, AGroup, AMembership, APerson, codes


def by_object(found: dict[uuid.UUID, list[Finding]]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    return {object_id: codes(findings) for object_id, findings in found.items()}


def test_an_eppn_that_two_pupils_share_is_a_warning_on_both() -> None:
    one, two, alone = APerson(), APerson(eppn="717E28A83B@elev.exempel.se"), APerson(eppn="x@y.se")
    assert by_object(shared_eppn([one, two, alone])) == {one.id: [("P8", "warning")], two.id: [("P8", "warning")]}


def test_an_eppn_in_both_roles_is_a_warning_on_both() -> None:
    pupil, staff = APerson(), replace(STAFF, eppn=APerson().eppn)
    assert by_object(shared_eppn([pupil, staff])) == {pupil.id: [("P4", "warning")], staff.id: [("P4", "warning")]}


def test_a_missing_eppn_is_not_shared() -> None:
    assert shared_eppn([APerson(eppn=""), APerson(eppn="")]) == {}


def test_a_tf_number_that_seems_exchanged_for_a_personnummer() -> None:
    before, after = APerson(civic_number="20090127TF12"), APerson()
    namesake = APerson(given_name="Annika", civic_number="20090127TF14")
    assert set(exchanged_number([before, after, namesake])) == {before.id, after.id}
    assert exchanged_number([APerson(), APerson()]) == {}


def test_one_personnummer_on_two_persons_of_a_role_is_a_warning_and_on_a_pupil_and_staff_is_not() -> None:
    number = APerson().civic_number
    one, two = APerson(civic_number=number), APerson(civic_number=number)
    staff, other = replace(STAFF, civic_number=number), replace(STAFF, id=uuid.uuid4(), civic_number=number)
    assert by_object(shared_number([one, two, staff])) == {one.id: [("N14", "warning")], two.id: [("N14", "warning")]}
    assert set(shared_number([one, staff, other])) == {staff.id, other.id}
    assert shared_number([APerson(civic_number=""), APerson(civic_number="")]) == {}


def test_a_pupil_in_two_classes_is_an_error() -> None:
    a, b, teaching = AGroup(group_type="Klass"), AGroup(group_type="Klass"), AGroup()
    one, two = uuid.uuid4(), uuid.uuid4()
    memberships = [
        AMembership(a.id, one),
        AMembership(b.id, one),
        AMembership(a.id, two),
        AMembership(teaching.id, two),
    ]
    assert by_object(several_classes([a, b, teaching], memberships)) == {one: [("G4", "error")]}


def test_a_pupil_in_no_group_with_a_test_is_a_warning() -> None:
    group, placed, left_out = AGroup(), APerson(), APerson()
    memberships = [AMembership(group.id, placed.id)]
    found = pupils_without_test([placed, left_out, STAFF], memberships, {group.id})
    assert by_object(found) == {left_out.id: [("A5", "warning")]}


def test_the_same_duty_twice_is_a_warning() -> None:
    one = ADuty()
    again, other_role = replace(one, id=uuid.uuid4()), replace(one, id=uuid.uuid4(), duty_role="Rektor")
    ended = replace(one, id=uuid.uuid4(), ended_at=datetime(2026, 6, 12, tzinfo=UTC))
    assert set(repeated_duty([one, again, other_role, ended])) == {one.id, again.id}


def test_a_school_unit_without_rektor_and_skoladministrator_is_a_warning() -> None:
    groups = [AGroup(), AGroup(school_unit_code="99999999")]
    leader = ADuty(duty_role="Skoladministratör")
    left = ADuty(duty_role="Rektor", school_unit_code="99999999", ended_at=datetime(2026, 6, 12, tzinfo=UTC))
    found = unit_without_leader([leader, left, ADuty(school_unit_code="99999999")], groups)
    assert {code: codes(findings) for code, findings in found.items()} == {"99999999": [("D5", "warning")]}


def test_teaching_groups_of_the_same_name_at_a_school_are_a_warning() -> None:
    one, two = AGroup(name="Ma 6A"), AGroup(name="ma 6a ")
    others = [AGroup(school_unit_code="9"), AGroup(school_type="SP"), AGroup(group_type="Klass")]
    assert set(same_name([one, two, *others])) == {one.id, two.id}


def test_a_teaching_group_without_a_test_is_a_warning() -> None:
    with_test, without, school_class = AGroup(), AGroup(), AGroup(group_type="Klass")
    found = group_without_test([with_test, without, school_class], {with_test.id})
    assert by_object(found) == {without.id: [("G3", "warning")]}


def test_a_teaching_group_in_two_test_activities_is_a_warning_and_a_class_is_not() -> None:
    group, school_class, other = AGroup(), AGroup(group_type="Klass"), AGroup()
    found = group_with_several_tests([group, school_class, other], {group.id: 2, school_class.id: 3, other.id: 1})
    assert by_object(found) == {group.id: [("G6", "warning")]}


def test_all_findings_of_an_object_are_kept_together() -> None:
    a, b = AGroup(group_type="Klass"), AGroup(group_type="Klass", name="6B")
    one, two = APerson(), APerson()
    memberships = [AMembership(a.id, one.id), AMembership(b.id, one.id)]
    found = merged(
        shared_eppn([one, two]),
        several_classes([a, b], memberships),
        pupils_without_test([one, two], memberships, frozenset()),
    )
    assert codes(found[one.id]) == [("P8", "warning"), ("G4", "error"), ("A5", "warning")]
    assert codes(found[two.id]) == [("P8", "warning"), ("A5", "warning")]


def test_a_list_of_tests_that_was_never_fetched_is_a_warning() -> None:
    assert codes(unfetched_list_of_tests(False)) == [("A3", "warning")]
    assert unfetched_list_of_tests(True) == []
