"""However a transfer ends that waited for a decision: each of its provaktiviteter keeps its own errors alone."""

import uuid

import pytest

from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.transfers.models import Outcome, SyncJob, TestActivity, TestActivityGroup, Transfer, TransferState
from provsluss.transfers.pipeline import advance
from provsluss.transfers.removal import review
from provsluss.web.start.last_transfers import last_transfers
from tests.transfers.running import new_transfer
from tests.transfers.small_school import make_group, make_pupil, make_school
from tests.transfers.test_each_has_its_own_outcome import _answered


@pytest.fixture
def waiting(scoped: Organisation) -> tuple[Transfer, TestActivity, TestActivity]:
    """A pupil of Matematik was refused, nothing of Biologi, and persons wait to be removed."""
    maths = make_school(scoped)
    group = make_group(scoped, "Bi9A", Group.Type.TEACHING, [make_pupil(scoped, 10)])
    biology = TestActivity.objects.create(organisation=scoped, name="Biologi", national_test="GRGRBIO01_9")
    TestActivityGroup.objects.create(test_activity=biology, group=group)
    transfer = new_transfer(maths, biology)
    _answered(transfer, {("persons", uuid.uuid5(scoped.id, "pupil 1")): "error"})
    SyncJob.objects.create(
        organisation=scoped, transfer=transfer, kind="persons", action="remove", position=7, state="needs_review"
    )
    advance.finish(transfer.pk, transfer.attempt)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.NEEDS_REVIEW
    return transfer, maths, biology


@pytest.mark.parametrize("how", ["refused", "superseded"])
def test_each_has_its_own_outcome(waiting: tuple[Transfer, TestActivity, TestActivity], how: str) -> None:
    transfer, maths, biology = waiting
    if how == "refused":
        review.refuse(transfer, None)
    else:
        review.close_older_reviews(new_transfer(maths, biology))
    transfer.refresh_from_db()
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    outcomes = Outcome.objects.filter(transfer=transfer).values_list("test_activity", "state", "error")
    assert set(outcomes) == {
        (maths.pk, TransferState.DONE_WITH_ERRORS, 1),
        (biology.pk, TransferState.DONE, 0),
    }


def test_each_has_its_own_outcome_while_the_decision_is_waited_for(
    waiting: tuple[Transfer, TestActivity, TestActivity],
) -> None:
    transfer, maths, biology = waiting
    outcomes = Outcome.objects.filter(transfer=transfer).values_list("test_activity", "error")
    assert set(outcomes) == {(maths.pk, 1), (biology.pk, 0)}
    SyncJob.objects.filter(transfer=transfer, kind="persons", action="send").update(error=1)
    (failed,) = [one for one in last_transfers(transfer.organisation) if "kräver granskning" not in one.title]
    assert "Matematik" in failed.text + failed.title
    assert "Biologi" not in failed.text + failed.title


def test_what_goes_on_has_none_until_it_has_gone_through_anew(
    waiting: tuple[Transfer, TestActivity, TestActivity],
) -> None:
    transfer, *_ = waiting
    review.approve(transfer, None)
    assert not Outcome.objects.filter(transfer=transfer).exists()
