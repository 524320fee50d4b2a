"""The button Förhandsgranska: have it worked out what a press of the other button would do."""

from collections.abc import Iterable

from django.db import transaction

from provsluss.organisations import locks
from provsluss.organisations.models import Organisation, User
from provsluss.outbox.models import Task
from provsluss.outbox.orders import order
from provsluss.transfers.models import Plan, PlanState, TestActivity, TestActivityState, at_todays_addresses


class CannotPreview(Exception):
    """Why nothing is worked out: a Swedish sentence for the one who pressed."""


def ask_for_plan(
    organisation: Organisation,
    user: User | None,
    test_activities: Iterable[TestActivity] | None = None,
    everything: bool = False,
) -> Plan:
    """Let a worker work out what sending `test_activities` (None: all active) would do. Needs the organisation's scope.

    The same question while the first is being worked out gives the same plan. Raises CannotPreview when there is
    nothing to send.
    """
    if test_activities is None:
        chosen = list(TestActivity.objects.filter(state=TestActivityState.ACTIVE))
    else:
        chosen = list(test_activities)
    if not chosen:
        raise CannotPreview("Det finns ingen aktiv provaktivitet. Läs in en fil eller skapa en provaktivitet.")
    with transaction.atomic():
        locks.take_turn(locks.Purpose.PRESS, organisation.pk)
        if plan := _being_worked_out(organisation, chosen, everything):
            return plan
        plan = Plan.objects.create(
            organisation=organisation, environment=organisation.environment, everything=everything, created_by=user
        )
        plan.test_activities.set(chosen)
        order(Task.PLAN, plan)
    return plan


def _being_worked_out(organisation: Organisation, chosen: list[TestActivity], everything: bool) -> Plan | None:
    wanted = {activity.pk for activity in chosen}
    working = Plan.objects.filter(
        at_todays_addresses(), environment=organisation.environment, everything=everything, state=PlanState.WORKING
    ).prefetch_related("test_activities")
    return next((plan for plan in working if {one.pk for one in plan.test_activities.all()} == wanted), None)
