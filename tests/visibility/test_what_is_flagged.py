"""Each thing that somebody should look at in who sees whom has a flag of its own, and nothing else has any."""

import json
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.transfers.models import (
    Accepted,
    ObjectResult,
    ObjectState,
    SyncJob,
    TestActivity,
    TestActivityGroup,
    TestActivityState,
    Transfer,
)
from provsluss.visibility.flags import Flag, FlagCode
from provsluss.visibility.pupils import seen_from_several_units
from provsluss.visibility.report import Access
from tests.transfers.small_school import make_group, make_pupil, make_staff
from tests.visibility.at_skolverket import accept_all, forget_duty

OTHER_UNIT = "90000012"

Look = Callable[[], Access]


def _duty(name: str) -> Duty:
    return Duty.objects.get(person__given_name=name)


def _group() -> Group:
    return Group.objects.get(name="Ma6A")


def _texts(access: Access, code: FlagCode) -> list[str]:
    """The sentences with this code, of staff and groups."""
    return sorted({flag.text for flag in _flags(access) if flag.code == code})


def _all_codes(access: Access) -> set[FlagCode]:
    return {flag.code for flag in _flags(access)}


def _flags(access: Access) -> list[Flag]:
    of_groups = [flag for group in access.groups.values() for flag in group.flags]
    return of_groups + [flag for staff in access.staff.values() for flag in staff.flags]


@pytest.fixture(params=["the activity", "everything"])
def look(request: pytest.FixtureRequest, scoped: Organisation, activity: TestActivity) -> Look:
    """Both the tab of the test activity and the page of the huvudman show the flag."""
    only = activity if request.param == "the activity" else None
    return lambda: Access(scoped, scoped.environment, TestActivity.objects.get(pk=only.pk) if only else None)


def test_an_ordinary_school_has_nothing_to_look_at(look: Look, sent: TestActivity) -> None:
    access = look()

    assert _all_codes(access) == set()
    assert {one.name for one in access.staff.values()} == {"Lovisa Personal", "Rut Personal"}


def test_nothing_sent_is_nothing_to_look_at(look: Look, activity: TestActivity) -> None:
    access = look()

    assert _all_codes(access) == set()
    assert {grant.presence for one in access.staff.values() for grant in one.grants} == {"only_register"}


def test_a_teacher_of_another_school_unit(look: Look, sent: TestActivity) -> None:
    Duty.objects.filter(pk=_duty("Lovisa").pk).update(school_unit_code=OTHER_UNIT)

    assert _texts(look(), FlagCode.OTHER_UNIT) == ["Tjänstgör som Lärare på 90000012 men ser Ma6A på 90000011."]


def test_a_duty_that_has_ended_but_is_still_at_skolverket(look: Look, sent: TestActivity) -> None:
    Duty.objects.filter(pk=_duty("Lovisa").pk).update(ended_at=timezone.now())

    assert _texts(look(), FlagCode.ENDED) == [
        "Har slutat men ser fortfarande Ma6A hos Skolverket tills nästa överföring."
    ]


def test_a_person_who_has_ended_but_is_still_at_skolverket(look: Look, sent: TestActivity) -> None:
    Person.objects.filter(given_name="Lovisa").update(ended_at=timezone.now())

    assert len(_texts(look(), FlagCode.ENDED)) == 1


def test_a_head_who_has_ended_still_sees_the_whole_unit(look: Look, sent: TestActivity) -> None:
    Duty.objects.filter(pk=_duty("Rut").pk).update(ended_at=timezone.now())

    assert _texts(look(), FlagCode.ENDED) == [
        "Har slutat men ser fortfarande alla elever på 90000011 hos Skolverket tills nästa överföring."
    ]


def test_a_teacher_who_has_been_taken_from_the_group(look: Look, sent: TestActivity) -> None:
    DutyAssignment.objects.all().delete()

    access = look()

    assert _texts(access, FlagCode.STILL_SEES) == [
        "Ser fortfarande Ma6A hos Skolverket tills provaktiviteten skickas igen."
    ]
    assert _texts(access, FlagCode.NO_TEACHER) != []


def test_a_group_that_has_been_taken_out_of_the_test_activity(look: Look, sent: TestActivity) -> None:
    TestActivityGroup.objects.all().delete()

    access = look()

    assert _texts(access, FlagCode.STILL_SEES)[0] == "Ser fortfarande Ma6A hos Skolverket tills nästa överföring."
    assert _texts(access, FlagCode.NO_TEACHER) == [], "it is going away"


def test_a_class_that_has_been_taken_out_of_the_test_activity(
    look: Look, scoped: Organisation, activity: TestActivity
) -> None:
    TestActivityGroup.objects.update(group=Group.objects.get(name="6A"))
    DutyAssignment.objects.update(group=Group.objects.get(name="6A"))
    accept_all(scoped, activity)
    TestActivityGroup.objects.all().delete()

    assert _texts(look(), FlagCode.STILL_SEES)[0] == "Ser fortfarande 6A hos Skolverket tills nästa överföring."


def test_an_archived_test_activity_wants_nothing(look: Look, sent: TestActivity) -> None:
    TestActivity.objects.update(state=TestActivityState.ARCHIVED)

    assert _texts(look(), FlagCode.STILL_SEES) != []


