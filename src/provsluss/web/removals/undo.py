"""Ångra borttagningen: what a transfer removed is sent back to Skolverket as it was."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.actions import send
from provsluss.transfers.models import Transfer
from provsluss.transfers.removal.undo import undoable
from provsluss.web.frame.request import Request
from provsluss.wording.counting import counted, listed
from provsluss.wording.kinds import ONE_AND_MANY


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Request, pk: int) -> HttpResponse:
    """Asks first, and says what will happen; POST starts the transfer that sends back."""
    transfer = get_object_or_404(Transfer.objects.select_related("organisation"), pk=pk)
    if request.method == "POST":
        try:
            back = send.undo_removal(transfer, request.user)
        except send.CannotSend as reason:
            messages.warning(request, str(reason))
        else:
            messages.success(request, f"Överföring {back.pk} är beställd. Den skickar tillbaka det som togs bort.")
        return redirect("history")
    left = undoable(transfer)
    counts = left.counts if left else {}
    what = listed([counted(counts[kind], *ONE_AND_MANY[kind]) for kind in KINDS if kind in counts])
    return render(request, "removals/undo.html", {"transfer": transfer, "left": left, "what": what})
