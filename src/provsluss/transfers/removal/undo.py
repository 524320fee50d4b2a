"""What of a removal can still be undone, and until when."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from provsluss.transfers.models import ENDED_STATES, Accepted, RemovedObject, Transfer
from provsluss.transfers.remote.references import named_in
from provsluss.transfers.remote.restoration import left_to_restore, left_to_restore_at_all


@dataclass(frozen=True, slots=True)
class Undoable:
    """How many objects of each kind can be sent back as they were, and until when their payloads are kept.

    `groupless`: so many of the pupils come back into no group, for those that they were in are gone from Skolverket.
    """

    counts: dict[str, int]
    until: datetime
    groupless: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def undoable(transfer: Transfer) -> Undoable | None:
    """What `transfer` has removed and can send back; None when there is nothing, or when it is on its way already.

    Needs the organisation's scope.
    """
    left = left_to_restore([transfer]).order_by()
    counts = dict(left.values_list("kind").annotate(number=Count("pk")))
    if not counts or not transfer.is_ended:
        return None
    if Transfer.objects.filter(restores=transfer).exclude(state__in=ENDED_STATES).exists():
        return None
    first: datetime = left.aggregate(first=Min("removed_at"))["first"]
    return Undoable(counts, first + timedelta(days=settings.PAYLOAD_DAYS), _groupless(transfer, left))


def _groupless(transfer: Transfer, left: "QuerySet[RemovedObject]") -> int:
    groups = Accepted.objects.filter(environment=transfer.environment, kind="groups", perhaps=False)
    there = {str(group_id) for group_id in groups.values_list("object_id", flat=True)}
    come_back = left.filter(kind="groups").values_list("payload", flat=True)
    in_those = set().union(*(named_in("groups", payload) for payload in come_back))
    persons = left.filter(kind="persons").values_list("object_id", "payload", "was_in")
    return sum(
        1
        for object_id, payload, was_in in persons.iterator()
        if there.isdisjoint(was_in) and object_id not in in_those and json.loads(payload).get("enrolments")
    )


def with_something_to_undo(transfers: Iterable[Transfer]) -> set[int]:
    """Those of `transfers` (by pk) that have removed something that can be sent back. One query for a whole list."""
    ended = Transfer.objects.filter(pk__in=[transfer.pk for transfer in transfers if transfer.is_ended]).order_by()
    # Of each the first is enough: one may have removed tens of thousands.
    left = Exists(left_to_restore_at_all().filter(transfer=OuterRef("pk")))
    return set(ended.filter(left).values_list("pk", flat=True))
