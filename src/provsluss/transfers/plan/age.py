"""Whether a plan still tells the truth: what has changed since it was worked out."""

from provsluss.register.models import Import, ImportState
from provsluss.transfers.models import ENDED_STATES, Plan, TestActivity, Transfer

_STORED = (ImportState.DONE, ImportState.DONE_WITH_ERRORS)


def what_has_changed(plan: Plan) -> list[str]:
    """Swedish sentences about what makes the plan old; none while it still holds. Needs the organisation's scope.

    A transfer that came of the plan itself is not among them: it is what the plan is compared with.
    """
    since = plan.created_at
    found = []
    if plan.organisation.environment != plan.environment:
        found.append(f"Den gäller en annan miljö: {plan.get_environment_display()}.")
    if Import.objects.filter(state__in=_STORED, finished_at__gt=since).exists():
        found.append("Registret har lästs in på nytt.")
    if TestActivity.objects.filter(changed_at__gt=since).exists():
        found.append("En provaktivitet har ändrats.")
    transfers = Transfer.objects.filter(environment=plan.environment, finished_at__gt=since, state__in=ENDED_STATES)
    if transfers.filter(sync_jobs__sent__gt=0).exclude(plan=plan).exists():
        found.append("En annan överföring har körts.")
    return found
