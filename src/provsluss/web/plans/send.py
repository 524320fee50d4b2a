"""Skicka till Skolverket from a preview that has been looked at; Skicka allt igen goes the same way."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from provsluss.organisations.environments import Environment
from provsluss.transfers.actions import send as sending
from provsluss.transfers.models import Plan, PlanState, Purpose
from provsluss.web.frame.request import Request
from provsluss.web.test_activities.before_sending import before_sending
from provsluss.web.test_activities.latest_transfer import ongoing_transfer
from provsluss.wording.plan import calls_and_time, sums_of


@require_POST
def send(request: Request, pk: int) -> HttpResponse:
    """Start a transfer of what was previewed. In Produktion the user is asked once more what goes where."""
    plan = get_object_or_404(Plan.objects.select_related("organisation"), pk=pk, state=PlanState.READY)
    chosen = list(plan.test_activities.order_by("name"))
    if plan.environment != plan.organisation.environment:
        messages.warning(request, "Förhandsgranskningen gäller en annan miljö. Gör en ny innan du skickar.")
        return redirect("plan", pk)
    if plan.is_elsewhere:
        messages.warning(request, "Förhandsgranskningen gäller en annan adress. Gör en ny innan du skickar.")
        return redirect("plan", pk)
    if ongoing := next((found for one in chosen if (found := ongoing_transfer(one, plan.environment))), None):
        messages.info(
            request,
            f"Överföring {ongoing.pk} är inte klar än, så ingen ny startades. "
            "Vänta tills den är klar eller avbryt den.",
        )
        return redirect("plan", pk)
    if plan.environment == Environment.PRODUCTION and request.POST.get("bekraftat") != "ja":
        context = {"plan": plan, "test_activities": chosen, "sums": sums_of(plan.counts), "takes": calls_and_time(plan)}
        return render(request, "plans/send.html", context | before_sending(plan.organisation, chosen))
    purpose = Purpose.SEND_EVERYTHING if plan.everything else Purpose.SEND
    try:
        sending.press_send(plan.organisation, request.user, chosen, purpose=purpose, plan=plan)
    except sending.CannotSend as reason:
        messages.warning(request, str(reason))
        return redirect("plan", pk)
    return redirect("test_activity", chosen[0].pk) if len(chosen) == 1 else redirect("history")
