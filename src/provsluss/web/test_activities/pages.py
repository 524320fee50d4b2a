"""The list of provaktiviteter: what each takes in, and how its last transfer went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from provsluss.catalogue.lookup import test_kind, test_title
from provsluss.spreadsheet import Cell
from provsluss.transfers.models import (
    TestActivity,
    TestActivityGroup,
    TestActivityState,
    Transfer,
    TransferState,
    at_todays_addresses,
)
from provsluss.transfers.test_activities.partly_sent import partly_sent
from provsluss.transfers.test_activities.unsent import unsent_with_groups
from provsluss.web.frame.excel import workbook_response
from provsluss.web.frame.request import Request
from provsluss.web.frame.searches import kept_search, search_export, search_page
from provsluss.web.frame.tables import Choice, read_choice
from provsluss.web.frame.worker_sign import moves
from provsluss.web.test_activities.latest_transfer import began_or_waits
from provsluss.web.test_activities.own_outcome import own_states
from provsluss.web.test_activities.pupil_counts import pupil_counts

FILTERS = ("sok", "lage", "prov")
SORTS = {"namn": ("name",), "prov": ("national_test", "name"), "lage": ("state", "name"), "andrad": ("changed_at",)}
PARTLY_SENT = "Delvis skickad"
STATES = [*TestActivityState.choices, ("alla", "Alla")]


@dataclass(frozen=True, slots=True)
class Row:
    """One test activity of the list."""

    test_activity: TestActivity
    kind: str
    school_units: int
    groups: int
    pupils: int
    last_transfer: Transfer | None
    state: str
    """How the last transfer went for this one; empty when there is none."""
    is_partly_sent: bool = False
    """Whether Skolverket has something of it though there is none (Skicka nu)."""

    @property
    def moves(self) -> bool:
        """Whether the state can change by itself."""
        return self.last_transfer is not None and moves(self.last_transfer)


@search_page("sok", FILTERS, only_names=True)
def test_activities(request: Request) -> HttpResponse:
    """The list, a page at a time."""
    choice = list_choice(request)
    page = choice.page_of(_found(choice))
    return render(
        request,
        "test_activities/test_activities.html",
        {
            "choice": choice,
            "page": page,
            "rows": (rows := rows_of(page.object_list, request.organisation.environment)),
            "moves": any(row.moves for row in rows),
            "states": STATES,
            "unsent": unsent_with_groups(),
            "national_tests": _national_tests(),
            "there_are_any": bool(page.paginator.count) or TestActivity.objects.exists(),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
@search_export("sok")
def export(request: Request) -> FileResponse:
    """The list as Excel, in the same filter and order."""
    choice = list_choice(request)
    columns = [
        "Provaktivitet", "Nationellt prov", "Slag", "Läge", "Skolenheter", "Grupper", "Elever", "Senaste överföring",
        "Senast skickad",
    ]  # fmt: skip
    found = rows_of(_found(choice).order_by(*choice.order), request.organisation.environment)
    name = f"provaktiviteter {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(name, "Provaktiviteter", columns, _cells(found))


def list_choice(request: Request) -> Choice:
    """What the address asks of the list."""
    choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
    choice.filters["sok"] = kept_search(request)
    return choice


def rows_of(test_activities: Iterable[TestActivity], environment: str) -> list[Row]:
    """`test_activities` with their sizes and last transfers, in a handful of queries."""
    test_activities = list(test_activities)
    ids = [test_activity.pk for test_activity in test_activities]
    links = TestActivityGroup.objects.filter(test_activity__in=ids, group__ended_at=None).order_by()
    sizes = {
        pk: (groups, units)
        for pk, groups, units in links.values_list("test_activity").annotate(
            groups=Count("group"), units=Count("group__school_unit_code", distinct=True)
        )
    }
    pupils = pupil_counts(ids)
    every = Transfer.objects.filter(at_todays_addresses(), test_activities=OuterRef("pk"), environment=environment)
    newest, began = (
        Subquery(found.order_by("-created_at", "-pk").values("pk")[:1]) for found in (every, began_or_waits(every))
    )
    last = dict(TestActivity.objects.filter(pk__in=ids).order_by().values_list("pk", Coalesce(began, newest)))
    transfers = Transfer.objects.in_bulk([pk for pk in last.values() if pk])
    # One that waits for a decision says so first.
    own = own_states([pk for pk, transfer in transfers.items() if transfer.is_ended])
    unsent = [test_activity for test_activity in test_activities if not last.get(test_activity.pk)]
    partly = partly_sent(unsent[0].organisation_id, environment, [one.pk for one in unsent]) if unsent else set()
    return [
        Row(
            test_activity,
            test_kind(test_activity.national_test),
            sizes.get(test_activity.pk, (0, 0))[1],
            sizes.get(test_activity.pk, (0, 0))[0],
            pupils.get(test_activity.pk, 0),
            transfer := transfers.get(last.get(test_activity.pk)),
            own.get((transfer.pk, test_activity.pk), transfer.state) if transfer else "",
            test_activity.pk in partly,
        )
        for test_activity in test_activities
    ]


def _found(choice: Choice) -> QuerySet[TestActivity]:
    found = TestActivity.objects.all()
    if choice["lage"] in TestActivityState.values:
        found = found.filter(state=choice["lage"])
    elif choice["lage"] != "alla":  # archived ones are out of the way until they are asked for
        found = found.exclude(state=TestActivityState.ARCHIVED)
    if choice["prov"]:
        found = found.filter(national_test=choice["prov"])
    if choice["sok"]:
        found = found.filter(name__icontains=choice["sok"])
    return found


def _national_tests() -> list[tuple[str, str]]:
    """The national tests that are in use, by title."""
    names = TestActivity.objects.order_by().values_list("national_test", flat=True).distinct()
    return sorted(((name, test_title(name)) for name in names), key=lambda test: test[1])


def _cells(rows: Iterable[Row]) -> Iterator[list[Cell]]:
    for row in rows:
        last = row.last_transfer
        yield [
            row.test_activity.name,
            row.test_activity.national_test,
            row.kind,
            TestActivityState(row.test_activity.state).label,
            row.school_units,
            row.groups,
            row.pupils,
            TransferState(row.state).label if row.state else PARTLY_SENT if row.is_partly_sent else "",
            last.created_at if last else None,
        ]
