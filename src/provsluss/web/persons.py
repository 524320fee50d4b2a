"""Register, Personer: search, filter, page, save as Excel."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from provsluss.register.models import Duty, Person, Reveal
from provsluss.web.excel import Cell, workbook_response
from provsluss.web.person_list import (
    ENDED,
    FILTERS,
    SORTS,
    found_persons,
    in_order,
    keep_search,
    kept_search,
    unit_choices,
    year_choices,
)
from provsluss.web.protected import NEUTRAL_NAME, is_restricted, sees_protected
from provsluss.web.tables import SORT, Choice, read_choice


@require_http_methods(["GET", "HEAD", "POST"])
def persons(request: HttpRequest) -> HttpResponse:
    """The list. POST is the filter form: what was searched for stays out of the address, the rest goes into it."""
    if request.method == "POST":
        return redirect(_address(request))
    choice = _choice(request)
    text, sees = kept_search(request, choice["sokning"]), sees_protected(request.user)
    everybody = in_order(found_persons(choice, text, sees), choice, sees)
    page = choice.page_of_ordered(_with_places(everybody))
    environment = request.organisation.environment  # type: ignore[attr-defined]
    units = unit_choices(environment)
    return render(
        request,
        "register/persons.html",
        {
            "choice": choice,
            "text": text,
            "page": page,
            "rows": [(person, is_restricted(person, request.user)) for person in page],
            "units": units,
            "unit_names": dict(units),
            "years": year_choices(),
            "roles": Person.Role.choices,
            "ended": ENDED,
            "register_is_empty": not page.paginator.count and not Person.objects.exists(),
            "sort": request.GET.get(SORT, ""),
            "query": request.GET.urlencode(),
        },
    )


@require_POST
def export(request: HttpRequest) -> FileResponse:
    """The list as Excel, in the same filter and order. With personnummer only when asked for, and then it is logged."""
    choice = _choice(request)
    sees = sees_protected(request.user)
    people = in_order(found_persons(choice, kept_search(request, choice["sokning"]), sees), choice, sees)
    with_numbers = "personnummer" in request.POST
    if with_numbers:
        _log_reveals(request, people)
    columns = ["Namn", "Roll", "Personnummer" if with_numbers else "Född", "EPPN", "Skolenhet", "Årskurs", "Skolform"]
    name = f"personer {timezone.localdate():%Y-%m-%d}.xlsx"
    units = dict(unit_choices(request.organisation.environment))  # type: ignore[attr-defined]
    return workbook_response(name, "Personer", columns, _cells(request, people, units, with_numbers))


def _cells(
    request: HttpRequest, people: QuerySet[Person], units: dict[str, str], with_numbers: bool
) -> Iterator[list[Cell]]:
    sees = sees_protected(request.user)
    for person in _with_places(people).iterator(chunk_size=1000):
        if person.security_marking != "Ingen" and not sees:
            yield [NEUTRAL_NAME]
            continue
        number = person.civic_number
        born = f"{number[:4]}-{number[4:6]}-{number[6:8]}" if number else ""
        enrolments = list(person.enrolments.all())
        codes = [place.school_unit_code for place in enrolments]
        codes += [duty.school_unit_code for duty in person.duties.all()]
        yield [
            person.full_name,
            person.get_role_display(),
            number if with_numbers else born,
            person.eppn,
            ", ".join(dict.fromkeys(units.get(code, code) for code in codes)),
            ", ".join(str(enrolment.school_year) for enrolment in enrolments if enrolment.school_year is not None),
            ", ".join(dict.fromkeys(enrolment.school_type for enrolment in enrolments)),
        ]


def _log_reveals(request: HttpRequest, people: QuerySet[Person]) -> None:
    shown = [
        Reveal(
            organisation=request.organisation,  # type: ignore[attr-defined]
            user=request.user,  # type: ignore[misc]
            person_id=pk,
            what="personnummer i Excel",
        )
        for pk, marking in people.values_list("pk", "security_marking")
        if marking == "Ingen" or sees_protected(request.user)
    ]
    Reveal.objects.bulk_create(shown, batch_size=1000)


def _choice(request: HttpRequest) -> Choice:
    return read_choice(request.GET, filters=FILTERS, sorts=SORTS)


def _address(request: HttpRequest) -> str:
    """The list's address with the posted filters, and a word that stands for the search."""
    asked: dict[str, Any] = {name: request.POST.get(name, "") for name in (*FILTERS, SORT) if name != "sokning"}
    if text := request.POST.get("text", "").strip()[:200]:
        asked["sokning"] = keep_search(request, text)
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("persons") + (f"?{query}" if query else "")


def _with_places(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.prefetch_related("enrolments", Prefetch("duties", Duty.objects.filter(ended_at=None)))
