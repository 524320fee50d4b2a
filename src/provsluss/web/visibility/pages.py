"""Åtkomst: who sees which pupils' results, for the whole huvudman and for one provaktivitet.

Three lists of the same thing: by staff, by group, and the pupils whom teachers of several school units see.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.organisations.reader import Reader
from provsluss.register.models import Person
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import TestActivity
from provsluss.visibility.flags import FLAG_NAMES, Flag, FlagCode
from provsluss.visibility.presence import GroupAccess, Presence, StaffAccess
from provsluss.visibility.pupils import seen_from_several_units
from provsluss.visibility.report import Access
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.protected import is_restricted, trace_protected
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import kept_search, search_export, search_page
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.persons.list import swedish
from provsluss.web.test_activities.head import frame_of
from provsluss.web.visibility.excel import (
    GROUP_COLUMNS,
    PUPIL_COLUMNS,
    STAFF_COLUMNS,
    group_cells,
    pupil_cells,
    staff_cells,
)
from provsluss.web.visibility.rows import (
    PRESENCE_WORDS,
    GroupRow,
    PupilRow,
    StaffRow,
    group_flags,
    group_rows,
    is_hidden,
    pupil_rows,
    staff_rows,
)

STAFF, GROUPS, PUPILS = "personal", "grupper", "elever"
LISTS = {STAFF: "Per person", GROUPS: "Per grupp", PUPILS: "Elever som flera skolenheter ser"}
ANY_FLAG = "alla"
_DIFFERS = {PRESENCE_WORDS[presence][2] for presence in (None, Presence.ONLY_REGISTER, Presence.ONLY_SKOLVERKET)}
FILTERS = ("lista", "grupp", "skolenhet", "visa")
SORTS = {"anmarkning": (), "namn": (), "skolenhet": (), "grupper": ()}


@search_page("grupp", FILTERS, only_names=True)
def access(request: Request) -> HttpResponse:
    """The whole huvudman: everything that is active or paused, and whatever else is left at Skolverket."""
    return render(request, "visibility/access.html", _context(request, None))


@require_safe
@search_export("grupp")
def export(request: Request) -> FileResponse:
    """The chosen list as Excel, in the same filter and order."""
    return _workbook(request, None)


@search_page("grupp", FILTERS, only_names=True)
def test_activity_access(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The tab of one provaktivitet. 404 in another organisation."""
    test_activity = get_object_or_404(TestActivity, pk=pk)
    context = _context(request, test_activity) | frame_of(request, test_activity) | {"tab": "access"}
    return render(request, "visibility/test_activity.html", context)


@require_safe
@search_export("grupp")
def export_test_activity(request: Request, pk: uuid.UUID) -> FileResponse:
    """The chosen list of one provaktivitet as Excel."""
    return _workbook(request, get_object_or_404(TestActivity, pk=pk))


def _context(request: Request, only: TestActivity | None) -> dict[str, Any]:
    found, choice, reader = _asked(request, only)
    several = _several_units(found, reader)
    page: Page[Any]
    shown: Sequence[StaffRow | GroupRow | PupilRow]
    match choice["lista"]:
        case "grupper":
            page = choice.page_of_ordered(_groups(found, choice, reader))
            shown = group_rows(found, list(page.object_list), reader)
        case "elever":
            page = choice.page_of_ordered(several)
            shown = pupil_rows(found.asked, list(page.object_list), found.unit_names, reader)
        case _:
            page = choice.page_of_ordered(_staff(found, choice, reader))
            shown = staff_rows(found, list(page.object_list), reader)
    is_filtered = any(choice[name] for name in FILTERS[1:])
    shown_differ = any(not isinstance(row, PupilRow) and row.presence[2] in _DIFFERS for row in shown)
    all_are_shown = page.paginator.num_pages == 1 and not is_filtered
    return {
        "choice": choice,
        "is_filtered": is_filtered,
        "list": choice["lista"],
        "lists": LISTS.items(),
        "page": page,
        "rows": shown,
        "several": len(several),
        "differs": _differs(found, choice) or (shown_differ and all_are_shown),
        "shown_differ": shown_differ,
        "counts": _counted(found, reader),
        "units": sorted(((code, found.unit_name(code)) for code in _units(found)), key=lambda unit: swedish(unit[1])),
        "flag_names": FLAG_NAMES.items(),
        "any_flag": ANY_FLAG,
        "there_is_any": bool(found.groups),
        # Whatever there is to say of them is said to nobody else, so nothing is said of all.
        "some_hidden": any(is_hidden(one, reader) for one in found.staff.values()),
        "query": request.GET.urlencode(),
    }


def _differs(found: Access, choice: Choice) -> bool:
    """Whether anything that the list is about, shown or not, is seen in only one of the register and Skolverket.

    Which pupils a group has is not compared here: that is done only for the rows that are shown.
    """
    about_units = choice["lista"] == STAFF
    return choice["lista"] != PUPILS and any(
        grant.presence != Presence.BOTH and (about_units or grant.group)
        for one in found.staff.values()
        for grant in one.grants
    )


