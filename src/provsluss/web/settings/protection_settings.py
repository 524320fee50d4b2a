"""Inställningar: that the huvudman is ready to send protected personal data (rules.md P19)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from provsluss.organisations.models import Organisation, Preparation
from provsluss.organisations.protection import decide, missing_preparations
from provsluss.web.frame.request import Request


@require_POST
def confirm_protection(request: Request) -> HttpResponse:
    """The ticks: those in `bekraftat` are confirmed, the others are not. Who said so first, and when, is kept."""
    organisation: Organisation = request.organisation
    ticked = request.POST.getlist("bekraftat")
    with transaction.atomic():
        for what in Preparation:
            decide(organisation, what, what.value in ticked, request.user)
    if missing_preparations(organisation):
        messages.success(
            request, "Sparat. Personer med skyddade personuppgifter skickas inte förrän alla tre är gjorda."
        )
    else:
        messages.success(request, "Sparat. Nu kan personer med skyddade personuppgifter skickas.")
    return redirect("settings")
