"""Undo: what a transfer removed is sent again, as it was stored when it was removed, and put back where it was.

A pupil leaves its groups by being removed, and a duty its activities. Those of them that Skolverket still has are sent
once more with whoever comes back.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.organisations.protection import missing_preparations
from provsluss.register.models import Duty, Person
from provsluss.ss12000.code_lists import KINDS, UNPROTECTED, Kind
from provsluss.transfers.batch_content import compact_json
from provsluss.transfers.desired.objects import Wanted, hold_back_taken_logins
from provsluss.transfers.models import Accepted, Action, ObjectResult, RemovedObject, Transfer, at_todays_addresses
from provsluss.transfers.remote.accepted import NAMED_BY, RemoteState
from provsluss.transfers.remote.display_columns import Codes, sent_columns
from provsluss.transfers.remote.references import named_in, named_kind, naming_no_more, naming_too, needed_by

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
        self._organisation, self._environment = transfer.organisation, transfer.environment
        self._there = RemoteState.of(transfer)
        removed = left_to_restore([transfer.restores_id])
        ids: dict[str, set[uuid.UUID]] = defaultdict(set)
        self._put_back: dict[Kind, dict[uuid.UUID, set[uuid.UUID]]] = {}
        for kind, object_id in removed.values_list("kind", "object_id"):
            ids[kind].add(object_id)
        # Also those whom this very transfer has got back by now: it may have been taken up by another process.
        back = RemovedObject.objects.filter(transfer=transfer.restores_id, restored_at__gte=transfer.created_at)
        for kind, naming in NAMED_BY.items():
            self._put_back[naming] = who_is_put_back(kind, removed, back)
            ids[naming] |= self._put_back[naming].keys()
        self._ids: dict[Kind, list[uuid.UUID]] = {kind: sorted(ids[kind]) for kind in KINDS}

    def ids(self, kind: Kind) -> list[uuid.UUID]:
        """The ids of one kind, in the order in which they are made ready."""
        return self._ids[kind]

    def objects(self, kind: Kind, ids: Sequence[uuid.UUID]) -> list[Wanted]:
        """The objects `ids` as they were sent before, in that order; protected if the register says so by now."""
        removed = left_to_restore([self._removed_by]).filter(kind=kind, object_id__in=ids)
        texts = dict(removed.values_list("object_id", "payload")) | self._with_those_put_back(kind, ids)
        sent = {object_id: json.loads(text) for object_id, text in self._without_the_missing(kind, texts).items()}
        results = ObjectResult.objects.filter(
            sync_job__transfer=self._removed_by, sync_job__kind=kind, sync_job__action=Action.REMOVE, object_id__in=ids
        )
        columns = sent_columns(kind, sent, Codes(self._organisation, self._environment))
        shown_then = {row.pop("object_id"): row for row in results.values("object_id", *_SNAPSHOT)}
        columns |= {object_id: row for object_id, row in shown_then.items() if object_id in columns}
        protected = self._protected(kind, ids)
        restored = []
        for i in (i for i in ids if i in sent):
            if kind == "persons" and i in protected:
                sent[i]["securityMarking"] = protected[i]
            shown = columns[i] | ({"restricted": True} if i in protected else {})
            restored.append(Wanted(i, shown, compact_json(sent[i])))
        self._hold_back(kind, restored)
        return restored

    def _hold_back(self, kind: Kind, restored: list[Wanted]) -> None:
        """As when they are sent at other times: protected persons unprepared, and duties without their person."""
        if kind == "persons":
            protected = [one for one in restored if one.columns["restricted"]]
            missing = missing_preparations(self._organisation) if protected else []
            for one in protected if missing else ():
                one.hold_back_unprepared(missing)
            hold_back_taken_logins(restored, self._there)
        elif kind == "duties":
            holders = {one.object_id: needed_by("persons", (one.payload or b"").decode()) for one in restored}
            there = self._there.present("persons", set().union(*holders.values()))
            for one in restored:
                if not holders[one.object_id] <= there:
                    one.hold_back_without_person(sorted(holders[one.object_id]))

    def _with_those_put_back(self, kind: Kind, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        """What Skolverket has of those of `ids` that some come back to, and those with it."""
        names = self._put_back.get(kind, {})
        there = _at_skolverket(self._organisation, self._environment, kind, [i for i in ids if i in names])
        return {i: naming_too(kind, payload, names[i]).decode() for i, payload in there.items()}

    def _without_the_missing(self, kind: Kind, payloads: dict[uuid.UUID, str]) -> dict[uuid.UUID, str]:
        """Whoever did not get back to Skolverket cannot be referred to."""
        if (others := named_kind(kind)) is None:
            return payloads
        named = set().union(*(named_in(kind, payload) for payload in payloads.values()))
        missing = named - self._there.present(others, named)
        return {i: naming_no_more(kind, payload, missing).decode() for i, payload in payloads.items()}

    def _protected(self, kind: Kind, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
        """The markings of those whom the register protects now, by the id of the person or of the duty."""
        holders = {i: i for i in ids} if kind == "persons" else {}
        if kind == "duties":
            holders = dict(Duty._base_manager.filter(pk__in=ids).values_list("pk", "person_id"))
        marked = Person._base_manager.filter(pk__in=set(holders.values())).exclude(security_marking__in=UNPROTECTED)
        markings = dict(marked.values_list("pk", "security_marking"))
        return {i: markings[holder] for i, holder in holders.items() if holder in markings}


def left_to_restore(transfers: Iterable[Transfer | int | None]) -> "QuerySet[RemovedObject]":
    """What these transfers have removed and can be sent back. Needs the organisation's scope."""
    return left_to_restore_at_all().filter(transfer__in=list(transfers))


