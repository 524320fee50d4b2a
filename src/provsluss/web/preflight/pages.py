"""Kontroll: what stands in the way before anything is sent, for the huvudman and for one provaktivitet."""

import uuid
from typing import Any

from django.http import FileResponse, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation
from provsluss.preflight.queries import (
    by_who,
    concerns_all,
    findings_of,
    has_looked_at_any,
    holds_back,
    lacks_the_list_of_tests,
    refused_by_kind,
    to_mend,
)
from provsluss.preflight.request import ask_for_control, fresh_control_status
from provsluss.preflight.status import ControlStatus, control_status
from provsluss.rules.who import Who
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.models import Control, ControlCause, TestActivity, TestActivityState
from provsluss.web.frame.protected import NEUTRAL_NAME
from provsluss.web.frame.request import Request
from provsluss.web.frame.swedish_order import swedish_order
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import worker_is_alive
from provsluss.web.preflight.board import board
from provsluss.web.preflight.export import control_workbook
from provsluss.web.preflight.rows import object_rows, rows_in_words
from provsluss.web.test_activities.head import frame_of
from provsluss.wording.days import days_in_words, days_to
from provsluss.wording.rejected_rows import of_no_unit, refused_in_words, rejected_rows_in_words

FILTERS = ("skolenhet", "provaktivitet", "visa")
SORTS: dict[str, tuple[str, ...]] = {"": ()}
FIRST = 20
"""How many objects a cause opens to before the page of its own."""


@require_safe
@never_cache
def control(request: Request) -> HttpResponse:
    """The page of the whole huvudman. A control that is no longer true is made anew by opening it."""
    organisation = _organisation(request)
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    chosen = _chosen(choice)
    context = _told(request, fresh_control_status(organisation), chosen, choice) | {
        "test_activities": TestActivity.objects.filter(state=TestActivityState.ACTIVE),
        "chosen": chosen,
        "back_to": request.get_full_path(),
    }
    return render(request, "preflight/control.html", context)


@require_safe
@never_cache
def control_tab(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The tab of one provaktivitet."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    choice = read_choice(request.GET, filters=("skolenhet", "visa"), sorts=SORTS)
    is_active = test_activity.state == TestActivityState.ACTIVE
    found = fresh_control_status(_organisation(request)) if is_active else ControlStatus(None, None, False)
    days = days_to(test_activity, timezone.localdate())
    context = frame_of(request, test_activity) | _told(request, found, test_activity, choice)
    context |= {"tab": "control", "when": days_in_words(days), "back_to": request.get_full_path()}
    return render(request, "preflight/test_activity.html", context)


@require_safe
@never_cache
def progress(request: Request) -> HttpResponse:
    """How far the control under way has come; 204 while that is what `sett` says, and a fresh page when it is over.

    Only this small part is asked for again and again, so that what the user has opened below stays open.
    """
    found = control_status(_organisation(request))
    if found.under_way is None:
        return HttpResponseClientRefresh()
    context = _under_way(found)
    if request.GET.get("sett") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "preflight/_under_way.html", context)