def _workbook(request: Request, only: TestActivity | None) -> FileResponse:
    found, choice, reader = _asked(request, only)
    columns: list[str]
    cells: Iterator[list[Cell]]
    taken: list[uuid.UUID]
    match choice["lista"]:
        case "grupper":
            groups = _groups(found, choice, reader)
            taken = [grant.duty.person_id for one in groups for grant in one.grants]
            columns, cells = GROUP_COLUMNS, group_cells(found, groups, reader)
        case "elever":
            # With the pupils stand the names of their teachers.
            pupils = _several_units(found, reader)
            taken = [*pupils, *found.staff]
            columns, cells = PUPIL_COLUMNS, pupil_cells(found, pupils, reader)
        case _:
            staff = _staff(found, choice, reader)
            taken = [one.person_id for one in staff]
            columns, cells = STAFF_COLUMNS, staff_cells(found, staff, reader)
    trace_protected(request.reader, f"namn i Excel, åtkomst {choice['lista']}", dict.fromkeys(taken))
    name = f"åtkomst {choice['lista']} {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Åtkomst", columns, cells)


def _asked(request: Request, only: TestActivity | None) -> tuple[Access, Choice, Reader]:
    organisation = request.organisation
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    choice.filters["grupp"] = kept_search(request)
    if choice["lista"] not in LISTS:
        choice.filters["lista"] = STAFF
    return Access(organisation, organisation.environment, only), choice, request.reader


def _staff(found: Access, choice: Choice, reader: Reader) -> list[StaffAccess]:
    """Those who fit the filter. A neutral row fits none, and stands last: else it would tell who it is."""
    keys: dict[str, Callable[[StaffAccess], Any]] = {
        "anmarkning": lambda one: (-len(one.flags), swedish(one.sort_name)),
        "namn": lambda one: swedish(one.sort_name),
        "skolenhet": lambda one: (swedish(found.unit_name(one.duties[0].unit)), swedish(one.sort_name)),
        "grupper": lambda one: (len(one.groups), swedish(one.sort_name)),
    }
    fitting = [one for one in found.staff.values() if not is_hidden(one, reader) and _fits_staff(one, choice)]
    fitting.sort(key=keys[choice.sort], reverse=choice.descending)
    narrowed = choice["grupp"] or choice["skolenhet"] or choice["visa"]
    hidden = [] if narrowed else [one for one in found.staff.values() if is_hidden(one, reader)]
    return fitting + sorted(hidden, key=lambda one: one.person_id)


def _fits_staff(one: StaffAccess, choice: Choice) -> bool:
    text, unit = choice["grupp"].casefold(), choice["skolenhet"]
    if unit and not any(unit in (grant.duty.unit, grant.group and grant.group.unit) for grant in one.grants):
        return False
    if text and not any(grant.group and text in grant.group.name.casefold() for grant in one.groups):
        return False
    return _fits_flags(one.flags, choice["visa"])


def _groups(found: Access, choice: Choice, reader: Reader) -> list[GroupAccess]:
    keys: dict[str, Callable[[GroupAccess], Any]] = {
        "anmarkning": lambda one: (-len(flags[one.group.id]), swedish(one.group.name)),
        "namn": lambda one: swedish(one.group.name),
        "skolenhet": lambda one: (swedish(found.unit_name(one.group.unit)), swedish(one.group.name)),
        "grupper": lambda one: (len(one.grants), swedish(one.group.name)),
    }
    flags = {one.group.id: group_flags(found, one, reader) for one in found.groups.values()}
    text, unit = choice["grupp"].casefold(), choice["skolenhet"]
    fitting = [
        one
        for one in found.groups.values()
        if unit in ("", one.group.unit)
        and text in one.group.name.casefold()
        and _fits_flags(flags[one.group.id], choice["visa"])
    ]
    return sorted(fitting, key=keys[choice.sort], reverse=choice.descending)


def _fits_flags(flags: list[Flag], wanted: str) -> bool:
    return not wanted or (bool(flags) if wanted == ANY_FLAG else any(flag.code == wanted for flag in flags))


def _several_units(found: Access, reader: Reader) -> list[uuid.UUID]:
    """By name; those who must be neutral last."""
    ids = seen_from_several_units(found.asked)
    persons = list(Person._base_manager.filter(pk__in=ids))
    persons.sort(
        key=lambda one: (
            (1, str(one.pk)) if is_restricted(one, reader) else (0, swedish(f"{one.family_name} {one.given_name}"))
        )
    )
    return [person.pk for person in persons]


def _counted(found: Access, reader: Reader) -> list[tuple[str, str, int, str]]:
    """How many rows each kind of flag has: code, words, number, the list that shows them."""
    staff = [flag.code for one in found.staff.values() if not is_hidden(one, reader) for flag in _each_kind(one.flags)]
    groups = [flag.code for one in found.groups.values() for flag in _each_kind(one.flags)]
    counted = []
    for code, words in FLAG_NAMES.items():
        number = (groups if code == FlagCode.NO_TEACHER else staff).count(code)
        if number:
            counted.append((str(code), words, number, GROUPS if code == FlagCode.NO_TEACHER else STAFF))
    return counted


def _each_kind(flags: list[Flag]) -> list[Flag]:
    return list({flag.code: flag for flag in flags}.values())


def _units(found: Access) -> set[str]:
    return found.wanted.units | found.accepted.units