def test_what_was_kept_is_said_to_stay(look: Look, sent: TestActivity) -> None:
    TestActivityGroup.objects.all().delete()
    Accepted.objects.filter(kind="activities").update(kept_at=timezone.now())

    texts = _texts(look(), FlagCode.STILL_SEES)

    assert "Ser fortfarande Ma6A hos Skolverket eftersom någon har valt att inte ta bort det." in texts


def test_a_paused_test_activity_changes_nothing_until_it_is_active_again(look: Look, sent: TestActivity) -> None:
    TestActivity.objects.update(state=TestActivityState.PAUSED)
    DutyAssignment.objects.all().delete()

    texts = _texts(look(), FlagCode.STILL_SEES)

    assert texts == ["Ser fortfarande Ma6A hos Skolverket tills provaktiviteten aktiveras och skickas."]


@pytest.mark.parametrize(
    ("state", "words"), [(ObjectState.ERROR, "nekade"), (ObjectState.WITHHELD, "hålls inne tills felet")]
)
def test_a_duty_that_was_refused(look: Look, scoped: Organisation, sent: TestActivity, state: str, words: str) -> None:
    forget_duty(_duty("Lovisa"))
    _result(scoped, _duty("Lovisa"), state)

    (text,) = _texts(look(), FlagCode.REFUSED)

    assert words in text


def test_a_duty_that_was_refused_once_and_taken_since(look: Look, scoped: Organisation, sent: TestActivity) -> None:
    _result(scoped, _duty("Lovisa"), ObjectState.ERROR)

    assert _texts(look(), FlagCode.REFUSED) == []


def test_an_activity_with_several_groups_at_skolverket(look: Look, scoped: Organisation, sent: TestActivity) -> None:
    other = make_group(scoped, "Ma6B", Group.Type.TEACHING, [make_pupil(scoped, 77)])
    accepted = Accepted.objects.get(kind="activities")
    content = json.loads(accepted.payload)
    content["groups"].append({"id": str(other.pk)})
    Accepted.objects.filter(pk=accepted.pk).update(payload=json.dumps(content))

    assert _texts(look(), FlagCode.SEVERAL_GROUPS) == [
        "Aktiviteten Ma6A GRGRMAT01_6 har flera grupper hos Skolverket: lärarna ser alla elever i Ma6A och Ma6B."
    ]


def test_a_group_without_a_teacher(look: Look, activity: TestActivity) -> None:
    DutyAssignment.objects.all().delete()

    assert _texts(look(), FlagCode.NO_TEACHER) == [
        "Ingen lärare ser resultaten, bara skolenhetens rektor och skoladministratör."
    ]


def test_a_role_that_is_not_a_teachers(look: Look, sent: TestActivity) -> None:
    DutyAssignment.objects.create(group=_group(), duty=_duty("Karl"))

    assert _texts(look(), FlagCode.NOT_TEACHING) == [
        "Kurator är ingen lärarroll hos Skolverket, men ser resultaten för Ma6A."
    ]


def test_a_pupil_seen_by_teachers_of_several_units(scoped: Organisation, activity: TestActivity) -> None:
    assert seen_from_several_units([activity]) == []
    both, other = make_pupil(scoped, 77), make_pupil(scoped, 78)
    Membership.objects.create(group=_group(), person=both)
    elsewhere = make_group(scoped, "En6X", Group.Type.TEACHING, [both, other])
    teacher = make_staff(scoped, "Ture", "Lärare")
    Duty.objects.filter(pk=teacher.pk).update(school_unit_code=OTHER_UNIT)
    DutyAssignment.objects.create(group=elsewhere, duty=teacher)
    TestActivityGroup.objects.create(test_activity=activity, group=elsewhere)

    assert seen_from_several_units([activity]) == [both.pk]


def test_another_test_activitys_groups_are_not_in_the_tab(scoped: Organisation, sent: TestActivity) -> None:
    group = make_group(scoped, "En6A", Group.Type.TEACHING, [make_pupil(scoped, 77)])
    english = TestActivity.objects.create(organisation=scoped, name="Engelska", national_test="GRGRENG01_6")
    TestActivityGroup.objects.create(test_activity=english, group=group)
    accept_all(scoped, english)

    names = {one.group.name for one in Access(scoped, scoped.environment, sent).groups.values()}

    assert names == {"Ma6A"}


def test_another_environments_objects_are_not_there(scoped: Organisation, sent: TestActivity) -> None:
    access = Access(scoped, "produktion", sent)

    assert {grant.presence for one in access.staff.values() for grant in one.grants} == {"only_register"}


def test_another_organisations_objects_are_not_there(scoped: Organisation, sent: TestActivity) -> None:
    with scopes_disabled():
        other = Organisation.objects.create(number="5560360793", name="Friskolan", environment="simulator")
    Accepted.objects.update(organisation=other)

    assert Access(scoped, scoped.environment).accepted.activities == {}


def _result(organisation: Organisation, duty: Duty, state: str) -> None:
    transfer = Transfer.objects.create(organisation=organisation, environment=organisation.environment)
    job = SyncJob.objects.create(organisation=organisation, transfer=transfer, kind="duties", position=1)
    ObjectResult.objects.create(
        sync_job=job, organisation=organisation, object_id=uuid.UUID(str(duty.pk)), state=state, name="Lovisa"
    )
