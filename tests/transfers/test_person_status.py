"""Where a person stands is read from the tables."""

from collections.abc import Callable

import pytest

from provsluss.organisations.models import Organisation
from provsluss.register.models import Membership, Person
from provsluss.transfers.models import (
    Accepted,
    Action,
    ObjectResult,
    ObjectState,
    SyncJob,
    TestActivity,
    TestActivityState,
)
from provsluss.transfers.person_status.status import person_status_of
from provsluss.transfers.person_status.why_not_sent import Obstacle, why_not_sent
from tests.transfers.running import new_transfer, run
from tests.transfers.small_school import make_pupil, make_school


def _why(organisation: Organisation, person: Person) -> Obstacle:
    person.refresh_from_db()
    return why_not_sent(person_status_of(organisation, person)).obstacle


def _pupil(number: int = 0) -> Person:
    return Person.objects.get(source_id=str(number), role="pupil")


def test_before_anything_is_sent(scoped: Organisation) -> None:
    activity = make_school(scoped)
    pupil = _pupil()

    assert _why(scoped, pupil) == Obstacle.NEVER_SENT
    assert person_status_of(scoped, pupil).groups == ("6A", "Ma6A")
    assert person_status_of(scoped, pupil).wanted_by == ("Matematik årskurs 6",)

    new_transfer(activity)
    assert _why(scoped, pupil) == Obstacle.UNDER_WAY

    TestActivity.objects.update(state=TestActivityState.PAUSED)
    assert _why(scoped, pupil) == Obstacle.PAUSED
    TestActivity.objects.update(state=TestActivityState.ARCHIVED)
    assert _why(scoped, pupil) == Obstacle.ARCHIVED
    TestActivity.objects.all().delete()
    assert _why(scoped, pupil) == Obstacle.GROUPS_WITHOUT_TEST
    Membership.objects.all().delete()
    assert _why(scoped, pupil) == Obstacle.NO_GROUP
    Person.objects.filter(pk=pupil.pk).update(ended_at=pupil.changed_at)
    assert _why(scoped, pupil) == Obstacle.ENDED


def test_staff(scoped: Organisation) -> None:
    make_school(scoped)
    by_name = {person.given_name: person for person in Person.objects.filter(role="staff")}

    assert _why(scoped, by_name["Lovisa"]) == Obstacle.NEVER_SENT
    assert person_status_of(scoped, by_name["Lovisa"]).groups == ("Ma6A",)
    assert _why(scoped, by_name["Karl"]) == Obstacle.DUTY_NOT_ASKED_FOR
    TestActivity.objects.all().delete()
    assert _why(scoped, by_name["Rut"]) == Obstacle.SCHOOL_WITHOUT_TEST
    by_name["Rut"].duties.all().delete()
    assert _why(scoped, by_name["Rut"]) == Obstacle.NO_DUTY


def test_after_a_transfer(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    activity = make_school(scoped, pupils=2)
    refused, lacking = _pupil(0), _pupil(1)
    Person.objects.filter(pk=lacking.pk).update(eppn="")
    skolverket("--refused-ids", str(refused.pk))
    run(new_transfer(activity))
    late = make_pupil(scoped, 55)
    Membership.objects.bulk_create([Membership(group=one, person=late) for one in activity.groups.all()])

    assert _why(scoped, refused) == Obstacle.REFUSED
    assert _why(scoped, lacking) == Obstacle.WITHHELD
    assert _why(scoped, late) == Obstacle.NOT_SENT_SINCE

    Accepted.objects.filter(kind="persons").update(environment="verifieringstest")
    SyncJob.objects.all().delete()
    activity.transfers.all().delete()
    assert _why(scoped, Person.objects.get(given_name="Rut")) == Obstacle.ONLY_ELSEWHERE


@pytest.mark.parametrize(("action", "is_refused"), [(Action.SEND, True), (Action.REMOVE, False)])
def test_a_removal_that_went_wrong_is_no_refusal(scoped: Organisation, action: Action, is_refused: bool) -> None:
    transfer = new_transfer(make_school(scoped))
    job = SyncJob.objects.create(transfer=transfer, organisation=scoped, kind="persons", action=action, position=9)
    pupil = _pupil()
    ObjectResult.objects.create(sync_job=job, organisation=scoped, object_id=pupil.pk, state=ObjectState.ERROR)

    assert bool(person_status_of(scoped, pupil).refused) == is_refused
