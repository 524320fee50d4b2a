"""Whatever happens in the register and is decided: a plan tells which removals wait, and they leave all whole."""

import random
from collections.abc import Callable
from itertools import cycle

import pytest

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.actions import send
from provsluss.transfers.desired.selection import everything_wanted
from provsluss.transfers.models import Accepted, Action, Plan, Transfer, TransferState
from provsluss.transfers.remote.references import named_in
from provsluss.transfers.removal import guard, review
from tests.transfers.at_skolverket import Named, members, teachers
from tests.transfers.fates import new_plan, planned_fates, real_fates
from tests.transfers.running import new_transfer, run
from tests.transfers.test_a_plan_and_the_transfer_after_it import _large_enough, _unsettle

ROUNDS = 4


def _assert_as_planned(plan: Plan, transfer: Transfer) -> None:
    assert planned_fates(plan) == real_fates(transfer)
    waits = {job.kind for job in review.waiting(transfer)}
    assert waits == {kind for kind in KINDS if plan.counts[kind]["needs_review"]}
    removals = set(transfer.sync_jobs.filter(action=Action.REMOVE).values_list("kind", flat=True))
    assert not waits or waits == removals, "all of it waits, or nothing"
    assert (transfer.state == TransferState.NEEDS_REVIEW) is bool(waits)


def _assert_whole(organisation: Organisation, kind: str, before: Named, after: Named) -> None:
    """Whoever nobody wants and who is there all the same is where it was."""
    there = set(Accepted.objects.filter(kind=kind).values_list("object_id", flat=True))
    unwanted = there - everything_wanted(organisation).wanted_among(kind, there)  # type: ignore[arg-type]
    assert {i: ids & unwanted for i, ids in before.items() if i in after} == {
        i: after[i] & unwanted for i in before if i in after
    }


def _assert_known(kind: str, there: Named) -> None:
    """What we think that Skolverket has is what it has."""
    rows = Accepted.objects.filter(kind=kind).exclude(payload_hash="")
    assert {one.object_id: named_in(kind, one.payload) for one in rows} == {  # type: ignore[arg-type]
        one.object_id: there[one.object_id] for one in rows
    }


@pytest.mark.parametrize("seed", [11, 12])
def test_what_waits_is_told_beforehand_and_nothing_of_it_is_lost(
    scoped: Organisation, skolverket: Callable[..., str], seed: int
) -> None:
    skolverket()
    activities = _large_enough(scoped)
    run(new_transfer(*activities))
    chance = random.Random(seed)
    decisions = cycle(chance.sample(["approve", "refuse", "leave"], 3))
    decided = set()
    for number in range(ROUNDS):
        _unsettle(scoped, chance, number)
        for kind in KINDS:
            guard.set_limit(scoped, kind, 0, chance.choice([0, 2, 1000]))
        before = members(scoped), teachers(scoped)
        transfer = new_transfer(*activities)
        plan = new_plan(transfer)
        run(transfer)
        _assert_as_planned(plan, transfer)
        _assert_whole(scoped, "persons", before[0], members(scoped))
        _assert_whole(scoped, "duties", before[1], teachers(scoped))
        if transfer.state == TransferState.NEEDS_REVIEW:
            decided.add(decision := next(decisions))
            if decision == "approve":
                send.approve_removal(transfer, None)
                run(transfer)
            elif decision == "refuse":
                review.refuse(transfer, None)
        _assert_known("groups", members(scoped))
        _assert_known("activities", teachers(scoped))
        after = new_plan(transfer)
        told = [after.counts[kind] for kind in KINDS]
        assert sum(one["new"] + one["changed"] - one["again"] for one in told) == 0
        if transfer.is_ended:
            assert sum(one["removed"] for one in told) == 0
    assert len(decided) > 1, "this seed shows too little"
