"""Changes of state of a transfer and its sync jobs, and of calls whose answers nobody will fetch."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from provsluss.organisations.environments import place
from provsluss.transfers.models import (
    AT_REST_STATES,
    ENDED_STATES,
    Batch,
    BatchState,
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


def stop(transfer_id: int, message: str) -> None:
    """Stop a transfer because somebody wants it, with a word about it in Swedish. Harmless if it has ended.

    It can be resumed. One that waits for a decision is stopped too.
    """
    _stop(Transfer.objects.filter(pk=transfer_id).exclude(state__in=ENDED_STATES), transfer_id, message)


def stop_what_cannot_go_on(transfer_id: int, attempt: int, message: str) -> None:
    """Stop an attempt at a transfer that has come to a halt, with the reason in Swedish. It can be resumed.

    Harmless if it has come to rest meanwhile, be it that somebody has to decide, or was resumed as another attempt.
    """
    moving = Transfer.objects.filter(pk=transfer_id, attempt=attempt).exclude(state__in=AT_REST_STATES)
    _stop(moving, transfer_id, message)


def give_up_answers(batches: "QuerySet[Batch]") -> None:
    """Note that nobody will ever fetch the answers of those of `batches` that have none: what they brought there may be
    at Skolverket. To be called before what was sent, or whom it was about, is forgotten. Safe to repeat."""
    unanswered = batches.filter(state__in=[BatchState.POSTED, BatchState.UNANSWERED])
    for batch in unanswered.exclude(payload=None).select_related("sync_job__transfer__organisation"):
        with transaction.atomic():
            note_never_answered(batch)
            Batch._base_manager.filter(pk=batch.pk).update(state=BatchState.GIVEN_UP)


def _stop(transfers: "QuerySet[Transfer]", transfer_id: int, message: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        if transfers.update(state=TransferState.CANCELLED, message=message, finished_at=now):
            SyncJob.objects.filter(transfer=transfer_id).exclude(state__in=ENDED_STATES).update(
                state=TransferState.CANCELLED, finished_at=now, next_try_at=None
            )
            # Called for, and no job's id is known: nobody will ever ask what came of these.
            called = Batch.objects.filter(sync_job__transfer=transfer_id, state=BatchState.PREPARED, attempts__gt=0)
            for batch in called.exclude(payload=None).select_related("sync_job__transfer__organisation"):
                note_never_answered(batch)
