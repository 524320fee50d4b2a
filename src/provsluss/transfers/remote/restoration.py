"""Undo: what a transfer removed is sent again, as it was stored when it was removed."""

import json
import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from provsluss.register.models import Duty, Person
from provsluss.ss12000.code_lists import KINDS, Kind
from provsluss.transfers.batch_content import compact_json
from provsluss.transfers.desired.objects import Wanted
from provsluss.transfers.models import Accepted, Action, ObjectResult, RemovedObject, Transfer, at_todays_addresses
from provsluss.transfers.remote.display_columns import Codes, sent_columns

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
        self._organisation, self._environment = transfer.organisation, transfer.environment
        removed = left_to_restore([transfer.restores_id])
        for kind, object_id in removed.values_list("kind", "object_id").order_by("object_id"):
            self._ids[kind].append(object_id)  # type: ignore[index]

    def ids(self, kind: Kind) -> list[uuid.UUID]:
        """The ids of one kind, in the order in which they are made ready."""
        return self._ids[kind]

    def objects(self, kind: Kind, ids: Sequence[uuid.UUID]) -> list[Wanted]:
        """The objects `ids` as they were sent before, in that order; protected if the register says so by now."""
        removed = left_to_restore([self._removed_by]).filter(kind=kind, object_id__in=ids)
        sent = {one.object_id: json.loads(one.payload) for one in removed}
        results = ObjectResult.objects.filter(
            sync_job__transfer=self._removed_by, sync_job__kind=kind, sync_job__action=Action.REMOVE, object_id__in=ids
        )
        columns = sent_columns(kind, sent, Codes(self._organisation, self._environment))
        columns |= {row.pop("object_id"): row for row in results.values("object_id", *_SNAPSHOT)}
        protected = self._protected(kind, ids)
        restored = []
        for i in (i for i in ids if i in sent):
            if kind == "persons" and i in protected:
                sent[i]["securityMarking"] = protected[i]
            shown = columns[i] | ({"restricted": True} if i in protected else {})
            restored.append(Wanted(i, shown, compact_json(sent[i])))
        return restored

    def _protected(self, kind: Kind, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The markings of those whom the register protects now, by the id of the person or of the duty."""
        holders = {i: i for i in ids} if kind == "persons" else {}
        if kind == "duties":
            holders = dict(Duty._base_manager.filter(pk__in=ids).values_list("pk", "person_id"))
        marked = Person._base_manager.filter(pk__in=set(holders.values())).exclude(security_marking__in=("", "Ingen"))
        markings = dict(marked.values_list("pk", "security_marking"))
        return {i: markings[holder] for i, holder in holders.items() if holder in markings}


def left_to_restore(transfers: Iterable[Transfer | int | None]) -> "QuerySet[RemovedObject]":
    """What these transfers have removed and can be sent back: not sent since, and not too old to be known. What was
    removed where an environment is no longer cannot.

    Needs the organisation's scope.
    """
    there = Accepted.objects.filter(
        environment=OuterRef("environment"), kind=OuterRef("kind"), object_id=OuterRef("object_id"), perhaps=False
    )
    removed = RemovedObject.objects.filter(
        at_todays_addresses("transfer__"), transfer__in=list(transfers), restored_at=None
    ).exclude(payload="")
    return removed.exclude(Exists(there))


def note_restored(transfer: Transfer, kind: Kind, ids: Collection[uuid.UUID]) -> None:
    """Skolverket has taken these back: they are kept until somebody wants or releases them. Call in a transaction."""
    now = timezone.now()
    accepted = Accepted.objects.filter(
        organisation=transfer.organisation_id, environment=transfer.environment, kind=kind, object_id__in=ids
    )
    accepted.update(kept_at=now, kept_by=transfer.created_by_id)
    removed = RemovedObject.objects.filter(transfer=transfer.restores_id, kind=kind, object_id__in=ids)
    removed.update(restored_at=now)
