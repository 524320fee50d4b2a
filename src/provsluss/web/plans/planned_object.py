"""One object of a preview: what Skolverket has, what would be sent, or why nothing would."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provsluss.register.models import Person
from provsluss.rules.who import Who
from provsluss.transfers.models import PlannedObject
from provsluss.transfers.plan.rows import PERHAPS_THERE
from provsluss.web.frame.request import Request
from provsluss.web.plans.people import Names, ids_in, named, names_of
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.plan import fate_look

MOST_NAMED = 40
"""So many of a group's members are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One attribute before and after, for members also who has come and who has gone."""

    attribute: str
    before: str
    after: str
    joined: list[str]
    left: list[str]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """Why the object is held back or sent again, and who mends it where, if that is known.

    `said`: Skolverket's own words, where it is about a refusal.
    """

    sentence: str
    who: str
    where: str
    how: str
    said: str
    named: list[str]


@require_safe
@never_cache
def planned_object(request: Request, pk: int) -> HttpResponse:
    """The object: a fragment under its row for htmx, otherwise a page of its own that can be linked to.

    404 for a neutral row: beyond the row there is nothing.
    """
    row = get_object_or_404(PlannedObject.objects.select_related("plan"), pk=pk)
    if row.restricted and not request.reader.sees_protected:
        raise Http404
    names = names_of(ids_in(row), request.reader)
    context: dict[str, Any] = {
        "planned": row,
        "plan": row.plan,
        "look": fate_look(row),
        "kind_name": KIND_NAMES[row.kind],
        "changes": shown_changes(row, names),
        "findings": shown_findings(row, names),
        "perhaps": any(finding["code"] == PERHAPS_THERE for finding in row.findings),
        "in_register": row.kind == "persons" and Person.objects.filter(pk=row.object_id).exists(),
    }
    is_fragment = request.htmx and not request.htmx.boosted
    return render(request, "plans/_object.html" if is_fragment else "plans/object.html", context)


def shown_changes(row: PlannedObject, names: Names) -> list[ShownChange]:
    """What differs, ready to show."""
    return [
        ShownChange(
            attribute=change["attribute"],
            before=change["before"],
            after=change["after"],
            joined=named(change.get("joined", []), names, MOST_NAMED),
            left=named(change.get("left", []), names, MOST_NAMED),
        )
        for change in row.changes
    ]


def shown_findings(row: PlannedObject, names: Names) -> list[ShownFinding]:
    """What our rules and the plan say of the object, ready to show."""
    return [
        ShownFinding(
            sentence=str(finding.get("sentence") or ""),
            who=Who(finding["who"]).label if finding.get("who") else "",
            where=str(finding.get("where") or ""),
            how=str(finding.get("how") or ""),
            said=str(finding.get("said") or ""),
            named=named(finding.get("object_ids") or [], names, MOST_NAMED) if names else [],
        )
        for finding in row.findings
    ]
