"""What a control says, asked for in the ways that its pages and files need it."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, QuerySet

from provsluss.preflight.rejected_rows import ROWS
from provsluss.rules.cross_object import TEST_LIST
from provsluss.rules.who import Who
from provsluss.transfers.models import Control, ControlCause, ControlCell, ControlFinding, TestActivity

WHO_ORDER = {
    Who.PUPIL_REGISTER.value: 0,
    Who.STAFF_REGISTER.value: 1,
    Who.IT.value: 2,
    Who.SCHOOL.value: 3,
    Who.SKOLVERKET.value: 4,
    Who.NOBODY.value: 5,
}
SEVERITY_ORDER = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause, how many objects it holds for, and how many cannot be whole until those are mended.

    `kinds` and `details` are the first and the last of what the objects are, in the order of the alphabet: where both
    are the same, all objects are.
    """

    cause: ControlCause
    objects: int
    follows: int
    kinds: tuple[str, str] = ("", "")
    details: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class WhoRows:
    """What one of those who mend has to do, the most pressing first."""

    who: Who
    causes: list[CauseRow]

    @property
    def objects(self) -> int:
        """How many things there are to mend in all."""
        return sum(row.objects for row in self.causes)

    @property
    def urgent(self) -> int:
        """How many of them must be mended before the test."""
        return sum(row.objects for row in self.causes if row.cause.urgent)


def findings_of(
    control: Control,
    test_activity: TestActivity | None = None,
    school_unit_code: str = "",
    protected_too: bool = True,
) -> "QuerySet[ControlFinding]":
    """The findings of a control, all or only those about one test activity or one school unit, or without those of
    protected persons."""
    found = ControlFinding.objects.filter(cause__control=control)
    if not protected_too:
        found = found.filter(restricted=False)
    if test_activity is not None:
        place = control.place_of(test_activity.pk)
        found = found.none() if place is None else found.filter(_about(place))
    return found.filter(school_unit_code=school_unit_code) if school_unit_code else found


def has_looked_at_any(control: Control, test_activity: TestActivity | None = None) -> bool:
    """Whether any group takes a test: where none does, nothing is ready, for nothing has been looked at."""
    cells = ControlCell.objects.filter(control=control, groups__gt=0)
    return (cells.filter(test_activity=test_activity) if test_activity else cells).exists()


def by_who(findings: "QuerySet[ControlFinding]") -> list[WhoRows]:
    """`findings` by who mends them and by cause: what must be mended first, and what solves most before the rest.

    Those who have something that must be mended come before the others.
    """
    directly, through_others = Q(follows=False), Q(follows=True)
    counted = findings.order_by().values_list("cause").annotate(
        direct=Count("pk", filter=directly),
        following=Count("pk", filter=through_others),
        first=Min("kind", filter=directly),
        last=Max("kind", filter=directly),
        first_detail=Min("detail", filter=directly),
        last_detail=Max("detail", filter=directly),
    )  # fmt: skip
    causes = ControlCause.objects.in_bulk([row[0] for row in counted])
    rows = [
        CauseRow(causes[pk], direct, following, (first or "", last or ""), (first_detail or "", last_detail or ""))
        for pk, direct, following, first, last, first_detail, last_detail in counted
    ]
    rows.sort(key=_weight)
    groups: dict[str, list[CauseRow]] = {}
    for row in rows:
        groups.setdefault(row.cause.who, []).append(row)
    who_rows = [WhoRows(Who(who), groups[who]) for who in sorted(groups, key=WHO_ORDER.__getitem__)]
    return sorted(who_rows, key=lambda one: not one.urgent)


def to_mend(
    control: Control,
    test_activity: TestActivity | None = None,
    school_unit_code: str = "",
    protected_too: bool = True,
) -> int:
    """How many things must be mended before the test, of those that `findings_of` gives."""
    return _urgent(findings_of(control, test_activity, school_unit_code, protected_too)).count()


def holds_back(
    control: Control,
    test_activity: TestActivity | None = None,
    school_unit_code: str = "",
    protected_too: bool = True,
) -> bool:
    """Whether any of those keeps its object from being sent. A row that was not read in is no object to hold back."""
    urgent = _urgent(findings_of(control, test_activity, school_unit_code, protected_too))
    return urgent.filter(cause__severity="error", cause__refused=False).exclude(kind=ROWS).exists()


def _urgent(findings: "QuerySet[ControlFinding]") -> "QuerySet[ControlFinding]":
    return findings.filter(cause__urgent=True, follows=False)


def concerns_all(findings: "QuerySet[ControlFinding]") -> bool:
    """Whether something must be mended that is no school unit's own, so that none of them is ready without it."""
    return findings.filter(kind="organisation", cause__urgent=True).exists()


def lacks_the_list_of_tests(findings: "QuerySet[ControlFinding]") -> bool:
    """Whether the control could not look at Skolverket's list of tests, because it has not been fetched."""
    return findings.filter(cause__attribute=TEST_LIST).exists()


def refused_by_kind(findings: "QuerySet[ControlFinding]") -> dict[str, int]:
    """How many objects of each kind Skolverket refused, of those that `findings` are about."""
    refused = findings.filter(cause__refused=True, follows=False).order_by()
    return dict(refused.values_list("kind").annotate(number=Count("object_id", distinct=True)))


def _about(place: int) -> Q:
    """About one test activity, or about the whole huvudman."""
    return Q(tests__contains=f" {place} ") | Q(kind="organisation")


def _weight(row: CauseRow) -> tuple[bool, int, int, int, int]:
    return (
        not row.cause.urgent, SEVERITY_ORDER.index(row.cause.severity), -row.follows, -row.objects, row.cause.pk
    )  # fmt: skip
