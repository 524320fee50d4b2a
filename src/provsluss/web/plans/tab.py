"""Förhandsgranska: the tab of a provaktivitet, and the same for all active ones."""

import uuid

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from provsluss.transfers.actions.request_plan import CannotPreview, ask_for_plan
from provsluss.transfers.models import Plan, TestActivity, TestActivityState
from provsluss.web.frame.request import Request
from provsluss.web.plans.page import context_of, earlier_plans
from provsluss.web.test_activities.head import frame_of


@require_http_methods(["GET", "HEAD", "POST"])
def preview_tab(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The newest preview of one test activity. POST asks for another; with `allt=ja` as if nothing had been sent."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    if request.method == "POST":
        return _asked(request, [test_activity], "test_activity_preview", pk)
    environment = request.organisation.environment
    context = frame_of(request, test_activity) | earlier_plans(environment, test_activity) | {"tab": "preview"}
    if plan := _newest({test_activity.pk}, environment):
        return render(request, "plans/plan.html", context | context_of(request, plan))
    return render(request, "plans/none.html", context | {"parent": "test_activities/_one.html"})


@require_http_methods(["GET", "HEAD", "POST"])
def preview_all(request: Request) -> HttpResponse:
    """The newest preview of all active test activities. POST asks for another, as above."""
    if request.method == "POST":
        return _asked(request, None, "preview_all")
    environment = request.organisation.environment
    active = TestActivity.objects.filter(state=TestActivityState.ACTIVE)
    context = earlier_plans(environment) | {"active": active.count()}
    parent = {"parent": "plans/_all.html"}  # also where only one is active
    if plan := _newest(set(active.values_list("pk", flat=True)), environment):
        return render(request, "plans/plan.html", context | context_of(request, plan) | parent)
    return render(request, "plans/none.html", context | parent)


def _asked(request: Request, chosen: list[TestActivity] | None, back: str, *args: object) -> HttpResponse:

    organisation, everything = request.organisation, request.POST.get("allt") == "ja"
    try:
        plan = ask_for_plan(organisation, request.user, chosen, everything)
    except CannotPreview as reason:
        messages.warning(request, str(reason))
        return redirect(back, *args)
    return redirect("plan", plan.pk)


def _newest(test_activities: set[uuid.UUID], environment: str) -> Plan | None:
    """The newest ordinary plan of exactly these test activities."""
    # Every one of them (the inner count), and nobody else (the outer one).
    whole = Count("test_activities", distinct=True)
    among = Count("test_activities", filter=Q(test_activities__in=test_activities), distinct=True)
    plans = Plan.objects.filter(environment=environment, everything=False).annotate(whole=whole, among=among)
    exactly = plans.filter(whole=len(test_activities), among=len(test_activities))
    return exactly.order_by("-created_at", "-pk").first()  # counting has dropped the model's own order
