"""Which objects a removal is about that waits for somebody's decision: they stay at Skolverket until then."""

import uuid
from collections.abc import Collection

from provsluss.batching import in_pieces
from provsluss.transfers.models import Action, ObjectResult, ObjectState, TransferState


def awaiting_review(environment: str, kind: str, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of `ids` whose removal waits. Needs the organisation's scope."""
    waiting = ObjectResult.objects.filter(
        sync_job__kind=kind,
        sync_job__action=Action.REMOVE,
        sync_job__state=TransferState.NEEDS_REVIEW,
        sync_job__transfer__environment=environment,
        state=ObjectState.WAITING,
    ).order_by()
    if not waiting.exists():
        return set()
    return {
        object_id
        for piece in in_pieces(ids)
        for object_id in waiting.filter(object_id__in=piece).values_list("object_id", flat=True)
    }
