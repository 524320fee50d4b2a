"""Whether a plan still tells the truth: what has changed since it was worked out."""

from typing import Any

from django.db.models import Count, Q

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import STORED_STATES, Import
from provsluss.transfers.models import Accepted, Action, Plan, SyncJob, TestActivity, Transfer
from provsluss.transfers.pipeline.batch_size import largest_call
from provsluss.transfers.removal.guard import limits

RESTS_ON = "rests_on"
"""What stands among a plan's counts, beside the kinds: what `rests_on` said when it was worked out."""
_OTHERWISE = {
    "limits": "Skyddsgränsen har ändrats.",
    "kept": "Det som behålls hos Skolverket har ändrats.",
    "largest_call": "Så stora som anropen får vara har ändrats.",
    "protection": "Vad som är bekräftat om skyddade personuppgifter har ändrats.",
}
"""What is said when this part of `rests_on` is another one by now."""


def rests_on(organisation: Organisation, environment: str) -> dict[str, Any]:
    """The numbers that a plan is worked out with and that nobody dates. As JSON. Needs the organisation's scope."""
    kept = Accepted.objects.filter(organisation=organisation, environment=environment).exclude(kept_at=None).order_by()
    return {
        "limits": {kind: [limit.percent, limit.count] for kind, limit in limits(organisation).items()},
        "kept": dict(kept.values_list("kind").annotate(number=Count("pk"))),
        "largest_call": largest_call(environment),
        "protection": [str(what) for what in missing_preparations(organisation)],
    }


def what_has_changed(plan: Plan) -> list[str]:
    """Swedish sentences about what makes the plan old; none while it still holds. Needs the organisation's scope.

    A transfer that came of the plan itself is not among them: it is what the plan is compared with.
    """
    since, organisation = plan.created_at, plan.organisation
    found = []
    if organisation.environment != plan.environment:
        found.append(f"Den gäller en annan miljö: {plan.get_environment_display()}.")
    if plan.is_elsewhere:
        found.append(f"Den gäller en annan adress: {plan.address}.")
    if Import.objects.filter(state__in=STORED_STATES, finished_at__gt=since).exists():
        found.append("Registret har lästs in på nytt.")
    if TestActivity.objects.filter(changed_at__gt=since).exists():
        found.append("En provaktivitet har ändrats.")
    if _has_another_been_run(plan):
        found.append("En annan överföring har körts.")
    before, now = plan.counts.get(RESTS_ON, {}), rests_on(organisation, plan.environment)
    found += [said for what, said in _OTHERWISE.items() if what in before and before[what] != now[what]]
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
