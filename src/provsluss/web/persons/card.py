"""One person's card: who, where from, which groups, what the rules say, and everything on the way to Skolverket."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.models import Organisation
from provsluss.preflight.one_object import findings_of_person
from provsluss.register.models import Group, Person, Reveal
from provsluss.register.sources.rows import called
from provsluss.ss12000.civic_number import without_civic_numbers
from provsluss.transfers.desired.person_facts import facts_of
from provsluss.transfers.models import TestActivity, TestActivityGroup, TestActivityState
from provsluss.web.frame.protected import demand_visible
from provsluss.web.frame.request import Request
from provsluss.web.persons.arrival import arrival_of
from provsluss.web.persons.refusal import refusal_of
from provsluss.web.persons.send import steps_of
from provsluss.web.persons.timeline import MOST_SHOWN, folded, timeline_of
from provsluss.wording.counting import first_and_rest


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of the person's, and the test activities that it takes part in, archived ones left out."""

    group: Group
    teaches: bool
    tests: list[TestActivity]


@require_safe
@never_cache
def person(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The person's card. 404 where the user may not see who it is, and in another organisation."""
    one = get_object_or_404(Person.objects.select_related("organisation", "changed_by__created_by"), pk=pk)
    demand_visible(one, request.reader)
    organisation: Organisation = request.organisation
    facts = facts_of(one)
    duties = sorted(facts.duties, key=lambda duty: (duty.school_unit_code, duty.duty_role))
    enrolments = facts.enrolments
    groups = _groups(one)
    arrival = arrival_of(organisation, facts)
    refusal = refusal_of(one, arrival.refused_in, request.reader) if arrival.refused_in else None
    events = timeline_of([one.pk, *(duty.pk for duty in facts.every_duty)], request.reader)
    context = {
        "person": one,
        "source": called(organisation, one.source),
        # Many sources use the personnummer as the id.
        "source_id": without_civic_numbers(one.source_id) if one.source_id != str(one.pk) else "",
        "enrolments": enrolments,
        "duties": duties,
        "groups": groups,
        "unit_names": _unit_names(organisation, [*enrolments, *duties, *(row.group for row in groups)]),
        "arrival": arrival,
        "refusal": refusal,
        "refusal_what": first_and_rest(refusal.what) if refusal else None,
        "findings": [(finding, *first_and_rest(finding.sentence)) for finding in findings_of_person(one, facts)],
        "events": folded(events),
        "is_cut": len(events) == MOST_SHOWN,
        "most_shown": MOST_SHOWN,
    }
    return render(request, "register/person.html", context | steps_of(request, one))


@require_POST
@never_cache
def reveal_civic_number(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The whole personnummer as a fragment, after noting who looked."""
    one = get_object_or_404(Person, pk=pk)
    demand_visible(one, request.reader)
    Reveal.objects.create(
        organisation=request.organisation,
        user=request.user,
        person_id=one.pk,
        what="personnummer",
    )
    return render(request, "register/civic_number.html", {"civic_number": one.civic_number})


def _groups(one: Person) -> list[GroupRow]:
    """The groups that the person is in and teaches, classes first."""
    current = Group.objects.filter(ended_at=None).order_by("group_type", "name")
    taught = current.filter(assignments__duty__person=one, assignments__duty__ended_at=None).distinct()
    groups = [(group, False) for group in current.filter(memberships__person=one)]
    groups += [(group, True) for group in taught]
    tests: dict[uuid.UUID, list[TestActivity]] = defaultdict(list)
    links = TestActivityGroup.objects.filter(group__in={group.pk for group, _ in groups})
    shown = links.exclude(test_activity__state=TestActivityState.ARCHIVED).order_by("test_activity__name")
    for link in shown.select_related("test_activity"):
        tests[link.group_id].append(link.test_activity)
    return [GroupRow(group, teaches, tests[group.pk]) for group, teaches in groups]


def _unit_names(organisation: Organisation, places: Iterable[object]) -> dict[str, str]:
    codes = {str(place.school_unit_code) for place in places}  # type: ignore[attr-defined]
    return {code: unit.name for code, unit in school_units(organisation.environment, codes).items()}
