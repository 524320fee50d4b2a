"""What Skolverket has accepted from an organisation in one environment: the state that every plan is made against."""

import hashlib
import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import Accepted, ObjectResult, RemovedObject


def payload_hash(payload: bytes) -> str:
    """The fingerprint by which two payloads of an object are compared."""
    return hashlib.sha256(payload).hexdigest()


class Present(Protocol):
    """Tells which objects can be referred to."""

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that Skolverket has, or will have when they are needed."""


class AtSkolverket:
    """The accepted objects of one organisation and environment. The organisation's scope must be active."""

    def __init__(self, organisation: Organisation, environment: str) -> None:
        self._accepted = Accepted.objects.filter(organisation=organisation, environment=environment)
        self._organisation, self._environment = organisation, environment

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that have been accepted."""
        return set(self._accepted.filter(kind=kind, object_id__in=ids).values_list("object_id", flat=True))

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

    def forget_payloads(self, kind: Kind, ids: "QuerySet[ObjectResult, Any]") -> None:
        """These objects are about to be sent: until the answer has come, no payload counts as the accepted one.

        They stay present; something of theirs is at Skolverket.
        """
        about_to_be_sent = self._accepted.filter(kind=kind, object_id__in=ids)
        about_to_be_sent.update(payload_hash="", posted_at=timezone.now())

    def accept(
        self,
        kind: Kind,
        transfer_id: int,
        answers: Iterable[tuple[uuid.UUID, bytes, bool]],
        posted_at: datetime | None = None,
    ) -> None:
        """Remember (id, payload, with_warning) as what Skolverket now has, since a call made at `posted_at` (or now).

        Of an object that a later call has been about (one person's transfer runs beside a large one) nobody can say
        which of the two Skolverket took last: it stays present, and is sent once more. Call in a transaction.
        """
        now = timezone.now()
        posted_at, answers = posted_at or now, list(answers)
        overtaken = self._overtaken(kind, [object_id for object_id, _, _ in answers], posted_at)
        unsure = set(overtaken.values_list("object_id", flat=True))
        overtaken.update(payload_hash="")
        Accepted.objects.bulk_create(
            [
                Accepted(
                    organisation=self._organisation,
                    environment=self._environment,
                    kind=kind,
                    object_id=object_id,
                    payload_hash=payload_hash(payload),
                    payload=payload.decode(),
                    transfer_id=transfer_id,
                    accepted_at=now,
                    posted_at=posted_at,
                    with_warning=with_warning,
                )
                for object_id, payload, with_warning in answers
                if object_id not in unsure
            ],
            update_conflicts=True,
            unique_fields=["organisation", "environment", "kind", "object_id"],
            update_fields=["payload_hash", "payload", "transfer", "accepted_at", "posted_at", "with_warning"],
        )

    def _overtaken(self, kind: Kind, ids: Collection[uuid.UUID], posted_at: datetime) -> "QuerySet[Accepted, Any]":
        """Those of `ids` that a call posted after `posted_at` has been about."""
        # One after the other: nobody else writes these rows between our look at them and our own writing.
        Organisation.objects.select_for_update(no_key=True).get(pk=self._organisation.pk)
        return self._accepted.filter(kind=kind, object_id__in=ids, posted_at__gt=posted_at)

    def take_away(self, kind: Kind, transfer_id: int, ids: Collection[uuid.UUID], posted_at: datetime) -> None:
        """Skolverket no longer has these, unless they have been sent again since the removal was posted.

        What would bring them back is kept. Call in a transaction.
        """
        sent_since = set(self._overtaken(kind, ids, posted_at).values_list("object_id", flat=True))
        gone = list(self._accepted.filter(kind=kind, object_id__in=set(ids) - sent_since))
        RemovedObject.objects.bulk_create(
            [
                RemovedObject(
                    organisation=self._organisation,
                    environment=self._environment,
                    kind=kind,
                    object_id=one.object_id,
                    payload=one.payload,
                    transfer_id=transfer_id,
                )
                for one in gone
            ],
            batch_size=500,
            ignore_conflicts=True,
        )
        Accepted._base_manager.filter(pk__in=[one.pk for one in gone]).delete()


class Planned:
    """For a preview: what Skolverket has, and what this plan would send before it is needed."""

    def __init__(self, there: AtSkolverket) -> None:
        self._there = there
        self._planned: dict[Kind, set[uuid.UUID]] = {}

    def will_send(self, kind: Kind, ids: Iterable[uuid.UUID]) -> None:
        """Note that these objects would be sent."""
        self._planned.setdefault(kind, set()).update(ids)

    def present(self, kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of `ids` that have been accepted or would be sent."""
        planned = self._planned.get(kind, set())
        return self._there.present(kind, [i for i in ids if i not in planned]) | planned.intersection(ids)
