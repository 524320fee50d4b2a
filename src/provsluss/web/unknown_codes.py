"""Inställningar, Svarskoder: the codes in Skolverket's answers that no public text explains, counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from provsluss.organisations.models import Organisation
from provsluss.rules.explanations import explain
from provsluss.transfers.models import UnknownCode
from provsluss.web.transfer_words import KIND_NAMES


@require_safe
def unknown_codes(request: HttpRequest) -> HttpResponse:
    """Those of the organisation's environment, the most frequent first, with what we believe that they mean."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    rows = [
        (code, KIND_NAMES.get(code.kind, code.kind), explain(code.code, code.message, code.attribute, kind=code.kind))
        for code in UnknownCode.objects.filter(environment=organisation.environment)
    ]
    return render(request, "settings/unknown_codes.html", {"rows": rows})
