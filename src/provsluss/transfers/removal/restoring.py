"""Undo: what a transfer removed is sent again, as it was stored when it was removed."""

import uuid
from collections.abc import Collection, Sequence

from django.utils import timezone

from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.models import Accepted, Action, ObjectResult, RemovedObject, Transfer
from provsluss.transfers.wanted import Wanted

_SNAPSHOT = (
    "name",
    "role",
    "civic_number",
    "eppn",
    "school_unit_code",
    "school_type",
    "school_year",
    "group_type",
    "national_test",
    "member_count",
    "teacher_count",
    "restricted",
)


class Restoration:
    """What a transfer that restores sends: the ids of what the earlier one removed. Needs the organisation's scope."""

    def __init__(self, transfer: Transfer) -> None:
        """`transfer.restores` is the one that removed."""
        self._removed_by = transfer.restores_id
        self._ids: dict[Kind, list[uuid.UUID]] = {kind: [] for kind in KINDS}
        removed = RemovedObject.objects.filter(transfer=self._removed_by, restored_at=None).exclude(payload="")
        for kind, object_id in removed.values_list("kind", "object_id").order_by("object_id"):
            self._ids[kind].append(object_id)  # type: ignore[index]

    def ids(self, kind: Kind) -> list[uuid.UUID]:
        """The ids of one kind, in the order in which they are made ready."""
        return self._ids[kind]

    def objects(self, kind: Kind, ids: Sequence[uuid.UUID]) -> list[Wanted]:
        """The objects `ids` as they were sent before, in that order."""
        removed = RemovedObject.objects.filter(transfer=self._removed_by, kind=kind, object_id__in=ids)
        payloads = {one.object_id: one.payload.encode() for one in removed if one.payload}
        results = ObjectResult.objects.filter(
            sync_job__transfer=self._removed_by, sync_job__kind=kind, sync_job__action=Action.REMOVE, object_id__in=ids
        )
        columns = {row["object_id"]: row for row in results.values("object_id", *_SNAPSHOT)}
        return [
            Wanted(i, {name: columns[i][name] for name in _SNAPSHOT}, payloads[i])
            for i in ids
            if i in payloads and i in columns
        ]


def note_restored(transfer: Transfer, kind: Kind, ids: Collection[uuid.UUID]) -> None:
    """Skolverket has taken these back: they are kept until somebody wants or releases them. Call in a transaction."""
    now = timezone.now()
    accepted = Accepted.objects.filter(
        organisation=transfer.organisation_id, environment=transfer.environment, kind=kind, object_id__in=ids
    )
    accepted.update(kept_at=now, kept_by=transfer.created_by_id)
    removed = RemovedObject.objects.filter(transfer=transfer.restores_id, kind=kind, object_id__in=ids)
    removed.update(restored_at=now)
