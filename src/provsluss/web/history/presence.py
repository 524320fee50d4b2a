"""Finns allt kvar: what Skolverket still has of all that it has accepted, and what to do about the rest."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provsluss.organisations.models import Organisation
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.errors import ProvtjanstError
from provsluss.transfers.models import Accepted
from provsluss.transfers.remote.read_back import mark_missing, verify
from provsluss.web.frame.questions import NoAnswer, ask
from provsluss.web.frame.request import Request
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.presence import marked_sentence, missing_sentence

MOST = 2_000
"""So many objects are asked for while somebody waits, some seconds at ten calls a second; more by the command."""
MARK = "mark"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def presence(request: Request) -> HttpResponse:
    """The page, with the answer once somebody has asked. With `mark`, what is missing counts as not sent."""
    organisation: Organisation = request.organisation
    accepted = Accepted.objects.filter(environment=organisation.environment, perhaps=False).count()
    context: dict[str, Any] = {"accepted": accepted, "is_too_much": accepted > MOST, "mark": MARK}
    if request.method == "POST" and 0 < accepted <= MOST:
        asked_at = timezone.now()
        try:
            found = ask(lambda: verify(organisation))
        except (ProvtjanstError, CertificateProblem, NoAnswer) as problem:
            return render(request, "history/presence.html", context | {"problem": str(problem)})
        if MARK in request.POST:
            messages.success(request, marked_sentence(mark_missing(organisation, found, asked_at)))
            return redirect("presence")
        context |= {
            "asked_at": asked_at,
            "rows": [(KIND_NAMES[kind], one, len(one.missing)) for kind, one in found.items()],
            "missing": missing_sentence(found),
        }
    return render(request, "history/presence.html", context)
