"""Inställningar, Svarskoder: the codes in Skolverket's answers that no public text explains, counted."""

from collections.abc import Iterator

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.organisations.models import Organisation
from provsluss.rules.explanations import Explanation, explain
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import UnknownCode
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.wording.kinds import KIND_NAMES


@require_safe
def unknown_codes(request: Request) -> HttpResponse:
    """Those in answers to the organisation, the most frequent first, with what we believe that they mean."""
    organisation: Organisation = request.organisation
    return render(request, "settings/unknown_codes.html", {"rows": _rows(organisation)})


@require_safe
def export(request: Request) -> FileResponse:
    """The list as Excel."""
    columns = ["Kod", "Gäller", "Attribut", "Antal", "Skolverkets text", "Vår tolkning", "Först", "Senast"]
    rows: Iterator[list[Cell]] = (
        [
            code.code,
            kind,
            code.attribute,
            code.count,
            code.message,
            explanation.title,
            code.first_seen_at,
            code.last_seen_at,
        ]
        for code, kind, explanation in _rows(request.organisation)
    )
    return workbook_response(f"svarskoder {timezone.localdate():%Y-%m-%d}.xlsx", "Svarskoder", columns, rows)


def _rows(organisation: Organisation) -> list[tuple[UnknownCode, str, Explanation]]:
    """Each code, the kind of object as it is shown, and our explanation."""
    return [
        (code, KIND_NAMES.get(code.kind, code.kind), explain(code.code, code.message, code.attribute, kind=code.kind))
        for code in UnknownCode.objects.filter(organisation=organisation, environment=organisation.environment)
    ]
