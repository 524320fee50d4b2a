"""How an ended transfer went for one provaktivitet of it, in words: its own errors first, then the others'.

A transfer that ended before outcomes were kept, or that has not gone through, speaks for each of its provaktiviteter.
"""

import uuid
from collections.abc import Collection, Iterable

from provsluss.operations.queue_pause import current_pause
from provsluss.transfers.models import Outcome, SyncJob, TestActivity, Transfer, TransferState
from provsluss.wording.counting import Notice, counted, in_words, joined, listed
from provsluss.wording.removal import removed_sentences, removes
from provsluss.wording.transfer import LATER, transfer_notice

_COUNTS = ("error", "withheld", "warning")


def own_states(transfers: Collection[int]) -> dict[tuple[int, uuid.UUID], str]:
    """(transfer, test activity) → how it went for that one, where it is known. Needs the organisation's scope."""
    found = Outcome.objects.filter(transfer__in=transfers).order_by()
    return {(transfer, one): state for transfer, one, state in found.values_list("transfer", "test_activity", "state")}


def own_outcome(test_activity: TestActivity, transfer: Transfer, jobs: Iterable[SyncJob]) -> Outcome | None:
    """How `transfer` went for `test_activity`; None where it is not known, or where it went so for the whole."""
    if not transfer.is_ended:  # one that waits for a decision says so first
        return None
    outcome = Outcome.objects.filter(transfer=transfer, test_activity=test_activity).first()
    if outcome is None or (outcome.state == transfer.state and _of_whole(jobs) == _own(outcome)):
        return None
    return outcome


def own_notice(outcome: Outcome | None, transfer: Transfer, jobs: Iterable[SyncJob]) -> Notice:
    """What there is to say first to somebody who looks at one provaktivitet."""
    jobs = list(jobs)
    if outcome is None:
        return transfer_notice(transfer, jobs, queue_is_paused=current_pause() is not None)
    removed = removed_sentences(jobs)
    later = LATER if any(job.sent for job in jobs if not removes(job)) else ""
    match outcome.state:
        case TransferState.DONE_WITH_ERRORS:
            return Notice(
                "danger", "Allt kom inte fram i den här provaktiviteten.", joined(_missing(outcome), *removed)
            )
        case TransferState.DONE_WITH_WARNINGS:
            warned = counted(outcome.warning, "uppgift har en varning", "uppgifter har varningar")
            title = "Allt i den här provaktiviteten togs emot, men det finns varningar."
            return Notice("warning", title, joined(f"{warned} som du bör titta på.", *removed, later))
    # The steps below tell of the whole transfer: nothing is green above one that is red.
    color = "info" if transfer.state == TransferState.DONE_WITH_ERRORS else "success"
    return Notice(color, "Allt i den här provaktiviteten är mottaget av Skolverket.", joined(*removed, later))


def about_the_rest(outcome: Outcome | None, jobs: Iterable[SyncJob]) -> str:
    """How the shared transfer went beside that; empty when there is nothing more to say."""
    if outcome is None:
        return ""
    jobs = list(jobs)
    error, withheld, warning = _of_whole(jobs)
    told = []
    if outcome.state != TransferState.DONE_WITH_ERRORS and (error or withheld):
        told.append("Överföringen hade fel, men inget som hör till den här provaktiviteten.")
    elif outcome.state == TransferState.DONE and warning:
        told.append("Överföringen hade varningar, men ingen som hör till den här provaktiviteten.")
    if any(job.error for job in jobs if removes(job)):
        told.append("Allt gick inte att ta bort hos Skolverket.")
    return joined(*told, "Stegen nedan gäller hela överföringen.")


def to_mend(outcome: Outcome | None, transfer: Transfer, jobs: Iterable[SyncJob]) -> tuple[SyncJob, str] | None:
    """The first sync job with something to mend, and the state to look for in its list."""
    if not transfer.is_ended:
        return None
    if outcome is None:
        return next(((job, "error" if job.error else "withheld") for job in jobs if job.error or job.withheld), None)
    state = next((state for state in ("error", "withheld") if getattr(outcome, state)), "")
    return next(((job, state) for job in jobs if state and not removes(job) and getattr(job, state)), None)


def _of_whole(jobs: Iterable[SyncJob]) -> tuple[int, ...]:
    sends = [job for job in jobs if not removes(job)]
    return tuple(sum(getattr(job, count) for job in sends) for count in _COUNTS)


def _own(outcome: Outcome) -> tuple[int, ...]:
    return tuple(getattr(outcome, count) for count in _COUNTS)


def _missing(outcome: Outcome) -> str:
    refused = counted(outcome.error, "uppgift", "uppgifter")
    held = in_words(outcome.withheld) if outcome.error else counted(outcome.withheld, "uppgift", "uppgifter")
    parts = [f"{refused} nekades av Skolverket"] * bool(outcome.error)
    parts += [f"{held} hålls inne tills vidare"] * bool(outcome.withheld)
    return f"{listed(parts)}."
