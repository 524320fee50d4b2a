"""Arkivera: what it means for what Skolverket has, before it is done."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import TestActivity
from provsluss.transfers.removal.archiving import taken_away_without
from provsluss.web.frame.request import Request
from provsluss.wording.counting import counted, listed
from provsluss.wording.kinds import ONE_AND_MANY


@require_safe
def archive(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Asks first; the form goes to the page that changes the state."""
    test_activity = get_object_or_404(TestActivity.objects.select_related("organisation"), pk=pk)
    taken = taken_away_without(test_activity)
    what = listed([counted(taken.counts[kind], *ONE_AND_MANY[kind]) for kind in KINDS if taken.counts[kind]])
    # Only a limit that what is archived helps to pass: the others stand wherever they are told of.
    passed = {kind: number for kind, number in taken.beyond.items() if taken.counts[kind]}
    context = {
        "test_activity": test_activity,
        "taken": taken,
        "what": what,
        "beyond": listed([counted(passed[kind], *ONE_AND_MANY[kind]) for kind in KINDS if kind in passed]),
        "with_others": any(number > taken.counts[kind] for kind, number in passed.items()),
    }
    return render(request, "test_activities/archive.html", context)
