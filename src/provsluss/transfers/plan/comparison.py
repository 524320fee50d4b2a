"""A plan held against the transfer that followed it: what was planned, what happened, and where they differ."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from provsluss.batching import in_pieces
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.models import (
    Action,
    ObjectResult,
    ObjectState,
    Plan,
    PlannedFate,
    PlannedObject,
    SyncJob,
    Transfer,
    TransferState,
)

_Rows = QuerySet[PlannedObject] | QuerySet[ObjectResult]

TO_SEND = (PlannedFate.NEW, PlannedFate.CHANGED)
_ARRIVED = (ObjectState.RECEIVED, ObjectState.WARNING)
_OPEN = (ObjectState.WAITING, ObjectState.SENT)


@dataclass(frozen=True, slots=True)
class KindComparison:
    """One kind in numbers: what the plan said and what the transfer did."""

    kind: Kind
    planned_to_send: int
    refused_before: int
    """So many of those that were planned to be sent Skolverket had refused the last time."""
    arrived: int
    refused: int
    planned_withheld: int
    withheld: int
    planned_removed: int
    removed: int
    differences: int
    to_review: int
    """So many of the differences wait for somebody's decision."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that did not go as planned. `planned` is empty for one that the plan did not name, else a fate or
    REFUSED_BEFORE."""

    kind: Kind
    object_id: uuid.UUID
    name: str
    school_unit_code: str
    restricted: bool
    planned: str
    happened: str
    result_id: int | None
    elsewhere: int | None = None
    """The transfer that had dealt with the object meanwhile, where this one had nothing to do with it."""
    went_away: bool = False
    """Whether that other transfer removed it."""

    @property
    def sentence(self) -> str:
        """What happened instead, in a few words."""
        if self.elsewhere:
            did = "tagits bort av" if self.went_away else "tagits emot i"
            return f"{_PLANNED[self.planned]} Hade redan då {did} överföring {self.elsewhere}."
        if self.planned == PlannedFate.REMOVED and self.happened == _NOTHING:
            return f"{_PLANNED[self.planned]} Skulle inte tas bort längre, när det blev dags."
        return f"{_PLANNED[self.planned]} {_HAPPENED[self.happened]}"


REFUSED_BEFORE = "refused_before"
_PLANNED = {
    "": "Var inte med i planen.",
    REFUSED_BEFORE: "Nekades senast, och väntades nekas igen.",
    PlannedFate.NEW: "Skulle skickas som ny.",
    PlannedFate.CHANGED: "Skulle skickas med ändringar.",
    PlannedFate.WITHHELD: "Skulle hållas inne.",
    PlannedFate.REMOVED: "Skulle tas bort.",
}
_NOTHING, _TO_REVIEW, _TOO_LATE = "nothing", "to_review", "too_late"
_HAPPENED: dict[str, str] = {
    _NOTHING: "Skickades inte.",
    _TO_REVIEW: "Väntar på granskning.",
    _TOO_LATE: "Hann inte göras innan överföringen avbröts.",
    ObjectState.WAITING: "Väntar fortfarande.",
    ObjectState.SENT: "Skickades, men svaret har inte kommit.",
    ObjectState.RECEIVED: "Skickades och togs emot.",
    ObjectState.WARNING: "Skickades och togs emot med varning.",
    ObjectState.ERROR: "Nekades av Skolverket.",
    ObjectState.WITHHELD: "Hölls inne.",
    ObjectState.UNCHANGED: "Finns kvar hos Skolverket.",
    ObjectState.REMOVED: "Togs bort.",
}


def compare(plan: Plan, transfer: Transfer) -> list[KindComparison]:
    """Kind by kind. Needs the organisation's scope."""
    rows = PlannedObject.objects.filter(plan=plan).order_by()
    counted = rows.values_list("kind", "fate").annotate(Count("pk"))
    refused_before = dict(rows.filter(refused_before=True, fate__in=TO_SEND).values_list("kind").annotate(Count("pk")))
    planned = {(kind, fate): number for kind, fate, number in counted}
    jobs = {(job.kind, job.action): job for job in transfer.sync_jobs.all()}
    outcomes = []
    for kind in KINDS:
        sent, removal = jobs.get((kind, Action.SEND)), jobs.get((kind, Action.REMOVE))
        parts = _parts(plan, kind, sent, removal, transfer)
        reviewed = transfer.state == TransferState.NEEDS_REVIEW
        outcomes.append(
            KindComparison(
                kind=kind,
                planned_to_send=sum(planned.get((kind, fate), 0) for fate in TO_SEND),
                refused_before=refused_before.get(kind, 0),
                arrived=_results(sent).filter(state__in=_ARRIVED).count(),
                refused=sent.error if sent else 0,
                planned_withheld=planned.get((kind, PlannedFate.WITHHELD), 0),
                withheld=sent.withheld if sent else 0,
                planned_removed=planned.get((kind, PlannedFate.REMOVED), 0),
                removed=removal.removed if removal else 0,
                differences=sum(part.count() for part in parts),
                to_review=parts.stayed.filter(happened__in=_OPEN).count() if reviewed else 0,
            )
        )
    return outcomes


