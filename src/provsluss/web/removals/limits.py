"""Inställningar, Skyddsgräns: how much may be removed at Skolverket without anybody's decision."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.models import Accepted
from provsluss.transfers.removal.guard import Limit, forget_limit, latest_changes, limits, set_limit
from provsluss.web.frame.request import Request
from provsluss.wording.kinds import KIND_NAMES

_MOST = 1_000_000
_WHOLE = "Skriv ett heltal."


class LimitForm(forms.Form):
    """The limit of one kind. A field that is left empty is told of; nothing is guessed."""

    percent = forms.IntegerField(
        label="Procent",
        min_value=0,
        max_value=100,
        error_messages={
            "required": "Skriv en procentsats mellan 0 och 100.",
            "invalid": _WHOLE,
            "min_value": "Procentsatsen kan inte vara mindre än 0.",
            "max_value": "Procentsatsen kan inte vara större än 100.",
        },
    )
    count = forms.IntegerField(
        label="Antal",
        min_value=0,
        max_value=_MOST,
        error_messages={
            "required": "Skriv ett antal, till exempel 20.",
            "invalid": _WHOLE,
            "min_value": "Antalet kan inte vara mindre än 0.",
            "max_value": "Antalet kan inte vara större än en miljon.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def removal_limits(request: Request) -> HttpResponse:
    """The page. POST saves all limits, or takes one kind back to the standard (`aterstall`)."""
    organisation: Organisation = request.organisation
    if request.method == "POST" and (kind := _kind(request.POST.get("aterstall", ""))):
        forget_limit(organisation, kind, request.user)
        messages.success(request, f"Gränsen för {KIND_NAMES[kind].lower()} är standard igen.")
        return redirect("removal_limits")
    now = limits(organisation)
    rows = [_form(request, kind, now[kind]) for kind in KINDS]
    if request.method == "POST" and all(form.is_valid() for form in rows):
        for kind, form in zip(KINDS, rows, strict=True):
            wanted = (form.cleaned_data["percent"], form.cleaned_data["count"])
            if wanted == (settings.REMOVAL_PERCENT, settings.REMOVAL_COUNT):
                forget_limit(organisation, kind, request.user)
            elif wanted != (now[kind].percent, now[kind].count):
                set_limit(organisation, kind, *wanted, user=request.user)
        messages.success(request, "Skyddsgränserna är sparade.")
        return redirect("removal_limits")
    changes = latest_changes(organisation)
    there = {kind: Accepted.objects.filter(environment=organisation.environment, kind=kind).count() for kind in KINDS}
    return render(
        request,
        "settings/removal_limits.html",
        {
            "rows": [
                _row(kind, form, now[kind], there[kind]) | {"change": changes.get(kind)}
                for kind, form in zip(KINDS, rows, strict=True)
            ],
            "standard": Limit(settings.REMOVAL_PERCENT, settings.REMOVAL_COUNT),
        },
        status=422 if any(form.errors for form in rows) else 200,
    )


def _form(request: Request, kind: Kind, limit: Limit) -> LimitForm:
    initial = {"percent": limit.percent, "count": limit.count}
    return LimitForm(request.POST if request.method == "POST" else None, prefix=kind, initial=initial)


def _row(kind: Kind, form: LimitForm, limit: Limit, there: int) -> dict[str, Any]:
    """One kind with its form, and from how many on a removal would wait now."""
    first = max(limit.count, there * limit.percent // 100) + 1
    return {
        "kind": kind,
        "name": KIND_NAMES[kind],
        "form": form,
        "limit": limit,
        "there": there,
        "waits_from": first if first <= there else None,
    }


def _kind(text: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == text), None)
