"""A removal beside imports, other transfers, decisions and undos: nothing is said to be there that is not."""

import time
from collections.abc import Callable

import pytest
from django.utils import timezone

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.register.models import Group, Membership, Person
from provsluss.transfers.actions import send
from provsluss.transfers.actions.send import CannotSend
from provsluss.transfers.models import (
    Accepted,
    Action,
    Batch,
    BatchState,
    ObjectResult,
    ObjectState,
    Purpose,
    SyncJob,
    TestActivity,
    TestActivityGroup,
    TestActivityState,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import advance
from provsluss.transfers.removal import review
from provsluss.transfers.removal.undo import undoable
from tests.transfers.prepared import prepare
from tests.transfers.running import counts, new_transfer, next_thing, run
from tests.transfers.small_school import make_group, make_pupil, make_school


def _end(*persons: Person) -> None:
    Person.objects.filter(pk__in=[person.pk for person in persons]).update(ended_at=timezone.now())


def _back(person: Person, **changes: object) -> None:
    Person.objects.filter(pk=person.pk).update(ended_at=None, **changes)


def _is_at_skolverket(person: Person) -> bool:
    return bool(client_for(person.organisation, "simulator").lookup("persons", [person.pk]))


@pytest.fixture
def school(scoped: Organisation, skolverket: Callable[..., str]) -> TestActivity:
    """A school that Skolverket has taken."""
    skolverket()
    activity = make_school(scoped)
    run(new_transfer(activity))
    return activity


@pytest.fixture
def leaver(school: TestActivity) -> Person:
    """A pupil who has left since."""
    pupil = Person.objects.filter(role="pupil").order_by("pk")[0]
    _end(pupil)
    return pupil


def test_who_comes_back_after_the_listing_is_not_removed(school: TestActivity, leaver: Person) -> None:
    transfer = new_transfer(school)
    advance.begin(transfer.pk, transfer.attempt)
    while not Batch.objects.filter(sync_job__action=Action.REMOVE, state=BatchState.PREPARED).exists():
        job = advance._job_to_work_on(transfer.pk, transfer.attempt)
        if job is None:
            advance.begin_removals(transfer.pk, transfer.attempt)
        else:
            next_thing(job, job.kind)  # type: ignore[arg-type]
    _back(leaver)  # an import, while Skolverket was closed for an hour, say

    run(transfer)

    assert transfer.state == TransferState.DONE
    assert counts(transfer, "persons", "remove") == {"wanted": 1, "unchanged": 1}
    assert _is_at_skolverket(leaver)


def test_who_comes_back_is_put_into_the_groups_again(school: TestActivity, leaver: Person) -> None:
    organisation = school.organisation
    other = TestActivity.objects.create(organisation=organisation, name="Svenska", national_test="GRGRSVE01_6")
    group = make_group(organisation, "Sv6X", Group.Type.TEACHING, [make_pupil(organisation, 500)])
    TestActivityGroup.objects.create(test_activity=other, group=group)
    run(new_transfer(other))  # only the other one is sent, and what nobody wants is removed
    assert not _is_at_skolverket(leaver)

    _back(leaver)
    run(new_transfer(school, other))

    assert str(leaver.pk) in _members_at_skolverket(school, leaver)


@pytest.fixture
def two_reviews(scoped: Organisation, skolverket: Callable[..., str]) -> tuple[Transfer, Transfer]:
    """Two transfers that list the same removal: the first was approved while the second ran, and has removed it."""
    skolverket()
    activity = make_school(scoped, pupils=40)
    run(new_transfer(activity))
    _end(*Person.objects.filter(role="pupil").order_by("pk")[:30])
    first, second = run(new_transfer(activity)), new_transfer(activity)
    review.approve(first, None)
    run(second)
    run(first)
    assert (first.state, second.state) == (TransferState.DONE, TransferState.NEEDS_REVIEW)
    return first, second


@pytest.mark.parametrize("approve", [True, False])
def test_what_another_transfer_has_removed_is_never_said_to_be_there(
    two_reviews: tuple[Transfer, Transfer], approve: bool
) -> None:
    _, second = two_reviews
    if approve:
        review.approve(second, None)
        run(second)
    else:
        review.refuse(second, None)
    assert second.state == TransferState.DONE
    results = ObjectResult.objects.filter(sync_job__transfer=second, sync_job__action=Action.REMOVE)
    assert set(results.values_list("state", flat=True)) == {ObjectState.REMOVED}
    assert counts(second, "persons", "remove")["removed"] == 30


def test_who_decides_while_a_newer_transfer_comes_is_heeded(
    two_reviews: tuple[Transfer, Transfer], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, waiting = two_reviews
    newer = new_transfer(TestActivity.objects.get())
    worst_state = review.worst_state

    def somebody_approves(states: set[str]) -> TransferState:
        monkeypatch.setattr(review, "worst_state", worst_state)
        review.approve(Transfer.objects.get(pk=waiting.pk), None)
        return worst_state(states)

    monkeypatch.setattr(review, "worst_state", somebody_approves)
    review.close_older_reviews(newer)
    waiting.refresh_from_db()
    assert waiting.state == TransferState.QUEUED
    assert not SyncJob.objects.filter(transfer=waiting, state=TransferState.DONE, action=Action.REMOVE).exists()


def test_an_undo_leaves_alone_what_has_been_sent_since(school: TestActivity, leaver: Person) -> None:
    prepare(school.organisation)
    removal = run(new_transfer(school))
    assert undoable(removal)
    _back(leaver, security_marking="Sekretessmarkering", family_name="Nytt")
    run(new_transfer(school))

    assert undoable(removal) is None
    with pytest.raises(CannotSend, match="inget kvar"):
        send.undo_removal(removal, None)
    run(_restoring(removal))
    (there,) = client_for(school.organisation, "simulator").lookup("persons", [leaver.pk])
    assert (there["familyName"], there["securityMarking"]) == ("Nytt", "Sekretessmarkering")


def test_an_undo_protects_who_is_protected_by_now(school: TestActivity, leaver: Person) -> None:
    prepare(school.organisation)
    removal = run(new_transfer(school))
    Person.objects.filter(pk=leaver.pk).update(security_marking="Sekretessmarkering")
    back = run(_restoring(removal))
    (there,) = client_for(school.organisation, "simulator").lookup("persons", [leaver.pk])
    assert there["securityMarking"] == "Sekretessmarkering"
    assert ObjectResult.objects.get(sync_job__transfer=back, object_id=leaver.pk).restricted


def test_after_an_undo_nothing_is_left_for_the_next_transfer(school: TestActivity, leaver: Person) -> None:
    removal = run(new_transfer(school))
    assert str(leaver.pk) not in _members_at_skolverket(school, leaver)
    _back(leaver)  # the import was wrong
    run(_restoring(removal))
    assert _is_at_skolverket(leaver)
    assert str(leaver.pk) in _members_at_skolverket(school, leaver)

    later = run(new_transfer(school))

    assert counts(later, "persons") == {"wanted": 7, "unchanged": 7}
    assert counts(later, "groups") == {"wanted": 2, "unchanged": 2}
    assert str(leaver.pk) in _members_at_skolverket(school, leaver)
    assert not Accepted.objects.exclude(kept_at=None).exists()


def test_an_undo_needs_no_old_results(school: TestActivity, leaver: Person) -> None:
    removal = run(new_transfer(school))
    ObjectResult.objects.filter(sync_job__transfer=removal).delete()  # purged on 1 July, eleven days after the removal
    back = run(_restoring(removal))
    assert counts(back, "persons") == {"wanted": 1, "sent": 1, "success": 1}
    assert _is_at_skolverket(leaver)
    assert ObjectResult.objects.get(sync_job__transfer=back, object_id=leaver.pk).name == leaver.full_name
    assert str(leaver.pk) in _members_at_skolverket(school, leaver)


@pytest.mark.parametrize("state", [BatchState.POSTED, BatchState.UNANSWERED])
def test_what_a_cancelled_transfer_got_through_is_removed_too(
    scoped: Organisation, skolverket: Callable[..., str], state: BatchState
) -> None:
    # The answer lacks some who are there all the same.
    skolverket("--delay", "0.1", "--transfer-rate", "0", "--partial-share", "1")
    cancelled = new_transfer(make_school(scoped))
    advance.begin(cancelled.pk, cancelled.attempt)
    while not Batch.objects.filter(state=state).exists():
        job = advance._job_to_work_on(cancelled.pk, cancelled.attempt)
        assert job
        next_thing(job, "persons")
    send.cancel(cancelled)
    TestActivity.objects.update(state=TestActivityState.ARCHIVED)
    time.sleep(0.5)
    persons = list(Person.objects.all())
    assert any(map(_is_at_skolverket, persons))

    run(send.press_send(scoped, None))

    assert not any(map(_is_at_skolverket, persons))


def _members_at_skolverket(school: TestActivity, pupil: Person) -> set[str]:
    """The members that Skolverket has in the pupil's teaching group."""
    ids = Membership.objects.filter(person=pupil, group__name="Ma6A").values_list("group_id", flat=True)
    (there,) = client_for(school.organisation, "simulator").lookup("groups", ids)
    return {member["person"]["id"] for member in there["groupMemberships"]}


def _restoring(removal: Transfer) -> Transfer:
    return Transfer.objects.create(
        organisation=removal.organisation, environment="simulator", purpose=Purpose.RESTORE, restores=removal
    )
