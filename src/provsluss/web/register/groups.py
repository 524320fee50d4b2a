"""Register, Grupper: the list, and one group with its pupils and teachers."""

import uuid
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import school_units, test_title
from provsluss.preflight.one_object import findings_of_group
from provsluss.register.models import Duty, Group, Person
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities.group_overview import with_sizes
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import is_restricted
from provsluss.web.frame.request import Request
from provsluss.web.frame.school_units import ENDED, named_units
from provsluss.web.frame.searches import kept_search, search_export, search_page
from provsluss.web.frame.swedish_order import swedish_order
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.register.school_unit_order import PLACE, with_school_unit_place

FILTERS = ("sok", "typ", "skolenhet", "visa")
SORTS = {
    "namn": ("name", PLACE),
    "typ": ("group_type", "name"),
    "skolenhet": (PLACE, "name"),
    "elever": ("pupil_count", "name"),
    "larare": ("teacher_count", "name"),
}


@search_page("sok", FILTERS, only_names=True)
def groups(request: Request) -> HttpResponse:
    """The list, a page at a time."""
    choice = _choice(request)
    units = _unit_choices(request)
    page = choice.page_of(with_school_unit_place(with_sizes(_found(choice)), units))
    return render(
        request,
        "register/groups.html",
        {
            "choice": choice,
            "page": page,
            "units": units,
            "unit_names": dict(units),
            "types": Group.Type.choices,
            "ended": ENDED,
            "register_is_empty": not page.paginator.count and not Group.objects.exists(),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
@search_export("sok")
def export(request: Request) -> FileResponse:
    """The list as Excel, in the same filter and order."""
    choice = _choice(request)
    units = _unit_choices(request)
    found = with_school_unit_place(with_sizes(_found(choice)), units).order_by(*choice.order)
    columns = ["Grupp", "Typ", "Skolform", "Skolenhetskod", "Skolenhet", "Prov", "Elever", "Lärare"]
    name = f"grupper {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Grupper", columns, _cells(found, dict(units)))


@require_safe
def group(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One group. 404 in another organisation."""
    one = get_object_or_404(Group, pk=pk)
    environment = request.organisation.environment
    pupils = Person.objects.filter(memberships__group=one, ended_at=None).order_by(
        *swedish_order("family_name", "given_name")
    )
    teachers = Duty.objects.filter(assignments__group=one, ended_at=None, person__ended_at=None)
    # Neutral rows last, so that their place in the alphabet tells nothing.
    rows = sorted(((person, is_restricted(person, request.reader)) for person in pupils), key=lambda row: row[1])
    in_order = teachers.select_related("person").order_by(*swedish_order("person__family_name", "person__given_name"))
    staff = sorted(((duty, is_restricted(duty.person, request.reader)) for duty in in_order), key=lambda row: row[1])
    return render(
        request,
        "register/group.html",
        {
            "group": one,
            "unit": school_units(environment, [one.school_unit_code]).get(one.school_unit_code),
            "rows": rows,
            "teachers": staff,
            "findings": findings_of_group(one),
            "sees_protected": request.reader.sees_protected,
            "test_activities": TestActivity.objects.filter(groups=one),
        },
    )


def _found(choice: Choice) -> QuerySet[Group]:
    found = Group.objects.filter(ended_at__isnull=choice["visa"] != ENDED)
    if choice["typ"]:
        found = found.filter(group_type=choice["typ"])
    if choice["skolenhet"]:
        found = found.filter(school_unit_code=choice["skolenhet"])
    if text := choice["sok"]:
        matches = Q()
        for spelling in {text, text.lower(), text.upper(), text.title()}:  # SQLite's LIKE knows case in ASCII only
            matches |= Q(name__icontains=spelling) | Q(national_test__icontains=spelling)
        found = found.filter(matches)
    return found


def _cells(found: QuerySet[Group], units: dict[str, str]) -> Iterator[list[Cell]]:
    for one in found.iterator(chunk_size=1000):
        yield [
            one.name,
            one.get_group_type_display(),
            one.school_type,
            one.school_unit_code,
            units.get(one.school_unit_code, ""),
            test_title(one.national_test) if one.national_test else "",
            one.pupil_count,  # type: ignore[attr-defined]
            one.teacher_count,  # type: ignore[attr-defined]
        ]


def _choice(request: Request) -> Choice:
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS, default="skolenhet")
    choice.filters["sok"] = kept_search(request)
    return choice


def _unit_choices(request: Request) -> list[tuple[str, str]]:
    codes = Group.objects.order_by().values_list("school_unit_code", flat=True).distinct()
    return named_units(request.organisation.environment, list(codes))
