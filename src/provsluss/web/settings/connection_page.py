"""Inställningar, Anslutning: the way to Skolverket, link by link, and what to do where it is broken."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provsluss.connection.certificate_checkup import check_certificate
from provsluss.connection.certificate_ends import certificate_end
from provsluss.connection.check import Check, Level, warning, wrong
from provsluss.connection.skolverket_checkup import check_skolverket
from provsluss.organisations.models import Organisation
from provsluss.transfers.remote.new_address import check_address
from provsluss.web.frame.questions import AllAreAsking, NoAnswer, ask
from provsluss.web.frame.request import Request
from provsluss.web.frame.states import Look, Tone

_LOOKS = {Level.OK: Look("ok", "ok"), Level.WARNING: Look("warning", "warn"), Level.ERROR: Look("error", "bad")}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as the page shows it."""

    tone: Tone
    icon: str
    level: str
    check: Check


@require_safe
@never_cache
def connection(request: Request) -> HttpResponse:
    """The page: what can be looked at here at once, the rest when the page asks for it."""
    return _page(request, outside=None)


@require_safe
@never_cache
def outside(request: Request) -> HttpResponse:
    """What lies outside: takes as long as Skolverket takes to answer, within limits. Without htmx as a whole page."""
    organisation: Organisation = request.organisation
    rows = _rows(_asked(organisation))
    if request.htmx:
        return render(request, "settings/_checks.html", {"rows": rows})
    return _page(request, outside=rows)


def _asked(organisation: Organisation) -> list[Check]:
    """The links as far as they have been walked in time, and a word about the one that nothing is known of."""
    found: list[Check] = []

    def walk() -> None:
        for check in check_skolverket(organisation, list(check_certificate(organisation))):
            found.append(check)  # noqa: PERF402 - what has come is shown although the next never does

    try:
        ask(walk)
    except AllAreAsking as problem:
        return [warning("Inte kontrollerat", str(problem))]
    except NoAnswer as problem:
        return [*found, wrong("Nästa led", str(problem), "Håller det i sig, se driftinformationen hos Skolverket.")]
    return found


def _page(request: Request, outside: list[CheckRow] | None) -> HttpResponse:
    organisation: Organisation = request.organisation
    return render(
        request,
        "settings/connection.html",
        {
            "rows": _rows([*check_certificate(organisation), *check_address(organisation)]),
            "outside": outside,
            "end": certificate_end(organisation),
        },
    )


def _rows(checks: Iterable[Check]) -> list[CheckRow]:
    return [
        CheckRow(_LOOKS[check.level].tone, _LOOKS[check.level].icon, check.level.value.capitalize(), check)
        for check in checks
    ]
