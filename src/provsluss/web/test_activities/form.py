"""Make or change a provaktivitet: which national test, which groups, which staff.

One form, one address: the search and filter buttons post it back to itself, and so does htmx while the user types. What
has been chosen is kept all the time, also when a filter hides it.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from provsluss.catalogue.lookup import national_test, national_tests, test_kind, test_title
from provsluss.catalogue.models import NationalTest
from provsluss.organisations.models import Organisation
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.models import TestActivity
from provsluss.transfers.test_activities import activities
from provsluss.web.frame.request import Request
from provsluss.web.test_activities.group_picker import GroupFilter, GroupPicker, school_types_in_use
from provsluss.web.test_activities.staff_picker import StaffPicker, posted_duties

FIRST_YEAR, LAST_YEAR = 2020, 2100
"""What is outside is a slip of the pen."""


@dataclass(slots=True)
class Filled:
    """What stands in the form."""

    name: str = ""
    national_test: str = ""
    test_search: str = ""
    all_staff: bool = False
    test_date: str = ""
    follows_register: bool = False
    chosen: set[uuid.UUID] = field(default_factory=set)
    extra_duties: set[uuid.UUID] = field(default_factory=set)
    group_filter: GroupFilter = field(default_factory=GroupFilter)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, test_activity: TestActivity) -> "Filled":
        """The form as it stands before anything has been changed."""
        return cls(
            name=test_activity.name,
            national_test=test_activity.national_test,
            all_staff=test_activity.all_staff,
            test_date=test_activity.test_date.isoformat() if test_activity.test_date else "",
            follows_register=test_activity.follows_register,
            chosen=set(test_activity.groups.values_list("pk", flat=True)),
            extra_duties=set(test_activity.extra_duties.values_list("pk", flat=True)),
        )

    @classmethod
    def posted(cls, post: QueryDict) -> "Filled":
        """The form as it was posted."""
        return cls(
            name=post.get("namn", "").strip()[:200],
            national_test=post.get("prov", ""),
            test_search=post.get("provsok", "").strip()[:100],
            all_staff=post.get("personal") == "alla",
            test_date=post.get("provdag", "").strip()[:20],
            follows_register=post.get("foljer") == "ja",
            chosen={group_id for text in post.getlist("grupp") if (group_id := as_uuid(text))},
            extra_duties=posted_duties(post),
            group_filter=GroupFilter.posted(post),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """A new test activity."""
    organisation = request.organisation
    filled = Filled.posted(request.POST) if request.method == "POST" else Filled()
    picker = _picker(request, organisation, filled)
    staff = _staff_picker(request, filled)
    if request.POST.get("gor") == "spara":
        if not national_test(organisation.environment, filled.national_test):
            filled.errors["prov"] = "Välj vilket prov grupperna ska göra."
        if not filled.chosen:
            filled.errors["grupper"] = "Välj minst en grupp."
        _check_name(filled)
        test_date = _checked_date(filled)
        if not filled.errors:
            test_activity = activities.create(
                organisation,
                name=filled.name,
                national_test=filled.national_test,
                groups=picker.chosen_groups(),
                all_staff=filled.all_staff,
                test_date=test_date,
                extra_duties=staff.duties(),
            )
            messages.success(request, f"{test_activity.name} är skapad. Kontrollera grupperna innan du skickar.")
            return redirect("test_activity_groups", pk=test_activity.pk)
    context = {
        "filled": filled,
        "picker": picker,
        "staff": staff,
        "tests": _tests_found(organisation, filled),
        "test_title": test_title(filled.national_test) if filled.national_test else "",
    }
    return render(request, "test_activities/create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Another name, other groups, other staff. The national test stays: another test is another test activity."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    organisation = request.organisation
    filled = Filled.posted(request.POST) if request.method == "POST" else Filled.of(test_activity)
    filled.national_test = test_activity.national_test
    picker = _picker(request, organisation, filled)
    staff = _staff_picker(request, filled)
    if request.POST.get("gor") == "spara":
        if not filled.chosen and not filled.follows_register:
            filled.errors["grupper"] = "Välj minst en grupp. Ska provet inte göras kan du arkivera provaktiviteten."
        _check_name(filled, besides=test_activity)
        test_date = _checked_date(filled)
        if not filled.errors:
            activities.change(
                test_activity,
                name=filled.name,
                groups=picker.chosen_groups(),
                all_staff=filled.all_staff,
                follows_register=filled.follows_register,
                test_date=test_date,
                extra_duties=staff.duties(test_activity.extra_duties.all()),
            )
            messages.success(request, f"{test_activity.name} är ändrad.")
            return redirect("test_activity_groups", pk=test_activity.pk)
    context = {
        "test_activity": test_activity,
        "is_the_registers": activities.is_the_registers(test_activity),
        "filled": filled,
        "picker": picker,
        "staff": staff,
    }
    return render(request, "test_activities/change.html", context)


def _check_name(filled: Filled, besides: TestActivity | None = None) -> None:
    """Two provaktiviteter with the same name cannot be told apart, neither here nor in Historik."""
    name = filled.name or (test_title(filled.national_test) if filled.national_test else "")
    taken = {one.name.casefold() for one in TestActivity.objects.all() if besides is None or one.pk != besides.pk}
    if name and name.casefold() in taken:
        filled.errors["namn"] = f"Det finns redan en provaktivitet som heter {name}. Skriv ett annat namn."


def _checked_date(filled: Filled) -> date | None:
    """The first day of the test; None where nobody has said it. What is no day is an error in the form."""
    if not filled.test_date:
        return None
    try:
        found = date.fromisoformat(filled.test_date)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        filled.errors["provdag"] = "Skriv provdagen som år, månad och dag, till exempel 2027-03-16."
        return None
    return found


def _picker(request: Request, organisation: Organisation, filled: Filled) -> GroupPicker:
    """The group list, after the buttons "choose all that are shown" and "choose none" have done their work."""
    picker = GroupPicker(organisation.environment, filled.group_filter, filled.chosen)
    match request.POST.get("gor"):
        case "valj_alla":
            filled.chosen |= {group.pk for group in picker.found}
        case "valj_inga":
            filled.chosen.clear()
    return picker


def _staff_picker(request: Request, filled: Filled) -> StaffPicker:
    environment = request.organisation.environment
    return StaffPicker.posted(environment, request.reader, request.POST, filled.extra_duties)


def _tests_found(organisation: Organisation, filled: Filled) -> list[tuple[NationalTest, str, str]]:
    """The tests that fit the search, with title and kind. The chosen one first, then those for the schools here."""
    words = filled.test_search.casefold().split()
    tests: list[tuple[NationalTest, str, str]] = [
        (test, test_title(test.name), test_kind(test.name)) for test in national_tests(organisation.environment)
    ]
    chosen = [entry for entry in tests if entry[0].name == filled.national_test]
    found = [
        (test, title, kind)
        for test, title, kind in tests
        if test.name != filled.national_test
        and all(word in f"{test.name} {title} {kind} {test.comment}".casefold() for word in words)
    ]
    here = school_types_in_use()
    return chosen + sorted(found, key=lambda entry: (entry[0].school_type not in here, *_subject_and_year(entry[1])))


def _subject_and_year(title: str) -> tuple[str, int]:
    """Årskurs 10 after årskurs 9, and not after årskurs 1."""
    number = re.search(r"\d+", title)
    return (title[: number.start()], int(number[0])) if number else (title, 0)
