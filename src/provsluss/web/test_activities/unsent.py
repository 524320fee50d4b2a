"""Aktivera alla: the archived provaktiviteter that the register has groups for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from provsluss.transfers.test_activities.unsent import activate_archived
from provsluss.web.frame.request import Request
from provsluss.wording.counting import counted


@require_POST
def activate(request: Request) -> HttpResponse:
    """Make them active and go to the list. A second press finds nothing left to do, and says nothing."""
    if activated := activate_archived():
        what = counted(len(activated), "provaktivitet är aktiv", "provaktiviteter är aktiva")
        messages.success(request, f"{what} igen och kommer med när du skickar alla.")
    return redirect("test_activities")
