"""The two calls that every batch needs: post it, and ask how its job went."""

import logging
import zlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provsluss.organisations.environments import addresses
from provsluss.provtjanst.answers import JobAnswer, fates
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import (
    NotAuthorised,
    PayloadTooLarge,
    ProvtjanstError,
    Refused,
    TokenRefused,
    TooManyCalls,
    UnknownJob,
)
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import ENDED_STATES, Action, Batch, BatchState, ObjectResult, ObjectState, SyncJob
from provsluss.transfers.pipeline import poll_times
from provsluss.transfers.pipeline.batch_size import learn_from_refusal
from provsluss.transfers.pipeline.rebatch import split
from provsluss.transfers.pipeline.record_answers import record_answer, record_refusal
from provsluss.transfers.remote.accepted import RemoteState

log = logging.getLogger(__name__)

MAX_SPLITS = 500
"""So many times a sync job halves a batch that was refused as a whole; after that the batch's objects are errors."""
MAX_FORGOTTEN = 5
"""So many times a batch is posted again because Skolverket no longer knew its job."""


def post(batch: Batch, job: SyncJob, kind: Kind, client: ProvisioningClient, there: RemoteState) -> None:
    """Send the batch, and store its job id before anything else happens.

    Raises TemporaryTrouble (try again later) and NotAuthorised. A crash between Skolverket's yes and the stored job id
    repeats the call; `updateIfExists=true` makes that harmless, as it is to remove what is gone. `attempts`, raised
    before, makes it visible, also to whoever stops the transfer: nobody knows then what came of the call. From here
    until the answer nobody knows what Skolverket has of these objects, so what it had before is forgotten first.
    """
    removes = job.action == Action.REMOVE
    path = "/bulk/delete" if removes else "/bulk?updateIfExists=true"
    address = f"{addresses(job.transfer.environment).provisioning}/{kind}{path}"
    call = client.delete_bulk if removes else client.post_bulk
    # Without a token, or with somebody else's, no call is made: nothing is noted of one.
    client.authorise()
    with transaction.atomic():
        # The lock makes who stops the transfer come before, and then nothing is sent, or after, and see the attempt.
        if SyncJob.objects.select_for_update(no_key=True).get(pk=job.pk).state in ENDED_STATES:
            return
        Batch.objects.filter(pk=batch.pk).update(attempts=F("attempts") + 1, url=address, posted_at=timezone.now())
        forgotten = there.about_to_call(kind, ObjectResult.objects.filter(batch=batch).values("object_id"))
    try:
        posted = call(kind, zlib.decompress(bytes(batch.payload or b"")))
    except PayloadTooLarge as too_large:
        learn_from_refusal(job.transfer.environment, batch.byte_size)
        _divide(batch, job, too_large, "Skolverket tyckte att anropet var för stort.", "too_large")
        return
    except Refused as refused:
        _divide(batch, job, refused, "Skolverket nekade hela anropet.", "refused")
        return
    except (NotAuthorised, TokenRefused, CertificateProblem, TooManyCalls):
        # We were not even let in: nothing came of this attempt.
        Batch.objects.filter(pk=batch.pk).update(attempts=F("attempts") - 1)
        there.was_not_called(forgotten)
        raise
    now = timezone.now()
    with transaction.atomic():
        if Batch.objects.filter(pk=batch.pk, state=BatchState.PREPARED).update(
            state=BatchState.POSTED,
            job_id=posted.job_id,
            status_code=posted.status_code,
            reply=posted.body,
            reply_headers=posted.headers,
            url=posted.url,
            posted_at=now,
            status_calls=0,
            next_try_at=poll_times.first_question(job, now),
            problem="",
        ):
            SyncJob.objects.filter(pk=job.pk).update(sent=F("sent") + batch.object_count)
            ObjectResult.objects.filter(batch=batch).update(state=ObjectState.SENT)


def ask(batch: Batch, job: SyncJob, kind: Kind, client: ProvisioningClient, there: RemoteState) -> None:
    """Ask how the batch's job goes, and store the answer if it is done. Raises TemporaryTrouble and NotAuthorised."""
    try:
        answer = _answer(batch, job, kind, client)
    except UnknownJob:
        _post_again(batch, job)
        return
    except (Refused, PayloadTooLarge) as refused:
        record_refusal(batch, refused.entries, "Skolverket ville inte berätta hur det gick. Skicka igen.", "refused")
        return
    now = timezone.now()
    if answer is not None:
        SyncJob.objects.filter(pk=job.pk).update(job_seconds=poll_times.learned_job_seconds(job, batch, now))
        Batch.objects.filter(pk=batch.pk).update(status_calls=F("status_calls") + 1, asked_at=now)
        record_answer(batch, kind, answer.items, answer.raw, there)
    elif batch.posted_at and now - batch.posted_at > timedelta(hours=settings.JOB_PATIENCE_HOURS):
        # Only now, when Skolverket says that it has not ended: while nobody answers it may have.
        record_refusal(batch, [], "Skolverket blev aldrig klart med anropet. Skicka igen.", "never_completed")
    else:
        Batch.objects.filter(pk=batch.pk).update(
            status_calls=F("status_calls") + 1,
            asked_at=now,
            next_try_at=poll_times.next_question(job, batch, now),
            problem="",
        )


def _answer(batch: Batch, job: SyncJob, kind: Kind, client: ProvisioningClient) -> JobAnswer | None:
    """The answer of the job when it has ended, or None while Skolverket is still working on it.

    An ended job's answer can lack objects, or call them pending for ever.
    """
    now = timezone.now()
    if not poll_times.is_likely_done(job, batch, now) and not client.is_completed(kind, batch.job_id):
        return None
    answer = client.job(kind, batch.job_id)
    if _is_whole(answer, batch):
        return answer
    if any(item.status == "Pending" for item in answer.items) and not poll_times.is_overdue(job, batch, now):
        return None
    # Something is not there. Only Skolverket can say whether that is the end of it; what came in between is in the
    # answer then.
    return client.job(kind, batch.job_id) if client.is_completed(kind, batch.job_id) else None


def _is_whole(answer: JobAnswer, batch: Batch) -> bool:
    sent = ObjectResult.objects.filter(batch=batch).values_list("object_id", flat=True)
    return set(sent) <= fates(answer.items).keys()


def _divide(batch: Batch, job: SyncJob, refusal: ProvtjanstError, sentence: str, code: str) -> None:
    """One object can spoil a whole call: try the halves apart, down to the single object that is the cause."""
    Batch.objects.filter(pk=batch.pk).update(status_code=refusal.status_code, reply=refusal.body, problem=sentence)
    if batch.object_count > 1 and job.batches.filter(state=BatchState.SPLIT).count() < MAX_SPLITS:
        split(batch)
    else:
        record_refusal(batch, refusal.entries, sentence, code)


def _post_again(batch: Batch, job: SyncJob) -> None:
    log.warning("batch %s: its job is no longer known", batch.pk)
    if batch.forgotten >= MAX_FORGOTTEN:
        record_refusal(batch, [], "Skolverket tappade bort anropet flera gånger. Skicka igen.", "job_lost")
        return
    with transaction.atomic():
        if Batch.objects.filter(pk=batch.pk, state=BatchState.POSTED).update(
            state=BatchState.PREPARED, job_id="", next_try_at=None, forgotten=F("forgotten") + 1
        ):
            SyncJob.objects.filter(pk=job.pk).update(sent=F("sent") - batch.object_count)
            ObjectResult.objects.filter(batch=batch).update(state=ObjectState.WAITING)
