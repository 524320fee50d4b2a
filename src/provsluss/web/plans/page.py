"""One preview: how it is worked out, what it says, and its list of objects."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import Plan, PlannedObject, PlanState, TestActivity, TestActivityState, Transfer
from provsluss.transfers.plan.staleness import what_has_changed
from provsluss.transfers.plan.store import PROGRESS
from provsluss.transfers.removal.guard import limits
from provsluss.web.frame.protected import NEUTRAL_NAME
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import search_page
from provsluss.web.frame.worker_sign import moves, worker_is_alive
from provsluss.web.plans.list import FILTERS, PlannedObjects, list_choice
from provsluss.web.plans.units import unit_names, unit_table
from provsluss.web.test_activities.before_sending import before_sending
from provsluss.web.test_activities.head import frame_of
from provsluss.web.test_activities.latest_transfer import ongoing_transfer
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.plan import FILTERS as WHAT_TO_SHOW
from provsluss.wording.plan import (
    NOTHING_IS_WORKED_OUT,
    everything_notice,
    fate_look,
    plan_notice,
    review_sentences,
    sums_of,
)

MOST_EARLIER = 30
"""So many kept previews are listed."""


@search_page("sok", FILTERS, anchor="#lista", only_names=True)
def plan(request: Request, pk: int) -> HttpResponse:
    """The page, whatever state the plan is in. POST is the filter form."""
    found = get_object_or_404(Plan.objects.select_related("created_by", "organisation"), pk=pk)
    context = context_of(request, found)
    chosen = context["test_activities"]
    if len(chosen) == 1:
        context |= frame_of(request, chosen[0]) | {"tab": "preview"}
        context |= earlier_plans(found.environment, chosen[0])
    else:
        context |= before_sending(found.organisation, chosen)
        context |= earlier_plans(found.environment)
    return render(request, "plans/plan.html", context)


@require_safe
@never_cache
def progress(request: Request, pk: int) -> HttpResponse:
    """The moving part, asked for every second; when the plan is ready, the whole page is read anew."""
    found = get_object_or_404(Plan, pk=pk)
    if found.state != PlanState.WORKING:
        return HttpResponseClientRefresh()
    return render(request, "plans/_progress.html", {"plan": found} | _progress(found))


def context_of(request: Request, plan: Plan) -> dict[str, Any]:
    """Everything that plans/plan.html shows of `plan`."""
    chosen = list(plan.test_activities.order_by("name"))
    context: dict[str, Any] = {
        "plan": plan,
        "test_activities": chosen,
        "parent": "test_activities/_one.html" if len(chosen) == 1 else "plans/_all.html",
        "transfer": plan.transfers.order_by("-pk").first(),
    }
    if plan.state == PlanState.WORKING:
        return context | _progress(plan)
    if plan.state != PlanState.READY:
        return context
    limit_of, table = limits(plan.organisation), unit_table(plan, request.reader)
    aged = what_has_changed(plan)
    return (
        context
        | _list(request, plan)
        | {
            "notice": everything_notice(plan) if plan.everything else plan_notice(plan, is_aged=bool(aged)),
            "sums": sums_of(plan.counts),
            "kinds": [_card(kind, plan.counts.get(kind, {})) for kind in KINDS],
            "reviews": review_sentences(plan.counts, limit_of),
            "units": table.rows,
            "neutral_unit": table.neutral,
            "aged": aged,
            "can_send": not (hindrance := _hindrance(plan, chosen)),
            "hindrance": hindrance,
        }
    )


def earlier_plans(environment: str, test_activity: TestActivity | None = None) -> dict[str, Any]:
    """The newest kept previews, of `test_activity` alone or among others, or all; and whether any of them moves."""
    plans = Plan.objects.filter(environment=environment).select_related("created_by")
    if test_activity is not None:
        plans = plans.filter(test_activities=test_activity)
    followed_by = Prefetch("transfers", queryset=Transfer.objects.order_by("-pk"), to_attr="followed_by")
    earlier: list[Any] = list(plans.prefetch_related("test_activities", followed_by)[:MOST_EARLIER])
    is_worked_out = any(plan.state == PlanState.WORKING for plan in earlier)
    return {
        "earlier": earlier,
        "earlier_moves": is_worked_out or any(moves(one) for plan in earlier for one in plan.followed_by[:1]),
        "nobody_works": is_worked_out and not worker_is_alive(),
    }


def _card(kind: str, counts: dict[str, int]) -> tuple[str, str, dict[str, int], int]:
    """(kind, its name, its counts, how many have changed indeed)."""
    return kind, KIND_NAMES[kind], counts, counts.get("changed", 0) - counts.get("again", 0)


def _hindrance(plan: Plan, chosen: list[TestActivity]) -> str:
    """Why a press would be of no use: another place, nothing active to send, or it is being sent; else empty."""
    if plan.environment != plan.organisation.environment:
        return "den gäller en annan miljö"
    if plan.is_elsewhere:
        return "den gäller en adress som miljön inte har längre"
    if not chosen:
        return "provaktiviteterna finns inte längre"
    if resting := next((one for one in chosen if one.state != TestActivityState.ACTIVE), None):
        return f"{resting.name} är inte aktiv"
    if ongoing := next((found for one in chosen if (found := ongoing_transfer(one, plan.environment))), None):
        return f"överföring {ongoing.pk} är inte klar än"
    return ""


def _progress(plan: Plan) -> dict[str, Any]:
    done, total = plan.counts.get(PROGRESS, (0, 0))
    return {
        "per_cent": min(100, 100 * done // max(1, total)),
        "silent": None if worker_is_alive() else NOTHING_IS_WORKED_OUT,
    }


def _list(request: Request, plan: Plan) -> dict[str, Any]:
    choice = list_choice(request)
    objects = PlannedObjects(plan, choice, request.reader)
    page: Page[PlannedObject] = Paginator(objects, choice.page_size).get_page(choice.page)
    found = list(page.object_list)
    names = unit_names(plan, {row.school_unit_code for row in found})
    return {
        "choice": choice,
        "page": page,
        "rows": [
            {
                "planned": row,
                "look": fate_look(row),
                "hidden": row.restricted and not request.reader.sees_protected,
                "kind_name": KIND_NAMES[row.kind],
                "unit": names.get(row.school_unit_code, row.school_unit_code),
            }
            for row in found
        ],
        "neutral_name": NEUTRAL_NAME,
        "fates": list(WHAT_TO_SHOW.items()),
        "query": request.GET.urlencode(),
    }
