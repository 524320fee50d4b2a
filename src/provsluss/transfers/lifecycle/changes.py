"""Changes of state of a transfer and its sync jobs."""

from django.db import transaction
from django.utils import timezone

from provsluss.organisations.environments import place
from provsluss.transfers.models import ENDED_STATES, Batch, BatchState, SyncJob, Transfer, TransferState
from provsluss.transfers.remote.unconfirmed import note_never_answered


def went_elsewhere(transfer: Transfer) -> str:
    """Why nothing more comes of a transfer whose environment has got another address since, in Swedish."""
    return (
        f"Överföringen gäller adressen {transfer.address}, men {transfer.get_environment_display()} har nu adressen "
        f"{place(transfer.environment)}. Tryck på Skicka till Skolverket, så börjar en ny till den adressen."
    )


def stop(transfer_id: int, message: str) -> None:
    """Stop a transfer that cannot go on, with the reason in Swedish. It can be resumed. Harmless if it has ended."""
    now = timezone.now()
    with transaction.atomic():
        if (
            Transfer.objects.filter(pk=transfer_id)
            .exclude(state__in=ENDED_STATES)
            .update(state=TransferState.CANCELLED, message=message, finished_at=now)
        ):
            SyncJob.objects.filter(transfer=transfer_id).exclude(state__in=ENDED_STATES).update(
                state=TransferState.CANCELLED, finished_at=now, next_try_at=None
            )
            # Called for, and no job's id is known: nobody will ever ask what came of these.
            called = Batch.objects.filter(sync_job__transfer=transfer_id, state=BatchState.PREPARED, attempts__gt=0)
            for batch in called.exclude(payload=None).select_related("sync_job__transfer__organisation"):
                note_never_answered(batch)
