"""Whether somebody does the work that pages order: a worker that has given a sign of life lately."""

from provsluss.operations.heartbeats import alive_workers
from provsluss.transfers.models import AT_REST_STATES, SyncJob, Transfer
from provsluss.wording.counting import Notice

NOTHING_IS_SENT = Notice(
    "danger",
    "Ingenting skickas just nu.",
    "Arbetsprocessen är inte igång. "
    "Be den som sköter Provsluss att starta den. Överföringen går sedan vidare av sig själv.",
)
"""What stands instead of "Pågår" or "Väntar" while nobody does the work."""

NOTHING_IS_READ = Notice(
    "danger",
    "Ingenting läses in just nu.",
    "Arbetsprocessen är inte igång. "
    "Be den som sköter Provsluss att starta den. Inläsningen går sedan vidare av sig själv.",
)
"""The same, for an import."""


def worker_is_alive() -> bool:
    """True when somebody is there to do the work, by the same measure as `provsluss doctor` and Drift."""
    return alive_workers().exists()


def stands_still(transfer: Transfer) -> bool:
    """Whether `transfer` waits for a worker that is not there. One that is paused says itself why, in its message."""
    return moves(transfer) and not transfer.message and not worker_is_alive()


def is_held(transfer: Transfer) -> bool:
    """Whether `transfer` has begun, or come to its turn, and is held because the queue is paused."""
    return moves(transfer) and bool(transfer.message)


def moves(one: Transfer | SyncJob) -> bool:
    """Whether it can change by itself, so that a page must ask again; what needs review waits for somebody."""
    return one.state not in AT_REST_STATES
