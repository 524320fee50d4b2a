"""Temporary trouble with Skolverket: what pauses, for how long, and what the pages say meanwhile.

A call that meets trouble pauses alone, so that one batch's trouble does not hold up the others. When several calls in a
row have met it, Skolverket is taken to be away: then the whole sync job pauses, and one call at a time finds out
whether it is back.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import F
from django.utils import timezone

from provsluss.connection.clients import needs_certificate
from provsluss.provtjanst.errors import NotAuthorised, TemporaryTrouble, TooManyCalls
from provsluss.transfers.lifecycle.changes import go_on, pause_job
from provsluss.transfers.models import Batch, BatchState, SyncJob, Transfer
from provsluss.transfers.pipeline import poll_times

log = logging.getLogger(__name__)

IN_A_ROW = 3
"""So many calls in a row that meet trouble mean that Skolverket is away."""
NOTICEABLE_PAUSE = 2.0
"""Shown as "Tillfälligt fel (nytt försök hh:mm)" from this many seconds of pause on."""


def note_trouble(job: SyncJob, batch: Batch, trouble: TemporaryTrouble) -> None:
    """A call about `batch` met trouble: remember when to try again."""
    now = timezone.now()
    too_many = isinstance(trouble, TooManyCalls)
    if not too_many:  # else it was not about this batch
        pause = poll_times.pause_after_trouble(batch.failures + 1, trouble.retry_after)
        Batch.objects.filter(pk=batch.pk).update(
            failures=F("failures") + 1, next_try_at=now + timedelta(seconds=pause), problem=str(trouble)
        )
    # Counted from when this call was begun: several that were under way at the same moment tell of one failure.
    failures = job.failures + 1
    SyncJob.objects.filter(pk=job.pk, failures__lt=failures).update(failures=failures)
    log.info("sync job %s, call %s: %s (%d in a row)", job.pk, batch.number, trouble, failures)
    if too_many or failures >= IN_A_ROW:
        until = now + timedelta(seconds=poll_times.pause_after_trouble(failures, trouble.retry_after))
        # The moment that is shown is when something is tried: each call has a pause of its own, which may be longer.
        first = first_waiting(job) if job.prepared_at else None
        pause_until(job, max(until, first.next_try_at or until) if first else until, str(trouble))


def first_waiting(job: SyncJob) -> Batch | None:
    """The open batch whose turn comes first, with when and why it waits; None when no batch is open."""
    states = [BatchState.PREPARED, BatchState.POSTED, BatchState.UNANSWERED]
    waiting = Batch.objects.filter(sync_job=job, state__in=states).order_by(F("next_try_at").asc(nulls_first=True))
    return waiting.only("next_try_at", "failures", "problem").first()


def pause_until(job: SyncJob, until: datetime, why: str) -> None:
    """Nothing is called for this sync job until then; a pause that somebody would notice is shown, with the reason."""
    pause_job(job, until, why, shown=(until - timezone.now()).total_seconds() >= NOTICEABLE_PAUSE)


def note_success(job: SyncJob, batch: Batch) -> None:
    """A call about `batch` went well: Skolverket is there."""
    job.refresh_from_db(fields=["failures", "next_try_at"])  # other calls may have met trouble meanwhile
    if batch.failures:
        Batch.objects.filter(pk=batch.pk).update(failures=0)
    if job.failures >= IN_A_ROW:
        # What waited because Skolverket was away need not wait any longer.
        now = timezone.now()
        Batch.objects.filter(sync_job=job, failures__gt=0, next_try_at__gt=now).update(next_try_at=now)
    if job.failures or job.next_try_at:
        go_on(job)


def why_it_stops(transfer: Transfer, problem: Exception) -> str:
    """The Swedish sentences for a transfer that cannot go on until somebody has done something."""
    if not isinstance(problem, NotAuthorised):
        return str(problem)
    organisation = transfer.organisation
    certificate = "certifikatet"
    if needs_certificate(transfer.environment) and organisation.certificate_file:
        certificate = f"certifikatet {Path(organisation.certificate_file).name}"
    return (
        f"{problem} Det gäller organisationsnummer {organisation.number}, också med en ny behörighet (token). "
        f"Kontrollera att {certificate} är utfärdat för det organisationsnumret, och att huvudmannen är anmäld för "
        "överföring till provtjänsten. Sidan Anslutning under Inställningar visar steg för steg vad som stämmer. "
        "Återuppta sedan överföringen."
    )
