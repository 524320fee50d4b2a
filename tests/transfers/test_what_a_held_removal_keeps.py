"""A removal that waits for a decision, or was refused, leaves what it is about whole: groups, activities and all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Person
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.actions import send
from provsluss.transfers.actions.send_person import send_person
from provsluss.transfers.models import Accepted, Purpose, TestActivity, Transfer, TransferState
from provsluss.transfers.removal import review
from tests.transfers.at_skolverket import members, teachers
from tests.transfers.fates import new_plan
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.small_school import make_group, make_school, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(scoped: Organisation, skolverket: Callable[..., str]) -> TestActivity:
    """40 pupils in 6A and Ma6A, ten of them in Ma6B with a teacher of its own, all at Skolverket."""
    skolverket()
    activity = make_school(scoped, pupils=40)
    second = make_group(scoped, "Ma6B", Group.Type.TEACHING, _pupils()[:10])
    DutyAssignment.objects.create(group=second, duty=make_staff(scoped, "Nils", "Lärare"))
    activity.groups.add(second)
    run(new_transfer(activity))
    return activity


def _pupils() -> list[Person]:
    return list(Person.objects.filter(role="pupil").order_by("family_name"))


def _lose_many() -> list[Person]:
    """30 pupils, the group that ten of them had for themselves, and its teacher leave the register."""
    gone = _pupils()[:30]
    now = timezone.now()
    Person.objects.filter(pk__in=[one.pk for one in gone]).update(ended_at=now)
    Group.objects.filter(name="Ma6B").update(ended_at=now)
    Duty.objects.filter(person__given_name__in=["Nils", "Lovisa"]).update(ended_at=now)
    return gone


@pytest.fixture
def held(school: TestActivity) -> Transfer:
    """The transfer after they have left: the pupils are more than the limit, the rest is not."""
    school.before = members(school.organisation), teachers(school.organisation)  # type: ignore[attr-defined]
    _lose_many()
    return run(new_transfer(school))


def test_everything_that_was_to_go_waits_and_stays_whole(school: TestActivity, held: Transfer) -> None:
    assert held.state == TransferState.NEEDS_REVIEW
    assert {job.kind: job.wanted for job in review.waiting(held)} == {
        "activities": 1,
        "groups": 1,
        "duties": 2,
        "persons": 32,
    }
    (persons,) = (job for job in review.waiting(held) if job.kind == "persons")
    assert "32 av 43" in persons.message
    assert all("samma beslut" in job.message for job in review.waiting(held) if job != persons)
    assert (members(held.organisation), teachers(held.organisation)) == school.before  # type: ignore[attr-defined]
    plan = new_plan(held)
    assert [plan.counts[kind]["new"] + plan.counts[kind]["changed"] for kind in ("groups", "activities")] == [0, 0]


def test_sending_a_classmate_takes_nobody_out(school: TestActivity, held: Transfer) -> None:
    classmate = _pupils()[-1]
    Person.objects.filter(pk=classmate.pk).update(given_name="Ny")
    alone = send_person(held.organisation, None, classmate, anyway=True)
    run(alone)
    assert counts(alone, "groups")["success"] == 2
    assert members(held.organisation) == school.before[0]  # type: ignore[attr-defined]


def test_what_is_approved_goes_and_nothing_is_left_to_do(held: Transfer) -> None:
    send.approve_removal(held, None)
    run(held)
    assert held.state == TransferState.DONE
    gone = {one.pk for one in _pupils()[:30]}
    assert all(gone.isdisjoint(ids) for ids in members(held.organisation).values())
    left = new_plan(held).counts
    assert not any(left[kind]["new"] + left[kind]["removed"] for kind in KINDS)
    # Whether an activity loses the duties that are removed is not written anywhere.
    assert {kind: left[kind]["changed"] for kind in KINDS if left[kind]["changed"]} == {"activities": 1}
    assert left["activities"]["again"] == 1


def test_what_is_refused_stays_whole_in_later_transfers_too(school: TestActivity, held: Transfer) -> None:
    review.refuse(held, None)
    Person.objects.filter(pk=_pupils()[-1].pk).update(given_name="Ny")
    later = run(new_transfer(school))
    assert later.state == TransferState.DONE
    assert counts(later, "persons") == {"wanted": 11, "unchanged": 10, "sent": 1, "success": 1}
    assert (members(held.organisation), teachers(held.organisation)) == school.before  # type: ignore[attr-defined]


def test_who_only_changes_group_leaves_the_old_one(school: TestActivity) -> None:
    moved = _pupils()[0]
    moved.memberships.filter(group__name="Ma6B").delete()
    run(new_transfer(school))
    assert moved.pk not in members(school.organisation)[Group.objects.get(name="Ma6B").pk]


def test_an_undone_removal_puts_pupils_and_teachers_back_where_they_were(school: TestActivity, settings: Any) -> None:
    settings.REMOVAL_COUNT = 1000
    before = members(school.organisation), teachers(school.organisation)
    _lose_many()
    removal = run(new_transfer(school))
    assert removal.state == TransferState.DONE
    back = run(send.undo_removal(removal, None))
    assert (back.purpose, back.state) == (Purpose.RESTORE, TransferState.DONE)
    assert (members(school.organisation), teachers(school.organisation)) == before
    later = run(new_transfer(school))
    assert (members(school.organisation), teachers(school.organisation)) == before
    assert not any(counts(later, kind).get("sent") for kind in KINDS)
    assert not Accepted.objects.filter(
        kept_at=None, kind="groups", object_id=Group.objects.get(name="Ma6B").pk
    ).exists()
