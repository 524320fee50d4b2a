"""What no provaktivitet wants any more is removed at Skolverket, activities first and persons last."""

import json
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Group, Membership, Person
from provsluss.transfers.actions import send
from provsluss.transfers.actions.send import CannotSend, press_send
from provsluss.transfers.models import (
    Accepted,
    Action,
    Decision,
    ObjectResult,
    ObjectState,
    Purpose,
    RemovedObject,
    TestActivity,
    TestActivityState,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import removals as removing
from provsluss.transfers.removal import guard, review
from provsluss.transfers.removal.obsolete import to_remove
from tests.transfers.at_skolverket import members
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.simulator_control import switch
from tests.transfers.small_school import make_group, make_school


def _archive(activity: TestActivity) -> None:
    TestActivity.objects.filter(pk=activity.pk).update(state=TestActivityState.ARCHIVED)


def _end(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(ended_at=timezone.now())


def _stored(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/stored", timeout=10) as answer:
        stored = json.load(answer)
    return {kind: len(objects) if isinstance(objects, list | dict) else objects for kind, objects in stored.items()}


def test_a_pupil_who_left_is_removed_and_nobody_else(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    gone = Person.objects.filter(role="pupil").first()
    assert gone is not None
    _end(gone)

    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons", "remove") == {"wanted": 1, "sent": 1, "removed": 1}
    assert not transfer.sync_jobs.filter(action=Action.REMOVE).exclude(kind="persons").exists()
    # The pupil leaves the groups by being removed, and not before.
    assert counts(transfer, "groups") == {"wanted": 2, "unchanged": 2}
    assert all(gone.pk not in ids for ids in members(scoped).values())
    assert counts(run(new_transfer(activity)), "groups") == {"wanted": 2, "unchanged": 2}
    client = client_for(scoped, "simulator")
    assert client.lookup("persons", [gone.pk]) == []
    assert not Accepted.objects.filter(object_id=gone.pk).exists()
    kept = RemovedObject.objects.get(object_id=gone.pk)
    assert json.loads(kept.payload)["familyName"] == gone.family_name
    (result,) = ObjectResult.objects.filter(sync_job__action=Action.REMOVE)
    assert (result.state, result.name, result.school_unit_code) == (ObjectState.REMOVED, gone.full_name, "90000011")


def test_an_archived_test_activity_is_taken_away_in_reverse_order(
    scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    _archive(activity)
    transfer = press_send(scoped, None)
    run(transfer)

    assert transfer.state == TransferState.DONE
    removals = list(transfer.sync_jobs.filter(action=Action.REMOVE).order_by("position"))
    assert [job.kind for job in removals] == ["activities", "groups", "duties", "persons"]
    assert [job.removed for job in removals] == [1, 2, 2, 7]
    for earlier, later in pairwise(removals):
        assert earlier.finished_at is not None
        assert later.started_at is not None
        assert earlier.finished_at <= later.started_at
    assert not Accepted.objects.exists()
    client = client_for(scoped, "simulator")
    for kind in ("persons", "duties", "groups", "activities"):
        ids = RemovedObject.objects.filter(kind=kind).values_list("object_id", flat=True)
        assert client.lookup(kind, ids) == []  # type: ignore[arg-type]


def test_what_a_paused_test_activity_wants_stays(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    TestActivity.objects.update(state=TestActivityState.PAUSED)
    assert not any(to_remove(scoped, "simulator").values())


def test_what_another_test_activity_shares_stays(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    first = make_school(scoped)
    group = Group.objects.get(name="Ma6A")
    second = sending_activity(scoped, group)
    run(new_transfer(first, second))
    _archive(first)
    assert {kind: len(ids) for kind, ids in to_remove(scoped, "simulator").items()} == {
        "persons": 0,
        "duties": 0,
        "groups": 0,
        "activities": 1,
    }


def test_removing_what_is_gone_already_is_fine(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    skolverket()  # another simulator, which has never heard of anything
    _archive(activity)
    transfer = press_send(scoped, None)
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons", "remove") == {"wanted": 7, "sent": 7, "removed": 7}


def test_an_ended_duty_and_a_dissolved_group_are_removed(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    extra = make_group(scoped, "Ma6B", Group.Type.TEACHING, list(Person.objects.filter(role="pupil")[:2]))
    activity.groups.add(extra)
    run(new_transfer(activity))
    Duty.objects.filter(duty_role="Lärare").update(ended_at=timezone.now())
    Group.objects.filter(pk=extra.pk).update(ended_at=timezone.now())

    transfer = run(new_transfer(activity))
    removed = {job.kind: job.removed for job in transfer.sync_jobs.filter(action=Action.REMOVE)}
    # The teacher has no other duty, so the person goes too.
    assert removed == {"activities": 1, "groups": 1, "duties": 1, "persons": 1}


@pytest.fixture
def many_left(scoped: Organisation, skolverket: Callable[..., str]) -> Transfer:
    """Forty pupils were sent, thirty of them have left, and the transfer after that has run."""
    skolverket()
    activity = make_school(scoped, pupils=40)
    run(new_transfer(activity))
    leaving = Person.objects.filter(role="pupil").values_list("pk", flat=True)[:30]
    Person.objects.filter(pk__in=list(leaving)).update(ended_at=timezone.now())
    return run(new_transfer(activity))


def test_a_removal_beyond_the_limit_waits_and_the_rest_flows(many_left: Transfer) -> None:
    assert many_left.state == TransferState.NEEDS_REVIEW
    assert counts(many_left, "groups") == {"wanted": 2, "unchanged": 2}
    assert {len(ids) for ids in members(many_left.organisation).values()} == {40}
    (job,) = review.waiting(many_left)
    assert (job.kind, job.wanted, job.sent, job.removed) == ("persons", 30, 0, 0)
    assert "30 av 42" in job.message
    assert job.results.filter(state=ObjectState.WAITING).count() == 30
    assert Accepted.objects.filter(kind="persons").count() == 42
    # Nothing more happens by itself.
    assert removing.begin_removals(many_left.pk, many_left.attempt) is False


def test_an_approved_removal_is_carried_out(many_left: Transfer, admin_user: object) -> None:
    send.approve_removal(many_left, admin_user)  # type: ignore[arg-type]
    assert many_left.state == TransferState.QUEUED
    run(many_left)
    assert many_left.state == TransferState.DONE
    job = many_left.sync_jobs.get(action=Action.REMOVE)
    assert (job.removed, job.decision, job.decided_by) == (30, Decision.APPROVED, admin_user)
    assert job.decided_at is not None
    assert Accepted.objects.filter(kind="persons").count() == 12
    with pytest.raises(review.AlreadyDecided):
        review.refuse(many_left, None)


def test_who_is_wanted_again_before_the_approval_stays(many_left: Transfer) -> None:
    back = Person.objects.exclude(ended_at=None).first()
    assert back is not None
    Person.objects.filter(pk=back.pk).update(ended_at=None)
    send.approve_removal(many_left, None)
    run(many_left)
    job = many_left.sync_jobs.get(action=Action.REMOVE)
    assert (job.removed, job.unchanged) == (29, 1)
    assert job.results.get(object_id=back.pk).state == ObjectState.UNCHANGED
    assert Accepted.objects.filter(object_id=back.pk).exists()


def test_a_refused_removal_is_kept_and_not_proposed_again(many_left: Transfer, admin_user: object) -> None:
    review.refuse(many_left, admin_user)  # type: ignore[arg-type]
    assert many_left.state == TransferState.DONE
    job = many_left.sync_jobs.get(action=Action.REMOVE)
    assert (job.decision, job.removed, job.unchanged) == (Decision.REFUSED, 0, 30)
    assert Accepted.objects.filter(kept_by=admin_user).count() == 30

    again = run(new_transfer(TestActivity.objects.get()))
    assert again.state == TransferState.DONE
    assert not again.sync_jobs.filter(action=Action.REMOVE).exists()

    ids = list(Accepted.objects.exclude(kept_at=None).values_list("object_id", flat=True)[:5])
    assert review.release_kept(many_left.organisation, "simulator", "persons", ids) == 5
    released = run(new_transfer(TestActivity.objects.get()))
    assert counts(released, "persons", "remove") == {"wanted": 5, "sent": 5, "removed": 5}


def test_what_was_kept_and_is_wanted_again_counts_as_usual(many_left: Transfer) -> None:
    review.refuse(many_left, None)
    Person.objects.update(ended_at=None)
    run(new_transfer(TestActivity.objects.get()))
    assert not Accepted.objects.exclude(kept_at=None).exists()


def test_a_newer_transfer_takes_over_an_undecided_removal(many_left: Transfer) -> None:
    newer = run(new_transfer(TestActivity.objects.get()))
    many_left.refresh_from_db()
    assert many_left.state == TransferState.DONE
    assert newer.state == TransferState.NEEDS_REVIEW
    assert str(newer.pk) in many_left.sync_jobs.get(action=Action.REMOVE).message


def test_a_cancelled_review_asks_again_when_it_is_resumed(many_left: Transfer) -> None:
    send.cancel(many_left)
    many_left.refresh_from_db()
    assert many_left.state == TransferState.CANCELLED
    send.resume(many_left)
    run(many_left)
    assert many_left.state == TransferState.NEEDS_REVIEW
    assert Accepted.objects.filter(kind="persons").count() == 42


def test_kinds_that_are_referred_to_wait_together(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    guard.set_limit(scoped, "activities", 0, 0)
    _archive(activity)
    transfer = press_send(scoped, None)
    run(transfer)
    assert transfer.state == TransferState.NEEDS_REVIEW
    assert [job.kind for job in review.waiting(transfer)] == ["activities", "groups", "duties", "persons"]
    send.approve_removal(transfer, None)
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert not Accepted.objects.exists()


def test_a_removal_is_undone_from_what_was_stored(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    before = {(row.kind, row.object_id): row.payload for row in Accepted.objects.all()}
    _archive(activity)
    removal = press_send(scoped, None)
    run(removal)

    back = send.undo_removal(removal, None)
    run(back)
    assert (back.purpose, back.state) == (Purpose.RESTORE, TransferState.DONE)
    assert {(row.kind, row.object_id): row.payload for row in Accepted.objects.all()} == before
    assert not Accepted.objects.filter(kept_at=None).exists()
    assert _stored(url)
    with pytest.raises(CannotSend, match="inget kvar"):
        send.undo_removal(removal, None)
    assert not any(to_remove(scoped, "simulator").values()), "what was brought back is kept"


def test_sending_everything_sends_what_is_unchanged_too(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    again = run(new_transfer(activity))
    assert counts(again, "persons") == {"wanted": 7, "unchanged": 7}
    everything = press_send(scoped, None, purpose=Purpose.SEND_EVERYTHING)
    run(everything)
    assert counts(everything, "persons") == {"wanted": 7, "sent": 7, "success": 7}


def test_a_removal_through_faults_ends_the_same(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    url = skolverket("--seed", "7")
    activity = make_school(scoped)
    run(new_transfer(activity))
    _archive(activity)
    switch(url, temporary_share=0.3, partial_share=0.3, drop_share=0.2)
    transfer = press_send(scoped, None)
    run(transfer)
    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons", "remove") == {"wanted": 7, "sent": 7, "removed": 7}
    assert not Accepted.objects.exists()


def test_the_limits(scoped: Organisation) -> None:
    limit = guard.limits(scoped)["persons"]
    assert (limit.percent, limit.count, limit.is_own) == (10, 20, False)
    assert not guard.is_beyond(limit, removed=20, accepted=20)
    assert not guard.is_beyond(limit, removed=21, accepted=210)
    assert guard.is_beyond(limit, removed=22, accepted=210)
    guard.set_limit(scoped, "persons", 50, 5)
    assert guard.limits(scoped)["persons"].is_own
    guard.forget_limit(scoped, "persons")
    assert not guard.limits(scoped)["persons"].is_own


def sending_activity(organisation: Organisation, group: Group) -> TestActivity:
    """Another test activity with the same group."""
    activity = TestActivity.objects.create(organisation=organisation, name="Svenska", national_test="GRGRSVE01_6")
    activity.groups.add(group)
    assert Membership.objects.filter(group=group).exists()
    activity.created_at = timezone.now() - timedelta(days=1)
    activity.save()
    return activity
