"""What a plan says of each object, and what a transfer did with it, in the same words."""

import uuid

from provsluss.transfers.models import Action, ObjectResult, ObjectState, Plan, PlannedFate, PlannedObject, Transfer
from provsluss.transfers.plan.store import make_plan

Fates = dict[tuple[str, uuid.UUID], str]
"""(kind, object id) → sent, withheld or removed. Unchanged objects are not there."""


def new_plan(transfer_or_plan_of: Transfer, everything: bool = False) -> Plan:
    """A plan of the transfer's test activities, worked out in this process."""
    organisation = transfer_or_plan_of.organisation
    plan = Plan.objects.create(organisation=organisation, environment=organisation.environment, everything=everything)
    plan.test_activities.set(transfer_or_plan_of.test_activities.all())
    make_plan(plan.pk)
    plan.refresh_from_db()
    return plan


def planned_fates(plan: Plan) -> Fates:
    """What the plan says of each object that it names."""
    words = {PlannedFate.NEW: "sent", PlannedFate.CHANGED: "sent"}
    return {
        (row.kind, row.object_id): words.get(PlannedFate(row.fate), row.fate)
        for row in PlannedObject.objects.filter(plan=plan)
    }


def real_fates(transfer: Transfer) -> Fates:
    """What the transfer did. An unchanged group that lacks somebody has a row, but nothing was sent of it."""
    fates = {}
    for result in ObjectResult.objects.filter(sync_job__transfer=transfer).select_related("sync_job"):
        key = (result.sync_job.kind, result.object_id)
        if result.sync_job.action == Action.REMOVE:
            fates[key] = "removed"
        elif result.state == ObjectState.WITHHELD:
            fates[key] = "withheld"
        elif result.batch_id is not None:
            fates[key] = "sent"
    return fates
