"""Whether somebody does the work that pages order: a worker that has given a sign of life lately."""

from provsluss.transfers.models import Transfer
from provsluss.transfers.operating.workers import alive_workers
from provsluss.web.frame.notice import Notice
from provsluss.web.test_activities.latest_transfer import moves

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
