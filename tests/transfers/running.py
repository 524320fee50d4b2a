"""Carry a transfer through the pipeline's steps in this process, as the engine's workflow does."""

import time

from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import SyncJob, TestActivity, Transfer
from provsluss.transfers.pipeline import advance
from provsluss.transfers.pipeline.concurrent_calls import SideBySide


def new_transfer(*activities: TestActivity) -> Transfer:
    """A queued transfer of these test activities, not given to any worker."""
    organisation = activities[0].organisation
    transfer = Transfer.objects.create(organisation=organisation, environment=organisation.environment)
    transfer.test_activities.set(activities)
    return transfer


def run(transfer: Transfer, seconds: float = 60) -> Transfer:
    """Take the transfer to its end. Fails when that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    assert advance.begin(transfer.pk, transfer.attempt)
    while (pause := advance.advance(transfer.pk, transfer.attempt)) is not None:
        assert time.monotonic() < deadline, "the transfer did not end in time"
        time.sleep(pause)
    advance.finish(transfer.pk, transfer.attempt)
    transfer.refresh_from_db()
    return transfer


def next_thing(job: SyncJob, kind: Kind) -> float:
    """Do one thing for the sync job, and have it done; returns the pause after it, as the pipeline does."""
    beside = SideBySide(job.transfer.organisation)
    pause = advance._next_thing(job, kind, beside)
    beside.wait_for_all()
    return pause


def counts(transfer: Transfer, kind: str, action: str = "send") -> dict[str, int]:
    """The counts of one sync job that are not zero."""
    job = transfer.sync_jobs.get(kind=kind, action=action)
    names = ("wanted", "unchanged", "sent", "success", "warning", "error", "withheld", "removed")
    return {name: getattr(job, name) for name in names if getattr(job, name)}