@require_POST
def renew(request: Request) -> HttpResponse:
    """ "Kontrollera igen". Back to the page that asked."""
    ask_for_control(_organisation(request))
    back = request.POST.get("tillbaka", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("control")


@require_safe
@never_cache
def cause(request: Request, pk: int) -> HttpResponse:
    """Whom a cause is about, a page at a time; the first of them as a fragment, for the list."""
    one = get_object_or_404(ControlCause.objects.select_related("control"), pk=pk)
    choice = read_choice(request.GET, filters=("skolenhet", "provaktivitet"), sorts=SORTS)
    found = _findings(request, one.control, _chosen(choice), choice["skolenhet"]).filter(cause=one)
    ordered = found.order_by(*swedish_order("follows", "restricted", "school_unit_code", "name", "pk"))
    is_fragment = bool(request.htmx)
    page = choice.page_of_ordered(ordered)
    shown = list(page.object_list)[:FIRST] if is_fragment else list(page.object_list)
    context = {
        "cause": one,
        "who": Who(one.who),
        "rows": object_rows(shown, one.control.environment, request.reader),
        "page": page,
        "more": page.paginator.count - len(shown),
        "neutral_name": NEUTRAL_NAME,
        "query": request.GET.urlencode(),
    }
    return render(request, "preflight/_objects.html" if is_fragment else "preflight/cause.html", context)


@require_safe
def export(request: Request) -> HttpResponse | FileResponse:
    """What one of those who mend has to do (`vem`; empty: everybody), as Excel without personnummer."""
    choice = read_choice(request.GET, filters=(*FILTERS, "vem"), sorts=SORTS)
    found = Control.objects.filter(environment=_organisation(request).environment, state="ready").first()
    if found is None:
        return redirect("control")
    findings = _findings(request, found, _chosen(choice), choice["skolenhet"])
    whos = {who.value: who for who in Who}
    if choice["vem"] in whos:
        findings = findings.filter(cause__who=choice["vem"])
    if choice["visa"] == "maste":
        findings = findings.filter(cause__urgent=True)
    return control_workbook(found, findings, whos.get(choice["vem"]))


def _told(
    request: Request, found_standing: ControlStatus, test_activity: TestActivity | None, choice: Choice
) -> dict[str, Any]:
    """What both pages show of a control: how it stands, the board, and what is to be mended by whom."""
    context: dict[str, Any] = {
        **_under_way(found_standing),
        "choice": choice,
        "is_filtered": choice.is_filtered,
    }
    found = found_standing.control
    if found is None or (test_activity is not None and found.place_of(test_activity.pk) is None):
        return context
    unit = choice["skolenhet"]
    told = (found, test_activity, unit, _protected_too(request, unit))
    findings = findings_of(*told)
    units = board(found, timezone.localdate(), test_activity, request.reader.sees_protected)
    shown = findings.filter(cause__urgent=True) if choice["visa"] == "maste" else findings
    on_board = [row for row in units if not unit or row.code == unit]
    return context | {
        "control": found,
        # What is counted is what the filter shows; only which parts a filter can be set to is always whole.
        "where": next((row.name for row in on_board), unit) if unit else "",
        "urgent": to_mend(*told),
        "holds_back": holds_back(*told),
        "refused": refused_in_words(refused_by_kind(findings)),
        "not_arrived": rejected_rows_in_words(),
        "concerns_all": concerns_all(findings_of(found, test_activity)),
        "tests_not_fetched": lacks_the_list_of_tests(findings_of(found, test_activity)),
        "rows_of_no_unit": of_no_unit(findings_of(found, test_activity)),
        "protected_apart": _protected_stand_apart(request, found, test_activity),
        "board": choice.page_of(on_board),
        "units": sorted(((row.code, row.name) for row in units), key=lambda one: one[1]),
        "whos": rows_in_words(by_who(shown)),
        "filters": _query({name: choice.filters.get(name, "") for name in FILTERS}, test_activity),
        "ready_units": sum(1 for row in on_board if row.tone == "ok"),
        "unit_count": len(on_board),
        "has_looked": has_looked_at_any(found, test_activity),
        "with_open_data": bool(found.ready_at) and _open_data_was_there(found),
    }


def _protected_stand_apart(request: Request, found: Control, test_activity: TestActivity | None) -> bool:
    """Whether there is something to mend of persons whom no school unit's number counts for this reader."""
    if request.reader.sees_protected:
        return False
    return findings_of(found, test_activity).filter(restricted=True, cause__urgent=True).exists()


def _open_data_was_there(found: Control) -> bool:
    """Whether Skolverket's open data had ever been fetched when the control was made."""
    fetched = Fetch.objects.filter(environment=found.environment, succeeded=True, finished_at__lt=found.ready_at)
    return fetched.exists()


def _under_way(found: ControlStatus) -> dict[str, Any]:
    """Whether a control is being made, how far it has come, and whether anybody makes it."""
    made, nobody_works = found.under_way, found.under_way is not None and not worker_is_alive()
    version = f"{made.pk}-{made.checked}-{made.wanted}-{'stilla' if nobody_works else 'gar'}" if made else ""
    return {"status": found, "nobody_works": nobody_works, "version": version}


def _query(filters: dict[str, str], test_activity: TestActivity | None) -> str:
    """The filters as a query, for what hangs on the list: files and the objects of a cause."""
    query = QueryDict(mutable=True)
    for name, value in filters.items():
        if value:
            query[name] = value
    if test_activity is not None:
        query["provaktivitet"] = str(test_activity.pk)
    return query.urlencode()


def _protected_too(request: Request, unit: str) -> bool:
    """Whether the user may be told of protected persons: a school unit's are nobody else's to find."""
    return not unit or request.reader.sees_protected


def _findings(request: Request, found: Control, test_activity: TestActivity | None, unit: str) -> Any:
    return findings_of(found, test_activity, unit, _protected_too(request, unit))


def _chosen(choice: Choice) -> TestActivity | None:
    text = as_uuid(choice.filters.get("provaktivitet", ""))
    return TestActivity.objects.filter(pk=text).first() if text else None


def _organisation(request: Request) -> Organisation:
    organisation: Organisation = request.organisation
    return organisation
