"""Inställningar: that the huvudman is ready to send protected personal data (rules.md P19)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from provsluss.organisations.decision_log import What, log_decision, yes_or_no
from provsluss.organisations.models import Organisation


@require_POST
def confirm_protection(request: HttpRequest) -> HttpResponse:
    """`bekraftat=ja`: everything is in place at Skolverket, as of today. Anything else takes the confirmation back.

    Who said so last, and when, is kept.
    """
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    confirmed = request.POST.get("bekraftat") == "ja"
    with transaction.atomic():
        before = Organisation.objects.select_for_update().get(pk=organisation.pk).protection_confirmed_on is not None
        Organisation.objects.filter(pk=organisation.pk).update(
            protection_confirmed_on=timezone.localdate() if confirmed else None,
            protection_decided_by=request.user,
            protection_decided_at=timezone.now(),
        )
        log_decision(
            What.PROTECTION,
            yes_or_no(before),
            yes_or_no(confirmed),
            by=request.user,  # type: ignore[arg-type]
            organisation=organisation,
        )
    if confirmed:
        messages.success(request, "Det är bekräftat att skyddade personuppgifter kan skickas.")
    else:
        messages.success(request, "Bekräftelsen är borttagen. Kontrollen påminner om det.")
    return redirect("settings")
