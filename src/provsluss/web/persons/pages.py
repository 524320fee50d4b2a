"""Register, Personer: search, filter, page, save as Excel."""

import uuid
from collections.abc import Iterable, Iterator

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from provsluss.organisations.reader import Reader
from provsluss.register.models import Duty, Enrolment, Person, Reveal
from provsluss.spreadsheet import Cell
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import NEUTRAL_NAME, NOT_PROTECTED, is_restricted, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.school_units import ENDED
from provsluss.web.frame.searches import kept_search, passing_search, search_export, search_page
from provsluss.web.frame.tables import SORT, Choice, read_choice
from provsluss.web.persons.list import FILTERS, SORTS, found_persons, in_order, unit_choices, year_choices


@search_page("text", FILTERS)
def persons(request: Request) -> HttpResponse:
    """The list. POST is the filter form."""
    return list_page(request)


def list_page(request: Request) -> HttpResponse:
    """The list that request.GET asks for."""
    choice = _choice(request)
    everybody = in_order(found_persons(choice, request.reader), choice, request.reader)
    page = choice.page_of_ordered(_with_places(everybody))
    environment = request.organisation.environment
    units = unit_choices(environment)
    return render(
        request,
        "register/persons.html",
        {
            "choice": choice,
            "page": page,
            "rows": [(person, is_restricted(person, request.reader)) for person in page],
            "units": units,
            "unit_names": dict(units),
            "years": year_choices(),
            "roles": Person.Role.choices,
            "ended": ENDED,
            "register_is_empty": not page.paginator.count and not Person.objects.exists(),
            "by_number": passing_search(request) is not None,
            "sort": request.GET.get(SORT, ""),
            "query": request.GET.urlencode(),
        },
    )


@require_POST
@search_export("text")
def export(request: Request) -> FileResponse:
    """The list as Excel, in the same filter and order. With personnummer only when asked for, and then it is logged.

    Those of protected persons are never in it, whoever asks: the file is passed on.
    """
    choice = _choice(request)
    people = in_order(found_persons(choice, request.reader), choice, request.reader)
    with_numbers = "personnummer" in request.POST
    if with_numbers:
        _log_reveals(request, people)
    trace_protected(
        request.reader, "namn i Excel, personer", people.exclude(NOT_PROTECTED).values_list("pk", flat=True)
    )
    columns = ["Namn", "Roll", "Personnummer" if with_numbers else "Född", "EPPN", "Skolenhet", "Årskurs", "Skolform"]
    name = f"personer {timezone.localdate():%Y-%m-%d}.xlsx"
    units = dict(unit_choices(request.organisation.environment))
    return workbook_response(name, "Personer", columns, _cells(people, units, request.reader, with_numbers))


def _cells(people: QuerySet[Person], units: dict[str, str], reader: Reader, with_numbers: bool) -> Iterator[list[Cell]]:
    # Plain values and three queries: model instances with their relations would take a minute for 100 000 persons.
    places = _places()
    roles = dict(Person.Role.choices)
    attributes = (
        "pk", "given_name", "middle_name", "family_name", "role", "civic_number", "eppn", "security_marking",
    )  # fmt: skip
    for pk, given, middle, family, role, number, eppn, marking in people.values_list(*attributes).iterator(1000):
        if marking != "Ingen" and not reader.sees_protected:
            yield [NEUTRAL_NAME]
            continue
        mine = places.get(pk, [])
        yield [
            " ".join(part for part in (given, middle, family) if part),
            roles.get(role, role),
            (number if marking == "Ingen" else "")
            if with_numbers
            else f"{number[:4]}-{number[4:6]}-{number[6:8]}"
            if number
            else "",
            eppn,
            _listed(units.get(code, code) for code, _, _ in mine),
            _listed(str(year) for _, year, _ in mine if year is not None),
            _listed(school_type for _, _, school_type in mine),
        ]


def _places() -> dict[uuid.UUID, list[tuple[str, int | None, str]]]:
    """Where each person belongs: school unit, school year and school type of enrolments, school unit of duties."""
    places: dict[uuid.UUID, list[tuple[str, int | None, str]]] = {}
    enrolments = Enrolment.objects.values_list("person_id", "school_unit_code", "school_year", "school_type")
    for pk, code, year, school_type in enrolments.iterator(5000):
        places.setdefault(pk, []).append((code, year, school_type))
    for pk, code in Duty.objects.filter(ended_at=None).values_list("person_id", "school_unit_code").iterator(5000):
        places.setdefault(pk, []).append((code, None, ""))
    return places


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))


def _log_reveals(request: Request, people: QuerySet[Person]) -> None:
    shown = [
        Reveal(
            organisation=request.organisation,
            user=request.user,
            person_id=pk,
            what="personnummer i Excel",
        )
        for pk in people.filter(NOT_PROTECTED).values_list("pk", flat=True)
    ]
    Reveal.objects.bulk_create(shown, batch_size=1000)


def _choice(request: Request) -> Choice:
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    choice.filters["text"] = kept_search(request)
    return choice


def _with_places(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.prefetch_related("enrolments", Prefetch("duties", Duty.objects.filter(ended_at=None)))
