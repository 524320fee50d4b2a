"""Changes of state of a transfer and its sync jobs, and of calls whose answers nobody will fetch."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from provsluss.organisations.environments import place
from provsluss.transfers.lifecycle.move import Why, move_jobs, move_transfers
from provsluss.transfers.models import (
    AT_REST_STATES,
    Batch,
    BatchState,
    Category,
    Cause,
    SyncJob,
    Transfer,
    TransferState,
)
from provsluss.transfers.remote.unconfirmed import note_never_answered


def went_elsewhere(transfer: Transfer) -> str:
    """Why nothing more comes of a transfer whose environment has got another address since, in Swedish."""
    return (
        f"Överföringen gäller adressen {transfer.address}, men {transfer.get_environment_display()} har nu adressen "
        f"{place(transfer.environment)}. Tryck på Skicka till Skolverket, så börjar en ny till den adressen."
    )


def start(which: "QuerySet[Transfer]") -> bool:
    """Its turn has come: mark the transfer in `which` as running. Harmless to repeat; False where it may not run."""
    with transaction.atomic():
        started = move_transfers(which, TransferState.RUNNING, Why(Cause.STARTED), stay=True)
        Transfer.objects.filter(pk__in=started, started_at=None).update(started_at=timezone.now())
    return bool(started)


def say(which: "QuerySet[Transfer]", message: str, category: Category | None = None) -> None:
    """Say something of a transfer, in Swedish, and who must act on it, without any step."""
    which.update(message=message, category=category or "")


def pause_job(job: SyncJob, until: datetime, why: str, *, shown: bool) -> None:
    """Nothing is called for this sync job until then; `shown` makes its state, and the transfer's, say so."""
    state = TransferState.RETRYING if shown else TransferState.RUNNING
    trouble = Why(Cause.TROUBLE if shown else Cause.TROUBLE_OVER, why, Category.WILL_MEND_ITSELF)
    _trouble(job, state, trouble, next_try_at=until)


def go_on(job: SyncJob) -> None:
    """Skolverket answers (again): nothing need be waited for."""
    _trouble(job, TransferState.RUNNING, Why(Cause.TROUBLE_OVER), failures=0, next_try_at=None)


def _trouble(job: SyncJob, state: TransferState, why: Why, **changes: Any) -> None:
    """Only what is under way meets trouble: a call of an earlier attempt can come back when nothing is, or anew."""
    under_way = SyncJob.objects.filter(pk=job.pk, state__in=[TransferState.RUNNING, TransferState.RETRYING])
    with transaction.atomic():
        transfer = _locked(job.transfer_id)
        if move_jobs(under_way, state, why, stay=True, **changes):
            both = transfer.filter(state__in=[TransferState.RUNNING, TransferState.RETRYING])
            # What is said of the trouble stands on the sync job.
            retries = state == TransferState.RETRYING
            move_transfers(both, state, Why(why.cause, category=why.category if retries else None))


def stop(transfer_id: int, message: str) -> None:
    """Stop a transfer because somebody wants it, with a word about it in Swedish. Harmless if it has ended.

    It can be resumed. One that waits for a decision is stopped too.
    """
    _stop(Transfer.objects.filter(pk=transfer_id), transfer_id, Why(Cause.STOPPED, message))


def stop_what_cannot_go_on(transfer_id: int, attempt: int, message: str, category: Category) -> None:
    """Stop an attempt at a transfer that has come to a halt, with the reason in Swedish and who must act.

    It can be resumed. Harmless if it has come to rest meanwhile, be it that somebody has to decide, or was resumed as
    another attempt.
    """
    moving = Transfer.objects.filter(pk=transfer_id, attempt=attempt).exclude(state__in=AT_REST_STATES)
    _stop(moving, transfer_id, Why(Cause.CANNOT_GO_ON, message, category))


def give_up_answers(batches: "QuerySet[Batch]") -> None:
    """Note that nobody will ever fetch the answers of those of `batches` that have none: what they brought there may be
    at Skolverket. To be called before what was sent, or whom it was about, is forgotten. Safe to repeat."""
    unanswered = batches.filter(state__in=[BatchState.POSTED, BatchState.UNANSWERED])
    for batch in unanswered.exclude(payload=None).select_related("sync_job__transfer__organisation"):
        with transaction.atomic():
            note_never_answered(batch)
            Batch._base_manager.filter(pk=batch.pk).update(state=BatchState.GIVEN_UP)


def _stop(transfers: "QuerySet[Transfer]", transfer_id: int, why: Why) -> None:
    now = timezone.now()
    with transaction.atomic():
        if move_transfers(transfers, TransferState.CANCELLED, why, finished_at=now):
            jobs = SyncJob.objects.filter(transfer=transfer_id)
            move_jobs(jobs, TransferState.CANCELLED, Why(why.cause), finished_at=now, next_try_at=None)
            # Called for, and no job's id is known: nobody will ever ask what came of these.
            called = Batch.objects.filter(sync_job__transfer=transfer_id, state=BatchState.PREPARED, attempts__gt=0)
            for batch in called.exclude(payload=None).select_related("sync_job__transfer__organisation"):
                note_never_answered(batch)


def _locked(transfer_id: int) -> "QuerySet[Transfer]":
    """The transfer, before its sync jobs: who changes both takes them in this order. Call in a transaction."""
    transfer = Transfer.objects.filter(pk=transfer_id)
    list(transfer.select_for_update(no_key=True).values_list("pk"))
    return transfer
