"""What makes a preview old: whatever it was worked out from may have changed since."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation
from provsluss.transfers.models import Accepted, CallSize, Plan, SyncJob, Transfer
from provsluss.transfers.pipeline.batch_size import FORGOTTEN_AFTER, learn_from_refusal
from provsluss.transfers.plan.staleness import RESTS_ON, rests_on, what_has_changed
from provsluss.transfers.removal.guard import forget_limit, set_limit
from provsluss.transfers.removal.review import release_kept

KEPT = uuid.UUID("00000000-0000-4000-8000-000000000001")
ANOTHER = ["En annan överföring har körts."]


@pytest.fixture
def plan(organisation: Organisation) -> Iterator[Plan]:
    with scope(organisation=organisation):
        set_limit(organisation, "persons", 5, 20)
        CallSize.objects.create(environment=organisation.environment, max_bytes=50_000)
        _keep(organisation)
        counts = {RESTS_ON: rests_on(organisation, organisation.environment)}
        yield Plan.objects.create(
            organisation=organisation, environment=organisation.environment, state="ready", counts=counts
        )


def _keep(organisation: Organisation) -> None:
    Accepted.objects.create(
        organisation=organisation, environment=organisation.environment, kind="persons", payload="{}",
        object_id=KEPT, kept_at=timezone.now(),
    )  # fmt: skip


def _transfer(plan: Plan, state: str, own: bool = False, **job: object) -> SyncJob:
    transfer = Transfer.objects.create(
        organisation=plan.organisation, environment=plan.environment, state=state, plan=plan if own else None
    )
    return SyncJob.objects.create(
        organisation=plan.organisation, transfer=transfer, kind="persons", position=0, state=state, **job
    )


def test_a_new_one_holds(plan: Plan) -> None:
    assert what_has_changed(plan) == []


@pytest.mark.parametrize("state", ["running", "retrying", "needs_review", "done", "cancelled"])
def test_whatever_has_been_sent_since_makes_it_old(plan: Plan, state: str) -> None:
    ended = timezone.now() if state in ("done", "cancelled") else None
    _transfer(plan, state, sent=1, finished_at=ended)
    assert what_has_changed(plan) == ANOTHER


def test_so_does_what_has_been_removed(plan: Plan) -> None:
    _transfer(plan, "done", action="remove", removed=1, finished_at=timezone.now())
    assert what_has_changed(plan) == ANOTHER


def test_what_ended_before_or_sent_nothing_or_came_of_it_does_not(plan: Plan) -> None:
    _transfer(plan, "done", sent=1, finished_at=plan.created_at - timedelta(minutes=1))
    _transfer(plan, "done", finished_at=timezone.now())
    _transfer(plan, "needs_review", own=True, sent=1)
    assert what_has_changed(plan) == []


def _change_limit(plan: Plan) -> None:
    set_limit(plan.organisation, "persons", 6, 20)


def _forget_limit(plan: Plan) -> None:
    forget_limit(plan.organisation, "persons")


def _release(plan: Plan) -> None:
    assert release_kept(plan.organisation, plan.environment, "persons", [KEPT]) == 1


def _forget_call_size(plan: Plan) -> None:
    CallSize.objects.update(learned_at=timezone.now() - FORGOTTEN_AFTER)


def _learn_call_size(plan: Plan) -> None:
    learn_from_refusal(plan.environment, 60_000)


def _decide(plan: Plan) -> None:
    _transfer(plan, "done", action="remove", decision="refused", decided_at=timezone.now())


def _fetch(plan: Plan) -> None:
    now = timezone.now()
    Fetch.objects.create(environment=plan.environment, started_at=now, finished_at=now, succeeded=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_change_limit, "Skyddsgränsen har ändrats."),
        (_forget_limit, "Skyddsgränsen har ändrats."),
        (_release, "Det som behålls hos Skolverket har ändrats."),
        (_forget_call_size, "Så stora som anropen får vara har ändrats."),
        (_learn_call_size, "Så stora som anropen får vara har ändrats."),
        (_decide, "Någon har beslutat om en borttagning hos Skolverket."),
        (_fetch, "Skolverkets listor har hämtats på nytt."),
    ],
)
def test_what_else_it_rests_on(plan: Plan, change: Callable[[Plan], None], said: str) -> None:
    change(plan)
    assert what_has_changed(plan) == [said]


def test_a_limit_that_is_set_back_changes_nothing(plan: Plan) -> None:
    _change_limit(plan)
    set_limit(plan.organisation, "persons", 5, 20)
    assert what_has_changed(plan) == []
