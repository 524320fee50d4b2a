"""Whether a plan still tells the truth: what has changed since it was worked out."""

from django.db.models import Q

from provsluss.catalogue.models import Fetch
from provsluss.register.models import Import, ImportState
from provsluss.transfers.models import Action, Plan, RemovalLimit, SyncJob, TestActivity, Transfer

_STORED = (ImportState.DONE, ImportState.DONE_WITH_ERRORS)


def what_has_changed(plan: Plan) -> list[str]:
    """Swedish sentences about what makes the plan old; none while it still holds. Needs the organisation's scope.

    A transfer that came of the plan itself is not among them: it is what the plan is compared with.
    """
    since, organisation = plan.created_at, plan.organisation
    found = []
    if organisation.environment != plan.environment:
        found.append(f"Den gäller en annan miljö: {plan.get_environment_display()}.")
    if Import.objects.filter(state__in=_STORED, finished_at__gt=since).exists():
        found.append("Registret har lästs in på nytt.")
    if TestActivity.objects.filter(changed_at__gt=since).exists():
        found.append("En provaktivitet har ändrats.")
    if _has_another_been_run(plan):
        found.append("En annan överföring har körts.")
    if RemovalLimit.objects.filter(changed_at__gt=since).exists():
        found.append("Skyddsgränsen har ändrats.")
    decided = SyncJob.objects.filter(transfer__environment=plan.environment, decided_at__gt=since)
    if decided.exclude(transfer__plan=plan).exists():
        found.append("Någon har beslutat om en borttagning hos Skolverket.")
    fetches = Fetch.objects.filter(environment=plan.environment, succeeded=True, started_at__gt=since)
    if fetches.filter(organisation_number__in=("", organisation.number)).exists():
        found.append("Skolverkets listor har hämtats på nytt.")
    return found


def _has_another_been_run(plan: Plan) -> bool:
    """Whether a transfer has sent or removed something since, be it under way still or waiting for a decision."""
    jobs = SyncJob.objects.filter(transfer__environment=plan.environment)
    jobs = jobs.filter(Q(sent__gt=0) | Q(action=Action.REMOVE, removed__gt=0))
    later = jobs.filter(Q(finished_at__gt=plan.created_at) | Q(finished_at=None))
    return Transfer.objects.filter(sync_jobs__in=later).exclude(plan=plan).exists()
