"""Ask Skolverket for the objects that its answer left out: are they there as they were sent?

Those that are count as received. Those that are not are sent again, and after some rounds they are errors. A batch
keeps the state UNANSWERED until the last of them is settled; its unsettled objects are those that are still SENT.
"""

import json
import logging
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import PayloadTooLarge, Refused
from provsluss.ss12000.code_lists import Kind
from provsluss.ss12000.ids import as_uuid
from provsluss.transfers.batch_content import payloads_of
from provsluss.transfers.models import Action, Batch, BatchState, ObjectResult, ObjectState, SyncJob
from provsluss.transfers.pipeline.rebatch import send_again_now
from provsluss.transfers.pipeline.record_answers import add_to_counts, note_done
from provsluss.transfers.pipeline.unconfirmed import (
    MAX_UNANSWERED,
    Finding,
    found_by_lookup,
    never_answered,
    sent_again,
    settled_findings,
)
from provsluss.transfers.remote.accepted import RemoteState
from provsluss.transfers.remote.read_back import IDS_PER_LOOKUP

log = logging.getLogger(__name__)


def look_up(batch: Batch, job: SyncJob, kind: Kind, client: ProvisioningClient, there: RemoteState) -> None:
    """Look up the next objects that the batch's answer left out. Raises TemporaryTrouble and NotAuthorised."""
    unsettled = ObjectResult.objects.filter(batch=batch, state=ObjectState.SENT)
    results = {result.object_id: result for result in unsettled.order_by("pk")[:IDS_PER_LOOKUP]}
    payloads = payloads_of(batch, results.keys())
    arrived = _arrived(payloads, job, kind, client)
    again = [i for i in results if i not in arrived and results[i].unanswered < MAX_UNANSWERED]
    lost = [i for i in results if i not in arrived and i not in again]

    now = timezone.now()
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state=BatchState.UNANSWERED, status_calls=batch.status_calls).update(
            status_calls=F("status_calls") + 1, asked_at=now, next_try_at=None
        ):
            return  # somebody else has settled these
        removes = job.action == Action.REMOVE
        for i in arrived:
            _settle(results[i], _good_state(results[i], removes), found_by_lookup(removes))
        for i in lost:
            _settle(results[i], ObjectState.ERROR, never_answered())
        for i in again:
            results[i].findings = [*settled_findings(results[i]), sent_again()]
        unsettled.bulk_update(results.values(), ["state", "finished_at", "findings"], batch_size=200)
        # Rows are locked in the same order as when an answer is recorded: the sync job, then the organisation.
        add_to_counts(job, [results[i].state for i in [*arrived, *lost]])
        note_done(batch, kind, there, {i: payloads[i] for i in arrived})
        if not removes:  # in another form, or later on
            there.never_answered(kind, job.transfer_id, {i: payloads[i] for i in [*lost, *again]})
        if again:
            send_again_now(batch, {i: payloads[i] for i in again})
        if not unsettled.exists():
            Batch.objects.filter(pk=batch.pk).update(state=BatchState.DONE, finished_at=now)


def _arrived(payloads: dict[uuid.UUID, bytes], job: SyncJob, kind: Kind, client: ProvisioningClient) -> list[uuid.UUID]:
    """Those that Skolverket has as they were sent; for a removal, those that it no longer has."""
    try:
        found = {as_uuid(str(one.get("id"))): one for one in client.lookup(kind, payloads)}
    except (Refused, PayloadTooLarge) as refused:
        log.warning("sync job %s: a lookup was refused: %s", job.pk, refused)
        return []
    if job.action == Action.REMOVE:
        return [i for i in payloads if i not in found]
    return [i for i, payload in payloads.items() if i in found and is_as_sent(json.loads(payload), found[i])]


def _good_state(result: ObjectResult, removes: bool) -> ObjectState:
    if removes:
        return ObjectState.REMOVED
    return ObjectState.WARNING if settled_findings(result) else ObjectState.RECEIVED


def _settle(result: ObjectResult, state: ObjectState, finding: Finding) -> None:
    result.state, result.finished_at = state, timezone.now()
    result.findings = [*settled_findings(result), finding]


def is_as_sent(sent: Any, found: Any) -> bool:
    """Whether `found` says all that was sent. It may say more, lists may stand in another order, ids in other case.

    A no where somebody patient would say yes costs nothing but that the object is sent once more.
    """
    if isinstance(sent, dict):
        return isinstance(found, dict) and all(is_as_sent(value, found.get(name)) for name, value in sent.items())
    if isinstance(sent, list):
        return _same_elements(sent, found or [])
    if isinstance(sent, str) and isinstance(found, str):
        return sent == found or (as_uuid(sent) is not None and as_uuid(sent) == as_uuid(found))
    return bool(sent == found)


def _same_elements(sent: list[Any], found: Any) -> bool:
    if not isinstance(found, list) or len(sent) != len(found):
        return False
    left = list(found)
    for element in sent:
        place = next((place for place, other in enumerate(left) if is_as_sent(element, other)), None)
        if place is None:
            return False
        del left[place]
    return True
