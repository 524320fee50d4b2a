"""What Skolverket has accepted from an organisation in one place: the state that every plan is made against."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from provsluss.batching import in_pieces
from provsluss.organisations import locks
from provsluss.organisations.environments import place
from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.desired.payload_hash import payload_hash
from provsluss.transfers.desired.selection import everything_wanted
from provsluss.transfers.models import ONE_ACCEPTED, Accepted, ObjectResult, RemovedObject, Transfer
from provsluss.transfers.remote.login_names import holders_among, login_hash_in
from provsluss.transfers.remote.references import named_in, named_kind, naming_no_more, needed_by

NAMED_BY: dict[Kind, Kind] = {"persons": "groups", "duties": "activities"}
"""Which objects list those of a kind."""
LEFT_BY_REMOVAL: tuple[Kind, ...] = ("groups",)
"""Skolverket itself takes whom it removes out of these (rules.md X2, P24)."""
NEEDED_BY: dict[Kind, Kind] = {"persons": "duties", "groups": "activities"}
"""Which objects are nothing without the one of a kind that they refer to."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was known of the objects of a call before it: those of which a payload was, as they were then."""

    at: datetime
    rows: list[Accepted]


class RemoteState:
    """The accepted objects of one organisation in one place. The organisation's scope must be active."""

    def __init__(self, organisation: Organisation, environment: str, address: str = "") -> None:
        """Without `address` the place is where `environment` is today."""
        self._organisation = organisation
        self._place = {"environment": environment, "address": address or place(environment)}
        self._accepted = Accepted.everywhere.filter(organisation=organisation, **self._place)

    @classmethod
    def of(cls, transfer: Transfer) -> "RemoteState":
        """Where `transfer` sends to, or did."""
        return cls(transfer.organisation, transfer.environment, transfer.address)

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that have been accepted. What is only perhaps there cannot be referred to."""
        accepted = self._accepted.filter(kind=kind, object_id__in=ids, perhaps=False)
        return set(accepted.values_list("object_id", flat=True))

    def stay_in(self, kind: Kind, named: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """Whom these groups (activities) name at Skolverket though they are not among `named`, and nobody wants them.

        They are to be removed, wait for somebody's decision or are kept by one. As long as Skolverket has a pupil, it
        stays in its groups, and a duty in its activities; it leaves them by being removed.
        """
        others = named_kind(kind)
        rows = self._accepted.filter(kind=kind, object_id__in=named)
        there = {i: named_in(kind, payload) - set(named[i]) for i, payload in rows.values_list("object_id", "payload")}
        left = set().union(*there.values())
        if not left or others is None:
            return {}
        unwanted = self.present(others, left - everything_wanted(self._organisation).wanted_among(others, left))
        return {object_id: found for object_id, ids in there.items() if (found := ids & unwanted)}

    def login_holders(self, eppns: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
        """Of these persons with their EPPN: those whose EPPN another id has at Skolverket. With the civic number of
        that one where it is known and nobody wants it any more, so that it is to be removed."""
        taken = holders_among(self._accepted, self._organisation.pk, eppns)
        others = {other for other, _ in taken.values()}
        wanted = everything_wanted(self._organisation).wanted_among("persons", others) if others else set()
        return {person: "" if other in wanted else number for person, (other, number) in taken.items()}

    def unchanged(self, kind: Kind, payloads: dict[uuid.UUID, bytes]) -> set[uuid.UUID]:
        """Those whose payload is the one last accepted.

        A group that was accepted with a warning counts as changed: Skolverket may have dropped pupils that it did not
        know then, and must be sent the group again (rules.md G5).
        """
        accepted = self._accepted.filter(kind=kind, object_id__in=payloads)
        if kind == "groups":
            accepted = accepted.filter(with_warning=False)
        return {
            object_id
            for object_id, known_hash in accepted.values_list("object_id", "payload_hash")
            if known_hash == payload_hash(payloads[object_id])
        }

    def about_to_call(self, kind: Kind, ids: "QuerySet[ObjectResult, Any]") -> "Forgotten":
        """These objects are about to be sent or removed: until the answer has come, no payload counts as the accepted.

        They stay present; something of theirs is at Skolverket. Returns what `was_not_called` needs.
        """
        now = timezone.now()
        with transaction.atomic():
            self._take_turns()
            about = self._accepted.filter(kind=kind, object_id__in=ids)
            known = list(about.exclude(payload_hash="").only("payload_hash", "posted_at"))
            about.update(payload_hash="", posted_at=now)
        return Forgotten(now, known)

    def was_not_called(self, forgotten: "Forgotten") -> None:
        """Skolverket never heard of the call: it has what it had. Not of what another call has been about since."""
        with transaction.atomic():
            self._take_turns()
            same = {"payload_hash": "", "posted_at": forgotten.at}
            for piece in in_pieces(forgotten.rows):
                untouched = Accepted._base_manager.filter(pk__in=[row.pk for row in piece], **same)
                still = set(untouched.values_list("pk", flat=True))
                again = [row for row in piece if row.pk in still]
                Accepted._base_manager.bulk_update(again, ["payload_hash", "posted_at"])

    def accept(
        self,
        kind: Kind,
        transfer_id: int,
        answers: Iterable[tuple[uuid.UUID, bytes, bool]],
        posted_at: datetime | None = None,
    ) -> None:
        """Remember (id, payload, with_warning) as what Skolverket now has, since a call made at `posted_at` (or now).

        Where another call about an object was under way at the same time (one person's transfer runs beside a large
        one), nobody can say which of the two Skolverket took last: it stays present, and is sent once more. Call in a
        transaction.
        """
        now = timezone.now()
        posted_at, answers = posted_at or now, list(answers)
        ids = [object_id for object_id, _, _ in answers]
        unsure = self._doubt(self._overlapping(kind, ids, posted_at))
        # In one form or the other they are there by now.
        self._accepted.filter(kind=kind, object_id__in=unsure, perhaps=True).update(perhaps=False)
        removed_since = set(
            RemovedObject.objects.filter(
                organisation=self._organisation,
                transfer__address=self._place["address"],
                environment=self._place["environment"],
                kind=kind,
                object_id__in=ids,
                removed_at__gt=posted_at,
            ).values_list("object_id", flat=True)
        )
        Accepted.objects.bulk_create(
            [
                Accepted(
                    organisation=self._organisation,
                    **self._place,
                    kind=kind,
                    object_id=object_id,
                    payload_hash="" if object_id in removed_since else payload_hash(payload),
                    payload=payload.decode(),
                    login_hash=login_hash_in(self._organisation.pk, kind, payload),
                    transfer_id=transfer_id,
                    accepted_at=now,
                    posted_at=posted_at,
                    with_warning=with_warning,
                    perhaps=False,
                )
                for object_id, payload, with_warning in answers
                if object_id not in unsure
            ],
            update_conflicts=True,
            unique_fields=ONE_ACCEPTED,
            update_fields=[
                "payload_hash",
                "payload",
                "login_hash",
                "transfer",
                "accepted_at",
                "posted_at",
                "with_warning",
                "perhaps",
            ],
        )

    def never_answered(self, kind: Kind, transfer_id: int, payloads: Mapping[uuid.UUID, bytes]) -> None:
        """A call with these was made, and what came of it will never be known: Skolverket may have them, or get them.

        What had been accepted before stays so, without any payload that counts. The rest is remembered as perhaps
        there, so that it is removed one day when nobody wants it (a removal of what is not there is harmless, rules.md
        X1); until it has been accepted nothing refers to it. Whoever is answered after us shall see that nobody knows
        which call Skolverket took last. Call in a transaction.
        """
        now = timezone.now()
        self._take_turns()
        self._accepted.filter(kind=kind, object_id__in=payloads).update(payload_hash="", accepted_at=now)
        Accepted.objects.bulk_create(
            [
                Accepted(
                    organisation=self._organisation,
                    **self._place,
                    kind=kind,
                    object_id=object_id,
                    payload_hash="",
                    payload=payload.decode(),
                    login_hash=login_hash_in(self._organisation.pk, kind, payload),
                    transfer_id=transfer_id,
                    accepted_at=now,
                    posted_at=now,
                    perhaps=True,
                )
                for object_id, payload in payloads.items()
            ],
            ignore_conflicts=True,
        )

    def forget_missing(self, kind: Kind, ids: Collection[uuid.UUID], asked_at: datetime) -> int:
        """Skolverket had none of these when it was asked at `asked_at`: they count as never sent, and are sent again.

        What refers to them has lost them at Skolverket (rules.md P24), so it is sent again too. What a call has been
        about since is left alone. Returns how many. Call in a transaction.
        """
        known_since = set(self._overlapping(kind, ids, asked_at).values_list("object_id", flat=True))
        gone = set(ids) - known_since
        self._doubt_what_names(kind, gone)
        self._doubt_what_needs(kind, gone)
        forgotten = 0
        for piece in in_pieces(gone):
            forgotten += self._accepted.filter(kind=kind, object_id__in=piece).delete()[0]
        return forgotten

    def _overlapping(self, kind: Kind, ids: Collection[uuid.UUID], posted_at: datetime) -> "QuerySet[Accepted, Any]":
        """Those of `ids` that another call has been about after `posted_at`: posted since, or answered since."""
        self._take_turns()
        since = Q(posted_at__gt=posted_at) | Q(accepted_at__gt=posted_at)
        return self._accepted.filter(since, kind=kind, object_id__in=ids)

    def _take_turns(self) -> None:
        """Nobody else writes these rows between our look at them and our own writing."""
        locks.take_turn(locks.Purpose.ACCEPTED, self._organisation.pk)

    def _doubt(self, overlapping: "QuerySet[Accepted, Any]") -> set[uuid.UUID]:
        """Nobody knows what Skolverket has of these; whoever is answered after us shall see that too."""
        pairs = list(overlapping.values_list("pk", "object_id"))
        Accepted._base_manager.filter(pk__in=[pk for pk, _ in pairs]).update(
            payload_hash="", accepted_at=timezone.now()
        )
        return {object_id for _, object_id in pairs}

    def take_away(self, kind: Kind, transfer_id: int, ids: Collection[uuid.UUID], posted_at: datetime) -> None:
        """Skolverket no longer has these, unless another call about them was under way at the same time.

        What would bring them back is kept. Persons leave their groups by it; activities are sent again without the
        duties, for nobody says what becomes of those. What cannot be without them is sent again too, if it is wanted.
        Call in a transaction.
        """
        gone_ids = set(ids) - self._doubt(self._overlapping(kind, ids, posted_at))
        left = self._leave(kind, gone_ids)
        self._doubt_what_needs(kind, gone_ids)
        gone = list(self._accepted.filter(kind=kind, object_id__in=gone_ids))
        RemovedObject.objects.bulk_create(
            [
                RemovedObject(
                    organisation=self._organisation,
                    environment=self._place["environment"],
                    kind=kind,
                    object_id=one.object_id,
                    payload=one.payload,
                    was_in=sorted(map(str, left.get(one.object_id, ()))),
                    transfer_id=transfer_id,
                )
                for one in gone
                if not one.perhaps  # what may never have been there is nothing to bring back
            ],
            batch_size=500,
            ignore_conflicts=True,
        )
        Accepted._base_manager.filter(pk__in=[one.pk for one in gone]).delete()

    def _leave(self, kind: Kind, ids: set[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """Take these out of the groups (activities) that name them. Returns which each of them was in."""
        if kind not in NAMED_BY:
            return {}
        naming, left, fewer = NAMED_BY[kind], defaultdict(set), []
        rows = self._accepted.filter(kind=naming).only("object_id", "payload", "payload_hash").order_by()
        for row in rows.iterator():
            if leaving := named_in(naming, row.payload) & ids:
                for one in leaving:
                    left[one].add(row.object_id)
                payload = naming_no_more(naming, row.payload, leaving)
                row.payload = payload.decode()
                row.payload_hash = payload_hash(payload) if row.payload_hash and naming in LEFT_BY_REMOVAL else ""
                fewer.append(row)
        Accepted._base_manager.bulk_update(fewer, ["payload", "payload_hash"], batch_size=200)
        return left

    def _doubt_what_names(self, kind: Kind, ids: set[uuid.UUID]) -> None:
        if kind in NAMED_BY:
            naming = NAMED_BY[kind]
            self._doubt_where(naming, lambda payload: not ids.isdisjoint(named_in(naming, payload)))

    def _doubt_what_needs(self, kind: Kind, ids: set[uuid.UUID]) -> None:
        if kind in NEEDED_BY:
            self._doubt_where(NEEDED_BY[kind], lambda payload: not ids.isdisjoint(needed_by(kind, payload)))

    def _doubt_where(self, kind: Kind, is_meant: Callable[[str], bool]) -> None:
        known = self._accepted.filter(kind=kind).exclude(payload_hash="").order_by()
        losing = [pk for pk, payload in known.values_list("pk", "payload").iterator() if is_meant(payload)]
        for piece in in_pieces(losing):
            Accepted._base_manager.filter(pk__in=piece).update(payload_hash="")
