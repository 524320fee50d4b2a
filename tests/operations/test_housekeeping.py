"""What is too old is forgotten, also of transfers that never ended as they should."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from provsluss.operations.purging import forget_old_payloads
from provsluss.organisations.models import Organisation
from provsluss.transfers.actions import send
from provsluss.transfers.models import Batch, Transfer, TransferState
from tests.transfers.running import new_transfer, run
from tests.transfers.small_school import make_school

LONG_AGO = timedelta(days=400)


def test_old_payloads_are_emptied_and_the_totals_stay(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    skolverket()
    transfer = run(new_transfer(make_school(scoped)))
    assert forget_old_payloads() == 0
    Batch.objects.update(finished_at=timezone.now() - LONG_AGO)
    assert forget_old_payloads() == 4
    assert not Batch.objects.exclude(payload=None).exists()
    assert transfer.sync_jobs.get(kind="persons").success == 7


def test_a_cancelled_transfers_calls_are_emptied_too(scoped: Organisation) -> None:
    transfer = new_transfer(make_school(scoped))
    job = transfer.sync_jobs.create(organisation=scoped, kind="persons", position=0)
    job.batches.create(organisation=scoped, number=1, object_count=1, byte_size=1, payload=b"x")
    Transfer.objects.update(created_at=timezone.now() - LONG_AGO, state=TransferState.RUNNING)
    assert forget_old_payloads() == 0, "a transfer that runs needs what it is to send"
    send.cancel(transfer)
    assert forget_old_payloads() == 1
