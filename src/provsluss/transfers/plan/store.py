"""A preview that is kept: worked out and stored by a worker, and one day forgotten."""

import logging
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from provsluss.transfers.models import Plan, PlannedObject, PlanState
from provsluss.transfers.plan.planning import Planning
from provsluss.transfers.plan.staleness import RESTS_ON, rests_on

log = logging.getLogger(__name__)

PROGRESS, UNITS, PROTECTED_UNCHANGED = "progress", "units", "protected_unchanged"
"""What else stands among a plan's counts, beside the kinds."""
PROGRESS_EVERY = 0.5
"""Seconds between two notes of how far it has come."""
BROKE = "Ett oväntat fel stoppade förhandsgranskningen. Inget har skickats. Försök igen."


def make_plan(plan_id: int) -> None:
    """Work out and store the plan. Safe to repeat: whatever an earlier try has left is taken away first."""
    with scopes_disabled():
        plan = Plan.objects.select_related("organisation").get(pk=plan_id)
    with scope(organisation=plan.organisation):
        if plan.state != PlanState.WORKING:
            return
        PlannedObject.objects.filter(plan=plan).delete()
        planning = Planning(plan.organisation, list(plan.test_activities.all()), plan.environment, plan.everything)
        rested_on = rests_on(plan.organisation, plan.environment)
        told = time.monotonic()
        for rows in planning.pieces():
            for row in rows:
                row.plan = plan
            # A worker that was taken for dead may be at the same plan: its rows are the same.
            PlannedObject.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
            if time.monotonic() - told > PROGRESS_EVERY:
                told = time.monotonic()
                _working(plan).update(counts={PROGRESS: [planning.done, planning.total]})
        _working(plan).update(
            state=PlanState.READY,
            counts=_counts(planning) | {RESTS_ON: rested_on},
            seconds=planning.seconds,
            ready_at=timezone.now(),
        )


def fail_plan(plan_id: int, message: str = BROKE) -> None:
    """Say in Swedish that the plan could not be worked out. Harmless when it has ended."""
    with scopes_disabled():
        _working(Plan(pk=plan_id)).update(state=PlanState.FAILED, message=message, ready_at=timezone.now())


def forget_old_plans() -> int:
    """Delete the plans that are older than settings.PAYLOAD_DAYS (design.md section 7). Returns how many."""
    limit = timezone.now() - timedelta(days=settings.PAYLOAD_DAYS)
    with scopes_disabled():
        old = list(Plan.objects.filter(created_at__lt=limit).values_list("pk", flat=True))
        for pk in old:
            PlannedObject._base_manager.filter(plan=pk).delete()
            Plan.objects.filter(pk=pk).delete()
    if old:
        log.info("forgot %s old previews", len(old))
    return len(old)


def _working(plan: Plan) -> Any:
    return Plan.objects.filter(pk=plan.pk, state=PlanState.WORKING)


def _counts(planning: Planning) -> dict[str, Any]:
    kinds: dict[str, Any] = {kind: asdict(one) for kind, one in planning.kinds.items()}
    return kinds | {
        UNITS: {code: dict(counts) for code, counts in planning.units.items()},
        PROTECTED_UNCHANGED: dict(planning.protected_unchanged),
    }