def left_to_restore_at_all() -> "QuerySet[RemovedObject]":
    """The same of all transfers: not sent since, and not too old to be known."""
    there = Accepted.objects.filter(
        environment=OuterRef("environment"), kind=OuterRef("kind"), object_id=OuterRef("object_id"), perhaps=False
    )
    removed = RemovedObject.objects.filter(at_todays_addresses("transfer__"), restored_at=None).exclude(payload="")
    return removed.exclude(Exists(there))


def who_is_put_back(kind: Kind, *removed: "QuerySet[RemovedObject]") -> dict[uuid.UUID, set[uuid.UUID]]:
    """The groups (activities) that those of `kind` (persons, duties) among `removed` were in, and who comes back there.

    Some may be gone from Skolverket by now.
    """
    back: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for object_id, was_in in chain(*(some.filter(kind=kind).values_list("object_id", "was_in") for some in removed)):
        for one in was_in:
            back[uuid.UUID(one)].add(object_id)
    return back


def _at_skolverket(
    organisation: Organisation, environment: str, kind: Kind, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """What Skolverket last accepted of these, where it is still kept."""
    rows = Accepted.objects.filter(organisation=organisation, environment=environment, kind=kind, perhaps=False)
    return dict(rows.filter(object_id__in=ids).exclude(payload="").values_list("object_id", "payload"))


def note_restored(transfer: Transfer, kind: Kind, ids: Collection[uuid.UUID]) -> None:
    """Skolverket has taken these back: they are kept until somebody wants or releases them. Call in a transaction.

    A group that had stayed, and only got back its pupils, is kept by nobody.
    """
    now = timezone.now()
    removed = RemovedObject.objects.filter(transfer=transfer.restores_id, kind=kind, object_id__in=ids)
    accepted = Accepted.objects.filter(
        organisation=transfer.organisation_id,
        environment=transfer.environment,
        kind=kind,
        object_id__in=list(removed.values_list("object_id", flat=True)),
    )
    accepted.update(kept_at=now, kept_by=transfer.created_by_id)
    removed.update(restored_at=now)
