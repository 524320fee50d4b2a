"""A control: what stands in the way before anything is sent, the root first, and what follows from it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provsluss.organisations.models import Organisation
from provsluss.preflight.queries import by_who, findings_of, to_mend
from provsluss.preflight.run import make_at_once, make_control
from provsluss.preflight.status import control_status, new_control
from provsluss.register.models import DutyAssignment, Enrolment, Group, Membership, Person
from provsluss.transfers.models import Control, ControlCell, ControlFinding, ObjectResult, TestActivity
from tests.transfers.prepared import prepare
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import UNIT, fetch_list_of_tests, make_group, make_pupil, make_school, make_staff


@pytest.fixture
def school(scoped: Organisation) -> TestActivity:
    fetch_list_of_tests(scoped)
    return make_school(scoped)


def checked(organisation: Organisation) -> Control:
    make_at_once(organisation)
    found = control_status(organisation).control
    assert found is not None
    return found


def causes(control: Control) -> list[tuple[str, str, int, int]]:
    """(who, code, objects, what follows) in the order of the page."""
    return [
        (one.who.value, row.cause.code, row.objects, row.follows)
        for one in by_who(findings_of(control))
        for row in one.causes
    ]


def cells(control: Control) -> list[tuple[int, int, int]]:
    return list(ControlCell.objects.filter(control=control).values_list("urgent", "other", "following"))


def test_a_school_without_faults_is_ready(scoped: Organisation, school: TestActivity) -> None:
    control = checked(scoped)
    assert causes(control) == []
    assert cells(control) == [(0, 0, 0)]
    assert (control.checked, control.wanted) == (12, 12)


def test_the_root_is_told_and_what_follows_is_counted(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(given_name="Lovisa").update(eppn="")
    control = checked(scoped)
    # The teacher's duty cannot go without her, nor can the activity have her as its teacher.
    assert causes(control) == [("it", "P3", 1, 2)]
    follows = ControlFinding.objects.filter(follows=True).values_list("kind", flat=True)
    assert sorted(follows) == ["activities", "duties"]
    assert cells(control) == [(1, 0, 2)]


def test_a_pupil_held_back_is_missed_in_the_class_and_in_the_group(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(family_name__in=["Nummer00001", "Nummer00002"]).update(eppn="")
    assert causes(checked(scoped)) == [("it", "P3", 2, 2)]


def test_a_group_whose_pupils_are_all_held_back_is_not_told_to_be_empty(
    scoped: Organisation, school: TestActivity
) -> None:
    Person.objects.filter(role="pupil").update(eppn="")
    assert causes(checked(scoped)) == [("it", "P3", 5, 2)]


def test_a_group_whose_pupils_have_all_left_is_empty(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(role="pupil").update(ended_at="2026-06-12T12:00Z")
    assert [row[1] for row in causes(checked(scoped))] == ["G10"]


def test_a_pupil_in_two_classes_is_sent_without_any(scoped: Organisation, school: TestActivity) -> None:
    pupil = Person.objects.get(family_name="Nummer00001")
    make_group(scoped, "6B", Group.Type.CLASS, [pupil])
    control = checked(scoped)
    assert [row[:2] for row in causes(control)] == [("elevregistret", "G4")]
    follows = ControlFinding.objects.filter(follows=True).order_by("name")
    assert [(one.name, one.detail) for one in follows] == [("6A", "Klass"), ("6B", "Klass")]
    # Nobody misses the test for it, so the school is ready.
    assert to_mend(control) == 0
    assert cells(control) == [(0, 1, 0)]


def test_what_is_missing_without_being_an_error(scoped: Organisation, school: TestActivity) -> None:
    DutyAssignment.objects.all().delete()
    Person.objects.filter(given_name="Rut").update(ended_at="2026-06-12T12:00Z")
    outside = make_pupil(scoped, 70)
    Enrolment.objects.filter(person__family_name="Nummer00002").update(school_year=5)
    make_pupil(scoped, 71).enrolments.update(school_year=4)  # nobody in year 4 takes a test
    control = checked(scoped)
    assert causes(control) == [
        ("personalregistret", "A5", 1, 0),  # whoever has something that must be mended comes first
        ("personalregistret", "D5", 1, 0),
        ("elevregistret", "A5", 1, 0),
        ("skolan", "A6", 1, 0),
    ]
    told = {one.cause.code + one.kind: one for one in ControlFinding.objects.select_related("cause")}
    assert told["A5persons"].object_id == outside.pk
    assert told["A6activities"].cause.sentence == "Elever går inte i årskurs 6 i grundskolan, som provet är till för."
    assert told["A6activities"].detail.startswith("1 elev går inte i årskurs 6")
    assert told["D5school_units"].school_unit_code == UNIT
    assert to_mend(control) == to_mend(control, school) == 2


@pytest.mark.parametrize("state", ["archived", "paused"])
def test_a_pupil_whose_test_activity_rests_is_not_to_be_put_in_a_group(
    scoped: Organisation, school: TestActivity, state: str
) -> None:
    outside, placed = make_pupil(scoped, 70), make_pupil(scoped, 71)
    group = make_group(scoped, "6A engelska", Group.Type.TEACHING, [placed])
    unsent = TestActivity.objects.create(
        organisation=scoped, name="Engelska", national_test=school.national_test, state=state
    )
    unsent.groups.add(group)
    checked(scoped)
    told = {one.object_id: one.cause for one in ControlFinding.objects.select_related("cause")}
    assert (told[outside.pk].who, told[placed.pk].who) == ("elevregistret", "skolan")
    assert "arkiverad eller pausad" in told[placed.pk].sentence


def test_a_leader_who_is_held_back_leads_nobody(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(given_name="Rut").update(eppn="")
    checked(scoped)
    assert ControlFinding.objects.get(kind="school_units").follows


def test_only_active_test_activities_are_checked(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(family_name="Nummer00001").update(eppn="")
    TestActivity.objects.update(state="paused")
    control = checked(scoped)
    assert causes(control) == []
    assert control.place_of(school.pk) is None
    assert to_mend(control, school) == 0


def test_protection_that_nobody_has_confirmed(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(family_name="Nummer00001").update(security_marking="Sekretessmarkering", eppn="")
    control = checked(scoped)
    assert [row[1] for row in causes(control)] == ["P3", "P19"]
    assert ControlFinding.objects.get(cause__code="P3", follows=False).restricted
    prepare(scoped)
    assert control_status(Organisation.objects.get()).is_old


def test_a_new_control_takes_the_place_of_the_old_one(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(family_name="Nummer00001").update(eppn="")
    first = checked(scoped)
    assert not control_status(scoped).is_old
    make_staff(scoped, "Ny", "Rektor")
    TestActivity.objects.update(changed_at="2026-11-01T12:00Z")
    assert control_status(scoped).is_old
    second = checked(scoped)
    assert list(Control.objects.all()) == [second] != [first]
    assert not ControlFinding.objects.exclude(cause__control=second).exists()


def test_going_on_with_an_interrupted_one_says_everything_once(scoped: Organisation, school: TestActivity) -> None:
    Person.objects.filter(family_name="Nummer00001").update(eppn="")
    control = checked(scoped)
    Control.objects.update(state="working")
    before = causes(control)
    make_control(control.pk)
    assert causes(control) == before


def test_two_who_ask_at_once_share_a_control(scoped: Organisation, school: TestActivity) -> None:
    (first, is_new), (second, is_new_too) = new_control(scoped), new_control(scoped)
    assert (first, is_new, is_new_too) == (second, True, False)


def test_what_the_control_foretells_is_what_is_sent(
    scoped: Organisation, school: TestActivity, skolverket: Callable[..., str]
) -> None:
    pupil = Person.objects.get(family_name="Nummer00001")
    make_group(scoped, "6B", Group.Type.CLASS, [pupil])
    Person.objects.filter(given_name="Lovisa").update(eppn="")
    checked(scoped)
    skolverket()
    transfer = run(new_transfer(school))
    # The pupil has arrived, and so has the teaching group with all five; the classes are without the pupil.
    assert counts(transfer, "persons") == {"wanted": 7, "sent": 6, "success": 6, "withheld": 1}
    sent = {one.name: one.member_count for one in ObjectResult.objects.filter(sync_job__kind="groups")}
    assert sent == {"6A": 4, "6B": 0, "Ma6A": 5}
    told = ControlFinding.objects.filter(cause__severity="error")
    assert {one.name for one in told.filter(follows=False)} == {"Lovisa Personal", pupil.full_name}
    short = ObjectResult.objects.exclude(findings=[]).exclude(sync_job__kind="persons").values_list("name", flat=True)
    assert {one.name for one in told.filter(follows=True)} == {"Lovisa Personal", "6A", "6B", "Ma6A"}
    assert {name.removesuffix(" GRGRMAT01_6") for name in short} == {"Lovisa Personal", "6A", "6B", "Ma6A"}


def test_a_large_school_takes_hardly_more_questions(scoped: Organisation, school: TestActivity) -> None:
    group = Group.objects.get(name="Ma6A")
    with CaptureQueriesContext(connection) as small:
        checked(scoped)
    for number in range(100, 350):
        Membership.objects.create(group=group, person=make_pupil(scoped, number, eppn=""))
    with CaptureQueriesContext(connection) as large:
        checked(scoped)
    assert len(large) <= len(small) + 30  # 250 pupils more


def test_forgotten_groups_take_no_question_each(scoped: Organisation, school: TestActivity) -> None:
    def forget(numbers: range) -> int:
        for number in numbers:
            pupils = [Person.objects.get(family_name="Nummer00001")]
            group = make_group(scoped, f"Forgotten {number}", Group.Type.TEACHING, pupils)
            Group.objects.filter(pk=group.pk).update(national_test="GRGRMAT01_6")
        with CaptureQueriesContext(connection) as asked:
            assert [row[1:3] for row in causes(checked(scoped))] == [("G3", numbers.stop)]
        return len(asked)

    forget(range(1))  # so that each of the others has an older one to take the place of
    assert forget(range(1, 2)) == forget(range(2, 40))
