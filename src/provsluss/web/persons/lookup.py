"""Fråga Skolverket: what it really has of a person and the duties, and whether the test platform has them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from provsluss.connection.clients import client_for
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.errors import ProvtjanstError
from provsluss.register.models import Duty, Person, Reveal
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.web.frame.protected import demand_visible
from provsluss.web.frame.questions import NoAnswer, ask
from provsluss.web.frame.request import Request
from provsluss.web.history.call_content import pretty, without_civic_numbers
from provsluss.wording.presence import marked_sentence


@dataclass(frozen=True, slots=True)
class Found:
    """What Skolverket has under one id. `content` is its own answer, with masked personnummer; empty for nothing.

    `is_missed`: it is not there, though Skolverket has accepted it.
    """

    kind: Kind
    object_id: uuid.UUID
    name: str
    is_there: bool
    in_test_platform: bool
    is_missed: bool
    content: str


@require_POST
@never_cache
def lookup(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask, and show the answer: a fragment for htmx, otherwise a page. That somebody looked is written down."""
    one = get_object_or_404(Person, pk=pk)
    demand_visible(one, request.reader)
    organisation: Organisation = request.organisation
    context: dict[str, Any] = {"person": one, "asked_at": timezone.now()}
    try:
        context["found"] = ask(lambda: _found(organisation, one))
        context["is_missed"] = any(found.is_missed for found in context["found"])
    except (ProvtjanstError, CertificateProblem, NoAnswer) as problem:
        context["problem"] = str(problem)
    else:
        if any(found.is_there for found in context["found"]):
            Reveal.objects.create(
                organisation=organisation,
                user=request.user,
                person_id=one.pk,
                what="svar från Skolverket",
            )
    is_fragment = bool(request.htmx)
    return render(request, f"register/{'_' * is_fragment}person_lookup.html", context)


@require_POST
@never_cache
def mark_missing(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Let what Skolverket no longer has of the person count as not sent. Skolverket is asked again first."""
    one = get_object_or_404(Person, pk=pk)
    demand_visible(one, request.reader)
    organisation: Organisation = request.organisation
    asked_at = timezone.now()
    try:
        missed = [found for found in ask(lambda: _found(organisation, one)) if found.is_missed]
    except (ProvtjanstError, CertificateProblem, NoAnswer) as problem:
        messages.warning(request, f"Skolverket gick inte att fråga. {problem}")
        return redirect("person", pk=one.pk)
    there = RemoteState(organisation, organisation.environment)
    with transaction.atomic():
        marked = sum(there.forget_missing(found.kind, [found.object_id], asked_at) for found in missed)
    messages.success(request, marked_sentence(marked))
    return redirect("person", pk=one.pk)


def _found(organisation: Organisation, person: Person) -> list[Found]:
    """One call for the person, and one for the duties where there are any. Raises as the client does."""
    found = _look_up(organisation, "persons", {person.pk: "Användare"})
    duties = {duty.pk: f"Tjänstgöring: {duty.duty_role}" for duty in Duty.objects.filter(person=person, ended_at=None)}
    return found + (_look_up(organisation, "duties", duties) if duties else [])


def _look_up(organisation: Organisation, kind: Kind, names: dict[uuid.UUID, str]) -> list[Found]:
    client = client_for(organisation, organisation.environment, urgent=True)
    accepted = RemoteState(organisation, organisation.environment).present(kind, names.keys())
    there = {as_uuid(str(one.get("id"))): one for one in client.lookup(kind, names)}
    return [
        Found(
            kind=kind,
            object_id=pk,
            name=name,
            is_there=pk in there,
            in_test_platform=bool(there.get(pk, {}).get("provisioningStatus")),
            is_missed=pk not in there and pk in accepted,
            content=pretty(without_civic_numbers(there[pk])) if pk in there else "",
        )
        for pk, name in names.items()
    ]
