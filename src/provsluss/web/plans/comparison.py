"""A preview held against what happened: per kind, and the objects where they differ."""

from collections.abc import Iterator
from itertools import islice

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import Plan, Transfer
from provsluss.transfers.plan.comparison import Difference, compare, differences
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.worker_sign import moves
from provsluss.wording.kinds import KIND_NAMES

MOST_SHOWN = 500
"""So many differing objects the page shows; the Excel file has all."""


@require_safe
@never_cache
def outcome_page(request: Request, pk: int) -> HttpResponse:
    """Planned against what happened. 404 for a plan that nothing was sent from."""
    plan, transfer = _followed(pk)
    kinds = compare(plan, transfer)
    shown = list(islice(differences(plan, transfer), MOST_SHOWN))
    units = school_units(plan.environment, {one.school_unit_code for one in shown if one.school_unit_code})
    rows = [
        {
            "difference": one,
            "kind_name": KIND_NAMES[one.kind],
            "hidden": one.restricted and not request.reader.sees_protected,
            "unit": units[one.school_unit_code].name if one.school_unit_code in units else one.school_unit_code,
        }
        for one in shown
    ]
    total, to_review = sum(one.differences for one in kinds), sum(one.to_review for one in kinds)
    context = {
        "plan": plan,
        "transfer": transfer,
        "moves": moves(transfer),
        "kinds": [(KIND_NAMES[one.kind], one) for one in kinds],
        "total": total,
        "to_review": to_review,
        "otherwise": total - to_review,
        "rows": rows,
        "neutral_name": NEUTRAL_NAME,
    }
    return render(request, "plans/comparison.html", context)


@require_safe
@never_cache
def export(request: Request, pk: int) -> FileResponse:
    """The objects that did not go as planned, as Excel."""
    plan, transfer = _followed(pk)
    columns = ["Slag", "Namn", "Skolenhetskod", "Planerat och utfall", "Id"]
    taken = (one.object_id for one in differences(plan, transfer) if one.restricted)
    trace_protected(request.reader, f"namn i Excel, plan och utfall {plan.pk}", taken)
    found = _cells(differences(plan, transfer), request.reader)
    return workbook_response(f"plan och utfall {timezone.localdate():%Y-%m-%d}.xlsx", "Skillnader", columns, found)


def _cells(found: Iterator[Difference], reader: Reader) -> Iterator[list[Cell]]:
    for one in found:
        if one.restricted and not reader.sees_protected:
            yield [KIND_NAMES[one.kind], NEUTRAL_NAME, "", one.sentence]
        else:
            yield [KIND_NAMES[one.kind], one.name, one.school_unit_code, one.sentence, str(one.object_id)]


def _followed(pk: int) -> tuple[Plan, Transfer]:
    plan = get_object_or_404(Plan, pk=pk)
    transfer = plan.transfers.order_by("-pk").first()
    if transfer is None:
        raise Http404
    return plan, transfer
