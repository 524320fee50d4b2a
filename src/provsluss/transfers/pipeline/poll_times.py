"""How long to wait: after trouble, and for a job that Skolverket is working on."""

import random
from datetime import datetime, timedelta

from django.conf import settings

from provsluss.transfers.models import Batch, SyncJob

FIRST_PAUSE = 0.5
# Nothing is known of how long jobs take until the first has ended; ask early, and less and less often.
FIRST_GUESS = 0.4
# A job older than this is taken to be done as long as nothing is known.
USUAL_JOB = 2.0
SHORTEST_WAIT = 0.3
LONGEST_WAIT = 15.0


def pause_after_trouble(failures: int, retry_after: float | None) -> float:
    """Seconds to wait after `failures` (≥ 1) calls in a row met trouble: doubling, jittered, up to a longest pause.

    What Skolverket asked for (`retry_after`, seconds) is never undercut.
    """
    ceiling = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), settings.LONGEST_PAUSE_SECONDS)
    return max(retry_after or 0.0, random.uniform(ceiling / 2, ceiling))  # noqa: S311 - jitter, no secret


def first_question(job: SyncJob, posted_at: datetime) -> datetime:
    """When a batch just posted is worth asking about: when jobs are usually done."""
    return posted_at + timedelta(seconds=max(job.job_seconds or FIRST_GUESS, SHORTEST_WAIT))


def next_question(job: SyncJob, batch: Batch, now: datetime) -> datetime:
    """When to ask again after the answer "not yet": the longer it has taken, the longer we wait."""
    age = (now - (batch.posted_at or now)).total_seconds()
    return now + timedelta(seconds=min(max(age * 0.3, SHORTEST_WAIT), LONGEST_WAIT))


def is_likely_done(job: SyncJob, batch: Batch, now: datetime) -> bool:
    """Whether to fetch the whole answer at once, without the extra call for `isCompleted` before it."""
    age = (now - (batch.posted_at or now)).total_seconds()
    return age >= (USUAL_JOB if job.job_seconds is None else job.job_seconds)


def is_overdue(job: SyncJob, batch: Batch, now: datetime) -> bool:
    """Whether the batch's job takes so long that something may be wrong with its answer."""
    age = (now - (batch.posted_at or now)).total_seconds()
    return age >= 4 * (job.job_seconds or USUAL_JOB)


def learned_job_seconds(job: SyncJob, batch: Batch, now: datetime) -> float | None:
    """The new notion of how long a job takes, from one that has just been seen to be done; None if still unknown."""
    seconds = (now - (batch.posted_at or now)).total_seconds()
    if batch.status_calls == 0:
        # Done at the first question: that only says that it took no longer than this, which tells something while a
        # call has not waited long for its question.
        known = USUAL_JOB if job.job_seconds is None else job.job_seconds
        return seconds if seconds <= known else job.job_seconds
    return seconds if job.job_seconds is None else (job.job_seconds + seconds) / 2
