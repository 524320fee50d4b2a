"""Inställningar, Skolenheter and Nationella prov: what Skolverket's open data says, and since when we know."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from provsluss.catalogue.lookup import national_tests, school_units, test_kind, test_title
from provsluss.catalogue.models import Fetch, NationalTest, SchoolUnit
from provsluss.catalogue.school_unit_status import school_unit_status
from provsluss.operations.catalogue import refresh_catalogue, school_unit_codes
from provsluss.organisations.models import Organisation
from provsluss.register.models import Group
from provsluss.spreadsheet import Cell
from provsluss.ss12000.code_lists import SCHOOL_TYPES
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.questions import AllAreAsking, NoAnswer, ask
from provsluss.web.frame.request import Request
from provsluss.web.persons.list import swedish


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One school unit of the list. `tone` and `icon` show how it stands with Skolverket."""

    code: str
    name: str
    tone: str
    icon: str
    says: str
    school_types: str
    groups: int


@require_safe
def catalogue(request: Request) -> HttpResponse:
    """The school units that the register names, worst first."""
    organisation: Organisation = request.organisation
    rows = _unit_rows(organisation)
    return render(
        request,
        "settings/catalogue.html",
        {"rows": rows, **_fetches(organisation), "wrong": sum(row.tone == "bad" for row in rows)},
    )


@require_safe
def national_tests_page(request: Request) -> HttpResponse:
    """The national tests and bedömningsstöd that a provaktivitet can be made of."""
    organisation: Organisation = request.organisation
    return render(request, "settings/national_tests.html", {"tests": _tests(organisation), **_fetches(organisation)})


@require_safe
def export_units(request: Request) -> FileResponse:
    """The school units as Excel."""
    columns = ["Skolenhet", "Kod", "Hos Skolverket", "Skolformer", "Grupper"]
    rows: Iterator[list[Cell]] = (
        [row.name, row.code, row.says, row.school_types, row.groups] for row in _unit_rows(request.organisation)
    )
    return workbook_response(f"skolenheter {timezone.localdate():%Y-%m-%d}.xlsx", "Skolenheter", columns, rows)


@require_safe
def export_tests(request: Request) -> FileResponse:
    """The national tests as Excel."""
    columns = ["Prov", "Namn hos Skolverket", "Slag", "Skolform", "Årskurs", "Läge"]
    rows: Iterator[list[Cell]] = (
        [
            title,
            test.name,
            kind,
            SCHOOL_TYPES.get(test.school_type, test.school_type),
            test.school_year,
            "Finns inte längre" if test.gone_at else "Bekräftat" if test.fetched_at else "Inte bekräftat än",
        ]
        for test, title, kind in _tests(request.organisation)
    )
    return workbook_response(f"nationella prov {timezone.localdate():%Y-%m-%d}.xlsx", "Nationella prov", columns, rows)


@require_POST
def refresh_now(request: Request) -> HttpResponse:
    """Fetches Skolverket's open data, for as long as the user can wait, and says how it went."""
    organisation: Organisation = request.organisation
    try:
        ask(lambda: refresh_catalogue(organisation))
    except AllAreAsking as problem:
        messages.warning(request, str(problem))
    except NoAnswer:
        messages.info(request, "Skolverket svarar långsamt. Hämtningen pågår; läs in sidan igen om en stund.")
    else:
        fetch = _finished(organisation).first()
        if fetch and fetch.succeeded:  # what went wrong stands on the page, for as long as it is so
            messages.success(request, f"Hämtat från Skolverket: {fetch.message}")
    return redirect("national_tests" if request.POST.get("tillbaka") == "prov" else "catalogue")


def _unit_rows(organisation: Organisation) -> list[UnitRow]:
    codes = school_unit_codes(organisation)
    known = school_units(organisation.environment, codes)
    counted = Group.objects.filter(ended_at=None).order_by().values_list("school_unit_code")
    groups = dict(counted.annotate(number=Count("pk")))
    rows = [_row(code, known.get(code), groups.get(code, 0)) for code in codes]
    rows.sort(key=lambda row: (row.tone != "bad", row.tone != "warn", swedish(row.name or row.code)))
    return rows


def _tests(organisation: Organisation) -> list[tuple[NationalTest, str, str]]:
    """Each test with its title and its kind."""
    return [
        (test, test_title(test.name), test_kind(test.name))
        for test in national_tests(organisation.environment, include_gone=True)
    ]


def _fetches(organisation: Organisation) -> dict[str, Fetch | None]:
    """`fetched`: the last one that succeeded. `failed`: the last attempt, if it did not."""
    finished = _finished(organisation)
    last = finished.first()
    return {"fetched": finished.filter(succeeded=True).first(), "failed": last if last and not last.succeeded else None}


def _finished(organisation: Organisation) -> QuerySet[Fetch]:
    return Fetch.objects.filter(environment=organisation.environment).exclude(finished_at=None)


def _row(code: str, unit: SchoolUnit | None, groups: int) -> UnitRow:
    status = school_unit_status(unit)
    tone, icon = ("ok", "ok") if status.ok else ("bad", "error")
    if status.ok and (unit is None or not unit.status):
        tone, icon = "calm", "waiting"
    types = ", ".join(entry.get("schoolType", "") for entry in unit.school_types) if unit else ""
    return UnitRow(code, unit.name if unit else "", tone, icon, status.text, types, groups)
