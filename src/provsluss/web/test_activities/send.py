"""The button Skicka till Skolverket, and stopping and resuming what it started."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from provsluss.organisations.environments import Environment
from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.actions import send as sending
from provsluss.transfers.actions.send_again import run_again as press_run_again
from provsluss.transfers.models import Purpose, TestActivity, TestActivityState, Transfer
from provsluss.transfers.removal.obsolete import to_remove
from provsluss.transfers.test_activities.unsent import unsent_with_groups
from provsluss.web.frame.request import Request
from provsluss.web.test_activities.before_sending import before_sending
from provsluss.web.test_activities.head import frame_of
from provsluss.web.test_activities.latest_transfer import all_are_ongoing, ongoing_transfer
from provsluss.web.test_activities.pages import rows_of
from provsluss.wording.counting import counted, listed
from provsluss.wording.kinds import ONE_AND_MANY


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Start a transfer of one test activity. In Produktion the user is asked once more what goes where."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    organisation = request.organisation
    if request.method == "POST" and (ongoing := ongoing_transfer(test_activity, organisation.environment)):
        messages.info(
            request,
            f"Överföring {ongoing.pk} av {test_activity.name} är inte klar än, så ingen ny startades. "
            "Vänta tills den är klar eller avbryt den.",
        )
        return redirect("test_activity", pk=test_activity.pk)
    is_confirmed = request.POST.get("bekraftat") == "ja" or organisation.environment != Environment.PRODUCTION
    if request.method != "POST" or not is_confirmed:
        context = frame_of(request, test_activity) | {"removals": _removals(organisation)}
        return render(request, "test_activities/send.html", context)
    try:
        sending.press_send(organisation, request.user, [test_activity])
    except sending.CannotSend as reason:
        messages.warning(request, str(reason))
    return redirect("test_activity", pk=test_activity.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def send_all(request: Request) -> HttpResponse:
    """Ask which test activities go, and start one transfer of all active ones."""
    organisation = request.organisation
    if request.method != "POST":
        active = list(TestActivity.objects.filter(state=TestActivityState.ACTIVE).order_by("name"))
        context = before_sending(organisation, active) | {
            "rows": rows_of(active, organisation.environment),
            "unsent": unsent_with_groups(),
            "removals": _removals(organisation),
        }
        return render(request, "test_activities/send_all.html", context)
    if all_are_ongoing(organisation.environment):
        messages.info(request, "Alla aktiva provaktiviteter är redan på väg, så ingen ny överföring startades.")
        return redirect("history")
    try:
        sending.press_send(organisation, request.user)
    except sending.CannotSend as reason:
        messages.warning(request, str(reason))
    return redirect("history")


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Stop a transfer."""
    transfer = get_object_or_404(Transfer, pk=pk)
    if transfer.is_ended:
        messages.info(request, f"Överföring {transfer.pk} var redan avslutad, så det fanns inget att avbryta.")
        return _back(request, transfer)
    sending.cancel(transfer)
    has_sent = transfer.sync_jobs.filter(sent__gt=0).exists()
    stays = " Det som redan har tagits emot ligger kvar hos Skolverket." if has_sent else ""
    messages.info(request, f"Överföring {transfer.pk} avbryts.{stays}")
    return _back(request, transfer)


@require_POST
def resume(request: Request, pk: int) -> HttpResponse:
    """Go on with a stopped transfer. In Produktion the user is asked once more, as before sending."""
    transfer = get_object_or_404(Transfer, pk=pk)
    if transfer.environment == Environment.PRODUCTION and request.POST.get("bekraftat") != "ja":
        context = {
            "transfer": transfer,
            "test_activity_id": request.POST.get("provaktivitet", ""),
            "back": _back(request, transfer).url,
        }
        return render(request, "test_activities/resume.html", context)
    try:
        sending.resume(transfer)
    except sending.CannotSend as reason:
        messages.warning(request, str(reason))
    return _back(request, transfer)


@require_POST
def run_again(request: Request, pk: int) -> HttpResponse:
    """Send once more what failed in an ended transfer. In Produktion the user is asked first, as before sending."""
    transfer = get_object_or_404(Transfer.objects.select_related("organisation"), pk=pk)
    if transfer.environment == Environment.PRODUCTION and request.POST.get("bekraftat") != "ja":
        return render(request, "test_activities/run_again.html", {"transfer": transfer})
    try:
        started = press_run_again(transfer, request.user)
    except sending.CannotSend as reason:
        messages.warning(request, str(reason))
        return redirect("history")
    messages.success(
        request, f"Överföring {started.pk} är beställd. Bara det som inte kom fram, och det som har ändrats, skickas."
    )
    return redirect("history")


def _removals(organisation: Organisation) -> str:
    """What any transfer would remove besides, in words: it is not about the provaktivitet that is sent."""
    removals = to_remove(organisation, organisation.environment)
    return listed([counted(len(removals[kind]), *ONE_AND_MANY[kind]) for kind in KINDS if removals[kind]])


def _back(request: Request, transfer: Transfer) -> HttpResponseRedirect:
    """To the test activity or the person that the button stood on, otherwise to Historik."""
    if transfer.purpose == Purpose.ONE_PERSON and transfer.person_id:
        return HttpResponseRedirect(reverse("person", args=[transfer.person_id]))
    if asked := request.POST.get("provaktivitet"):
        test_activity = get_object_or_404(transfer.test_activities, pk=_uuid(asked))
        return HttpResponseRedirect(reverse("test_activity", args=[test_activity.pk]))
    return HttpResponseRedirect(reverse("history"))


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
