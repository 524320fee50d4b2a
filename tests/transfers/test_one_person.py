"""One person now: the person with what it needs, and nothing else."""

import uuid
from collections.abc import Callable

import pytest

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.rules.catalogue_snapshot import catalogue_snapshot
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.actions.send_person import NothingNew, UnsentTests, send_person
from provsluss.transfers.desired.objects import wanted_objects
from provsluss.transfers.desired.one_person import OnePerson, activities_that_want
from provsluss.transfers.desired.selection import Selection
from provsluss.transfers.models import Accepted, Purpose, TestActivity, TestActivityGroup, TestActivityState, Transfer
from provsluss.transfers.remote.accepted import RemoteState
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_group, make_pupil, make_school, make_staff

KINDS = ("persons", "duties", "groups", "activities")


@pytest.fixture
def activity(scoped: Organisation) -> TestActivity:
    return make_school(scoped)


def _pupil(number: int = 0) -> Person:
    return Person.objects.get(source_id=str(number), role="pupil")


def _staff(name: str) -> Person:
    return Person.objects.get(given_name=name)


def _of(person: Person, *activities: TestActivity) -> OnePerson:
    return OnePerson(person.organisation, activities, person.pk)


def _send(person: Person, anyway: bool = False) -> Transfer:
    """Press Skicka nu, with tests that were never sent too, and carry it through, as a worker does."""
    return run(send_person(person.organisation, None, person, anyway=anyway, unsent_tests_too=True))


def test_a_pupil_takes_along_class_group_and_activity(scoped: Organisation, activity: TestActivity) -> None:
    one = _of(_pupil(), activity)

    assert one.ids("persons") == [_pupil().pk]
    assert one.ids("duties") == []
    assert {Group.objects.get(pk=pk).name for pk in one.ids("groups")} == {"6A", "Ma6A"}
    assert one.ids("activities") == Selection(scoped, [activity]).ids("activities")


def test_a_teacher_takes_along_what_is_taught(scoped: Organisation, activity: TestActivity) -> None:
    other = make_group(scoped, "Sv6B", Group.Type.TEACHING, [make_pupil(scoped, 90)])
    TestActivityGroup.objects.create(test_activity=activity, group=other)

    one = _of(_staff("Lovisa"), activity)

    assert one.ids("persons") == [_staff("Lovisa").pk]
    assert one.ids("duties") == [Duty.objects.get(duty_role="Lärare").pk]
    assert [Group.objects.get(pk=pk).name for pk in one.ids("groups")] == ["Ma6A"]
    assert len(one.ids("activities")) == 1


def test_a_leader_takes_along_the_duty_only(scoped: Organisation, activity: TestActivity) -> None:
    one = _of(_staff("Rut"), activity)

    assert one.ids("duties") == [Duty.objects.get(duty_role="Rektor").pk]
    assert one.ids("groups") == one.ids("activities") == []


def test_nobody_wants_staff_that_no_test_activity_asks_for(scoped: Organisation, activity: TestActivity) -> None:
    assert not _of(_staff("Karl"), activity).is_wanted
    assert activities_that_want(scoped, _staff("Karl")) == []

    activity.extra_duties.add(Duty.objects.get(duty_role="Kurator"))
    assert activities_that_want(scoped, _staff("Karl")) == [activity]

    activity.extra_duties.clear()
    TestActivity.objects.filter(pk=activity.pk).update(all_staff=True)
    assert activities_that_want(scoped, _staff("Karl")) == [activity]


def test_an_own_duty_that_is_not_wanted_stays(scoped: Organisation, activity: TestActivity) -> None:
    teacher = _staff("Lovisa")
    Duty.objects.create(
        id=uuid.uuid4(), organisation=scoped, source="hand", source_id="2", person=teacher,
        school_unit_code="90000029", duty_role="Kurator",
    )  # fmt: skip

    assert len(_of(teacher, activity).ids("duties")) == 1


def test_a_class_that_takes_a_test_is_sent_as_a_teaching_group_too(scoped: Organisation) -> None:
    pupil = make_pupil(scoped, 1)
    klass = make_group(scoped, "6C", Group.Type.CLASS, [pupil])
    activity = TestActivity.objects.create(organisation=scoped, name="Engelska", national_test="GRGRENG01_6")
    TestActivityGroup.objects.create(test_activity=activity, group=klass)

    one, whole = _of(pupil, activity), Selection(scoped, [activity])

    assert one.ids("groups") == whole.ids("groups")
    assert len(one.ids("groups")) == 2
    assert one.ids("activities") == whole.ids("activities")


