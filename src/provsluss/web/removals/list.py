"""The objects that a transfer is to remove or has removed, of all kinds in one list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from provsluss.catalogue.lookup import school_units
from provsluss.organisations.reader import Reader
from provsluss.spreadsheet import Cell
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import ObjectResult, ObjectState, SyncJob
from provsluss.transfers.removal.causes import PUPIL
from provsluss.web.frame.protected import NEUTRAL_NAME
from provsluss.web.frame.tables import Choice
from provsluss.wording.kinds import KIND_NAMES

FILTERS = ("skolenhet", "slag", "sok")
SORTS = {
    "slag": ("-sync_job__position", "role", "restricted", "name"),  # persons first: they are what matters most
    "namn": ("restricted", "name"),
    "skolenhet": ("school_unit_code", "restricted", "name"),
}
PUPILS, STAFF = "elever", "personal"
WHAT = {PUPILS: "Elever", STAFF: "Personal"} | {kind: KIND_NAMES[kind] for kind in KINDS[1:]}
"""What the list tells apart: persons are pupils or staff."""
UNKNOWN_UNIT = "okand"
COLUMNS = ["Slag", "Namn", "Roll eller typ", "Årskurs", "Skolenhet", "Skolenhetskod", "Status", "Id"]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One school unit, and how much is to be removed there of each of WHAT."""

    code: str
    name: str
    numbers: list[tuple[str, int]]
    is_neutral: bool = False
    """Not one school unit: the protected persons of all of them."""

    @property
    def total(self) -> int:
        return sum(number for _, number in self.numbers)


@dataclass(frozen=True, slots=True)
class Row:
    """One object. A `hidden` one tells its kind and nothing else."""

    result: ObjectResult
    what: str
    hidden: bool
    school_unit: str


def found_results(jobs: Iterable[SyncJob], choice: Choice, reader: Reader) -> QuerySet[ObjectResult]:
    """The objects of `jobs` that `choice` asks for, in its order.

    Somebody who may not see protected persons meets them last, and not where their name or school unit was asked for.
    """
    sees = reader.sees_protected
    found = ObjectResult.objects.filter(sync_job__in=[job.pk for job in jobs]).select_related("sync_job")
    if choice["skolenhet"]:
        code = "" if choice["skolenhet"] == UNKNOWN_UNIT else choice["skolenhet"]
        found = found.filter(school_unit_code=code)
    if choice["slag"] in WHAT:
        found = found.filter(_is(choice["slag"]))
    if choice["sok"]:
        found = found.filter(name__icontains=choice["sok"])
    if sees:
        return found.order_by(*choice.order)
    if choice["sok"] or choice["skolenhet"]:  # a hit would tell who it is, or where
        found = found.filter(restricted=False)
    return found.order_by("restricted", *choice.order)


def rows_of(results: Iterable[ObjectResult], environment: str, reader: Reader) -> list[Row]:
    """`results` made ready to show."""
    results, sees = list(results), reader.sees_protected
    names = unit_names({result.school_unit_code for result in results}, environment)
    return [
        Row(one, WHAT[_what(one.sync_job.kind, one.role)], one.restricted and not sees, names[one.school_unit_code])
        for one in results
    ]


def cells_of(results: QuerySet[ObjectResult], environment: str, reader: Reader) -> Iterator[list[Cell]]:
    """The same for Excel, under COLUMNS; personnummer are not in it."""
    names: dict[str, str] = {}
    sees = reader.sees_protected
    for one in results.iterator(chunk_size=1000):
        what = WHAT[_what(one.sync_job.kind, one.role)]
        state = ObjectState(one.state).label
        if one.restricted and not sees:
            yield [what, NEUTRAL_NAME, "", None, "", "", state]
            continue
        if one.school_unit_code not in names:
            names |= unit_names({one.school_unit_code}, environment)
        unit = one.school_unit_code
        role = one.role or one.group_type
        yield [what, one.name, role, one.school_year, names[unit] if unit else "", unit, state, str(one.object_id)]


def unit_rows(jobs: Iterable[SyncJob], environment: str, reader: Reader) -> list[UnitRow]:
    """How much of what at each school unit, where most is to be removed first.

    No school unit counts protected persons whom `reader` may not see: the number would tell where they are. They
    stand in one neutral row, the last.
    """
    kinds = {job.pk: job.kind for job in jobs}
    counts = (
        ObjectResult.objects.filter(sync_job__in=kinds)
        .order_by()
        .values_list("school_unit_code", "sync_job", "role", "restricted")
        .annotate(number=Count("pk"))
    )
    units: dict[str, dict[str, int]] = {}
    neutral = dict.fromkeys(WHAT, 0)
    for code, job, role, restricted, number in counts:
        hidden = restricted and not reader.sees_protected
        unit = neutral if hidden else units.setdefault(code, dict.fromkeys(WHAT, 0))
        unit[_what(kinds[job], role)] += number
    names = unit_names(units, environment)
    rows = [UnitRow(code or UNKNOWN_UNIT, names[code], list(numbers.items())) for code, numbers in units.items()]
    rows.sort(key=lambda row: (-row.total, row.name))
    apart = UnitRow("", NEUTRAL_NAME, list(neutral.items()), is_neutral=True)
    return [*rows, apart] if apart.total else rows


def unit_names(codes: Iterable[str], environment: str) -> dict[str, str]:
    """What to call each school unit: its name, otherwise its code."""
    codes = set(codes)
    known = school_units(environment, {code for code in codes if code})
    named = {code: (code in known and known[code].name) or code for code in codes}
    return {code: name or "Okänd skolenhet" for code, name in named.items()}


def _what(kind: str, role: str) -> str:
    if kind != "persons":
        return kind
    return PUPILS if role == PUPIL else STAFF


def _is(what: str) -> Q:
    if what not in (PUPILS, STAFF):
        return Q(sync_job__kind=what)
    is_pupil = Q(role=PUPIL)
    return Q(sync_job__kind="persons") & (is_pupil if what == PUPILS else ~is_pupil)
