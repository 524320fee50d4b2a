"""What of a removal can still be undone, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from provsluss.transfers.models import ENDED_STATES, Transfer
from provsluss.transfers.remote.restoration import left_to_restore


@dataclass(frozen=True, slots=True)
class Undoable:
    """How many objects of each kind can be sent back as they were, and until when their payloads are kept."""

    counts: dict[str, int]
    until: datetime

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
    return Undoable(counts, first + timedelta(days=settings.PAYLOAD_DAYS))


def with_something_to_undo(transfers: Iterable[Transfer]) -> set[int]:
    """Those of `transfers` (by pk) that have removed something that can be sent back. One query for a whole list."""
    ended = [transfer.pk for transfer in transfers if transfer.is_ended]
    return set(left_to_restore(ended).order_by().values_list("transfer", flat=True).distinct())