@pytest.mark.parametrize("name", ["Lovisa", "Rut", "Karl", "Elev"])
def test_it_is_always_a_part_of_the_whole(scoped: Organisation, activity: TestActivity, name: str) -> None:
    person = _pupil() if name == "Elev" else _staff(name)
    make_group(scoped, "Utan prov", Group.Type.TEACHING, [_pupil()])
    one, whole = _of(person, activity), Selection(scoped, [activity])

    for kind in KINDS:
        assert set(one.ids(kind)) <= set(whole.ids(kind)), kind  # type: ignore[arg-type]
    assert bool(one.ids("persons")) == (person.pk in whole.persons)


def test_a_new_pupil_joins_those_who_are_there(
    scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()
    run(new_transfer(activity))
    new = make_pupil(scoped, 77)
    for group in Group.objects.all():
        Membership.objects.create(group=group, person=new)

    transfer = _send(new)

    assert transfer.state == "done"
    assert transfer.purpose == Purpose.ONE_PERSON
    assert counts(transfer, "persons") == {"wanted": 1, "sent": 1, "success": 1}
    assert counts(transfer, "duties") == {}
    assert counts(transfer, "groups") == {"wanted": 2, "sent": 2, "success": 2}
    assert counts(transfer, "activities") == {"wanted": 1, "unchanged": 1}
    group = Group.objects.get(name="Ma6A")
    assert Accepted.objects.get(kind="groups", object_id=group.pk).payload.count('"person"') == 6
    # Nothing is left to do for the next whole transfer.
    again = run(new_transfer(activity))
    assert [counts(again, kind).get("sent", 0) for kind in KINDS] == [0, 0, 0, 0]


def test_those_who_are_not_there_yet_are_said_to_be_missing(
    scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()

    transfer = _send(_pupil())

    assert transfer.state == "done_with_warnings"
    assert counts(transfer, "groups") == {"wanted": 2, "sent": 2, "warning": 2}
    assert Accepted.objects.filter(kind="persons").count() == 1


def test_one_changed_name_sends_that_person_alone(
    scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()
    run(new_transfer(activity))
    Person.objects.filter(pk=_pupil().pk).update(family_name="Nyman")

    transfer = _send(_pupil())

    assert counts(transfer, "persons") == {"wanted": 1, "sent": 1, "success": 1}
    assert counts(transfer, "groups") == {"wanted": 2, "unchanged": 2}


def test_what_is_there_already_is_sent_only_when_asked_for(
    scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()
    run(new_transfer(activity))

    with pytest.raises(NothingNew, match="har redan samma uppgifter, mottagna 20"):
        send_person(scoped, None, _pupil())
    transfer = _send(_pupil(), anyway=True)

    assert transfer.state == "done"
    assert [counts(transfer, kind).get("sent", 0) for kind in KINDS] == [1, 0, 2, 1]
    with pytest.raises(NothingNew):
        send_person(scoped, None, _pupil())


def test_it_removes_nothing(scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]) -> None:
    skolverket()
    run(new_transfer(activity))
    gone = _pupil(1)
    Membership.objects.filter(person=gone).delete()
    Person.objects.filter(pk=_pupil().pk).update(family_name="Nyman")

    transfer = _send(_pupil())

    assert transfer.sync_jobs.count() == 4
    assert Accepted.objects.filter(kind="persons", object_id=gone.pk).exists()


def test_tests_that_were_never_sent_stay_out_unless_somebody_says_so(
    scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()
    run(new_transfer(activity))
    pupil, teacher = _pupil(), _staff("Lovisa")
    swedish = TestActivity.objects.create(organisation=scoped, name="Svenska", national_test="GRGRSVE01_6")
    group = make_group(scoped, "Sv6A", Group.Type.TEACHING, [pupil])
    TestActivityGroup.objects.create(test_activity=swedish, group=group)
    # The same group takes a test that was sent: the group goes, the activity of the other does not.
    TestActivityGroup.objects.create(test_activity=swedish, group=Group.objects.get(name="Ma6A"))
    for person in (pupil, teacher):
        Person.objects.filter(pk=person.pk).update(middle_name="Ny")
        with pytest.raises(UnsentTests, match=r"^Svenska finns inte hos Skolverket\.$") as asked:
            send_person(scoped, None, person)
        assert not asked.value.all_of_them

        transfer = run(send_person(scoped, None, person, unsent_tests_too=False))

        assert counts(transfer, "persons") == {"wanted": 1, "sent": 1, "success": 1}
        assert counts(transfer, "activities") == {"wanted": 1, "unchanged": 1}
        assert not Accepted.objects.filter(kind="groups", object_id=group.pk).exists()
    leader = _staff("Rut")
    Person.objects.filter(pk=leader.pk).update(middle_name="Ny")
    assert send_person(scoped, None, leader).purpose == Purpose.ONE_PERSON, "no group or activity goes along"


def test_pressing_twice_gives_the_transfer_that_goes_on(scoped: Organisation, activity: TestActivity) -> None:
    first = send_person(scoped, None, _pupil(), unsent_tests_too=True)

    assert send_person(scoped, None, _pupil(), unsent_tests_too=True) == first
    assert send_person(scoped, None, _pupil(1), unsent_tests_too=True) != first
    # The latest transfer of the test activity is the latest of all of it.
    assert not first.test_activities.exists()


def test_who_is_ended_or_held_back_or_unwanted_is_refused_with_a_reason(
    scoped: Organisation, activity: TestActivity
) -> None:
    ended, lacking, unwanted = _pupil(0), _pupil(1), _staff("Karl")
    Person.objects.filter(pk=ended.pk).update(ended_at=ended.changed_at)
    Person.objects.filter(pk=lacking.pk).update(eppn="")
    ended.refresh_from_db()
    lacking.refresh_from_db()

    with pytest.raises(CannotSend, match="källan inte längre har den"):
        send_person(scoped, None, ended)
    with pytest.raises(CannotSend, match=r"hålls inne\. .*EPPN.* Skicka sedan"):
        send_person(scoped, None, lacking)
    with pytest.raises(CannotSend, match="Kurator skickas inte av sig själv"):
        send_person(scoped, None, unwanted)
    TestActivity.objects.filter(pk=activity.pk).update(state=TestActivityState.PAUSED)
    with pytest.raises(CannotSend, match="Matematik årskurs 6 är pausad"):
        send_person(scoped, None, _pupil(2))
    assert not Transfer.objects.exists()


def test_a_teacher_who_is_sent_first_comes_into_the_activity(
    scoped: Organisation, activity: TestActivity, skolverket: Callable[..., str]
) -> None:
    skolverket()
    run(new_transfer(activity))
    new = make_staff(scoped, "Nils", "Lärare")
    DutyAssignment.objects.create(group=Group.objects.get(name="Ma6A"), duty=new)

    transfer = _send(new.person)

    assert transfer.state == "done"
    assert [counts(transfer, kind).get("sent", 0) for kind in KINDS] == [1, 1, 0, 1]
    assert str(new.pk) in Accepted.objects.get(kind="activities").payload


def test_a_teacher_sends_the_same_class_as_a_whole_transfer(scoped: Organisation, activity: TestActivity) -> None:
    pupil = _pupil()
    own = Group.objects.get(name="6A")
    make_group(scoped, "6B", Group.Type.CLASS, [pupil])
    TestActivityGroup.objects.create(test_activity=activity, group=own)
    DutyAssignment.objects.create(group=own, duty=Duty.objects.get(duty_role="Lärare"))
    accept_everything(scoped, activity)
    there, catalogue = RemoteState(scoped, scoped.environment), catalogue_snapshot(scoped.environment)
    teacher, whole = _of(_staff("Lovisa"), activity), Selection(scoped, [activity])

    ids = teacher.ids("groups")

    assert own.pk in ids
    sent = [wanted_objects(selection, "groups", ids, there, catalogue) for selection in (teacher, whole)]
    assert [one.payload for one in sent[0]] == [one.payload for one in sent[1]]
    (of_class,) = (one for one in sent[0] if one.object_id == own.pk)
    assert of_class.columns["member_count"] == 4