def differences(plan: Plan, transfer: Transfer) -> Iterator[Difference]:
    """The objects that did not go as planned, kind by kind, those that the plan named first. Needs the scope."""
    jobs = {(job.kind, job.action): job for job in transfer.sync_jobs.all()}
    for kind in KINDS:
        sent, removal = jobs.get((kind, Action.SEND)), jobs.get((kind, Action.REMOVE))
        for part in _parts(plan, kind, sent, removal, transfer):
            rows = part.order_by("restricted", "name", "pk").iterator(chunk_size=1000)
            for piece in in_pieces(rows):
                found = [_difference(kind, row, transfer) for row in piece]
                meanwhile = _done_elsewhere(plan, transfer, kind, found)
                for one in found:
                    yield replace(one, **meanwhile.get(one.object_id, {}))


class _Parts(NamedTuple):
    """What differs of one kind: planned to be sent or held back, happened unplanned, and the same for removals."""

    otherwise: _Rows
    unplanned: _Rows
    stayed: Any  # annotated with what happened
    removed: _Rows


def _parts(plan: Plan, kind: Kind, sent: SyncJob | None, removal: SyncJob | None, transfer: Transfer) -> _Parts:
    """While the transfer moves, what waits or has not come to its turn is as planned; once it rests, nothing comes."""
    rows = PlannedObject.objects.filter(plan=plan, kind=kind)
    may_come = () if transfer.is_at_rest else (*_OPEN, _NOTHING)
    otherwise = _with_result(rows, sent).filter(
        Q(fate__in=TO_SEND, refused_before=False) & ~Q(happened__in=[*_ARRIVED, *may_come])
        | Q(fate__in=TO_SEND, refused_before=True) & ~Q(happened__in=[ObjectState.ERROR, *may_come])
        | Q(fate=PlannedFate.WITHHELD) & ~Q(happened__in=[ObjectState.WITHHELD, _NOTHING])
    )
    stayed = _with_result(rows.filter(fate=PlannedFate.REMOVED), removal).filter(
        Q(refused_before=False) & ~Q(happened__in=[ObjectState.REMOVED, *may_come])
        | Q(refused_before=True) & ~Q(happened__in=[ObjectState.ERROR, *may_come])
    )
    removed = _results(removal).filter(state=ObjectState.REMOVED)
    return _Parts(
        otherwise,
        _results(sent).exclude(_is_planned(plan, kind, [*TO_SEND, PlannedFate.WITHHELD])),
        stayed,
        removed.exclude(_is_planned(plan, kind, [PlannedFate.REMOVED])),
    )


def _with_result(rows: "QuerySet[PlannedObject]", job: SyncJob | None) -> Any:
    """`rows` with what happened to each in `job`, and the result's key."""
    result = _results(job).filter(object_id=OuterRef("object_id")).order_by()
    return rows.annotate(
        happened=Coalesce(Subquery(result.values("state")[:1]), Value(_NOTHING)),
        result_id=Subquery(result.values("pk")[:1]),
    )


def _results(job: SyncJob | None) -> "QuerySet[ObjectResult]":
    if job is None:
        return ObjectResult.objects.none()
    # Without a call nothing was sent: an unchanged group that still lacks somebody has a row of its own all the same.
    return ObjectResult.objects.filter(sync_job=job).exclude(batch=None, state=ObjectState.WARNING)


def _is_planned(plan: Plan, kind: Kind, fates: list[PlannedFate]) -> Exists:
    named = PlannedObject.objects.filter(plan=plan, kind=kind, fate__in=fates, object_id=OuterRef("object_id"))
    return Exists(named)


def _difference(kind: Kind, row: PlannedObject | ObjectResult, transfer: Transfer) -> Difference:
    if isinstance(row, PlannedObject):
        happened, result_id = row.happened, row.result_id  # type: ignore[attr-defined]
    else:
        happened, result_id = row.state, row.pk
    if happened == ObjectState.WAITING and transfer.is_at_rest:
        happened = _TO_REVIEW if transfer.state == TransferState.NEEDS_REVIEW else _TOO_LATE
    return Difference(
        kind=kind,
        object_id=row.object_id,
        name=row.name,
        school_unit_code=row.school_unit_code,
        restricted=row.restricted,
        planned=_planned(row) if isinstance(row, PlannedObject) else "",
        happened=happened,
        result_id=result_id,
    )


def _done_elsewhere(
    plan: Plan, transfer: Transfer, kind: Kind, found: list[Difference]
) -> dict[uuid.UUID, dict[str, Any]]:
    """Of those that nothing happened to here: which other transfer had sent or removed them since they were planned.

    By then there was nothing left to do with them, so "was not sent" would be half the truth.
    """
    ids = [one.object_id for one in found if one.happened == _NOTHING and one.planned]
    ends = transfer.finished_at or timezone.now()
    done = ObjectResult.objects.filter(
        object_id__in=ids,
        sync_job__kind=kind,
        sync_job__transfer__environment=plan.environment,
        state__in=[*_ARRIVED, ObjectState.REMOVED],
        batch__isnull=False,
        finished_at__gt=plan.created_at,
        finished_at__lte=ends,
    ).exclude(sync_job__transfer=transfer)
    latest = done.order_by("finished_at", "pk").values_list("object_id", "sync_job__transfer_id", "state")
    removed = ObjectState.REMOVED
    return {
        object_id: {"elsewhere": transfer_id, "went_away": state == removed} for object_id, transfer_id, state in latest
    }


def _planned(row: PlannedObject) -> str:
    return REFUSED_BEFORE if row.refused_before else row.fate
