"""One person: who, where, which groups, and everything that was sent about them."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.register.models import Duty, Group, Person, Reveal
from provsluss.transfers.models import ObjectResult
from provsluss.web.protected import is_restricted
from provsluss.web.transfer_words import KIND_NAMES

_RESULTS_SHOWN = 100


@require_safe
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The person's card. A neutral page where the user may not see who it is; 404 in another organisation."""
    one = get_object_or_404(Person, pk=pk)
    if is_restricted(one, request.user):
        return render(request, "register/person_restricted.html", status=403)
    duties = list(Duty.objects.filter(person=one, ended_at=None).order_by("school_unit_code", "duty_role"))
    enrolments = list(one.enrolments.all())
    codes = {duty.school_unit_code for duty in duties} | {place.school_unit_code for place in enrolments}
    groups = Group.objects.filter(ended_at=None)
    results = (
        ObjectResult.objects.filter(object_id__in=[one.pk, *(duty.pk for duty in duties)])
        .select_related("sync_job__transfer")
        .order_by("-sync_job__transfer__created_at", "sync_job__position")
    )
    return render(
        request,
        "register/person.html",
        {
            "person": one,
            "enrolments": enrolments,
            "duties": duties,
            "unit_names": {
                code: unit.name
                for code, unit in school_units(request.organisation.environment, codes).items()  # type: ignore[attr-defined]
            },
            "member_of": groups.filter(memberships__person=one),
            "teaches": groups.filter(assignments__duty__person=one, assignments__duty__ended_at=None).distinct(),
            "results": results[:_RESULTS_SHOWN],
            "kind_names": KIND_NAMES,
        },
    )


@require_POST
@never_cache
def reveal_civic_number(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole personnummer as a fragment, after noting who looked."""
    one = get_object_or_404(Person, pk=pk)
    if is_restricted(one, request.user):
        raise Http404
    Reveal.objects.create(
        organisation=request.organisation,  # type: ignore[attr-defined]
        user=request.user,  # type: ignore[misc]
        person_id=one.pk,
        what="personnummer",
    )
    return render(request, "register/civic_number.html", {"civic_number": one.civic_number})
