"""What the pages say of a sync job and of a transfer. True before it is pleasant: nothing green that is not."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from provsluss.transfers.models import Purpose, SyncJob, Transfer, TransferState
from provsluss.wording.counting import Notice, about, clock, counted, in_words, joined
from provsluss.wording.kinds import KIND_NAMES
from provsluss.wording.removal import (
    removal_counts,
    removal_notice,
    removed_sentences,
    removes,
    review_text,
    unanswered_sentence,
    what_did_not_arrive,
    with_unanswered,
)

LATER = (
    "Mottaget betyder att uppgifterna är lagrade hos Skolverket. Det kan ta 30 minuter, ibland längre, "
    "innan de syns i provplattformen."
)

NOTHING_CHANGED = "Inget hade ändrats sedan sist, så inget behövde skickas."
"""What a transfer says that had nothing to send, such as the same press twice."""
NOTHING_WANTED = "Det fanns inget att skicka."
"""What one says whose provaktiviteter had no groups any more."""
QUEUE_IS_PAUSED = "Kön är pausad av den som sköter Provsluss. Överföringen börjar tidigast när den släpps på igen."


def job_name(job: SyncJob) -> str:
    """`Användare`, and `Ta bort: användare` for a sync job that removes."""
    return f"Ta bort: {KIND_NAMES[job.kind].lower()}" if removes(job) else KIND_NAMES[job.kind]


def sync_job_notice(job: SyncJob) -> Notice:
    """What there is to say first about one sync job."""
    if removes(job):
        return removal_notice(job)
    match job.state:
        case TransferState.QUEUED:
            begins = "Steget börjar när steget före är klart." if job.position else "Det är överföringens första steg."
            return Notice("info", "Väntar på sin tur.", joined(begins, job.transfer.message))
        case TransferState.RUNNING | TransferState.RETRYING if job.transfer.message:
            return Notice("warning", "Pausad.", job.transfer.message)
        case TransferState.RUNNING:
            return Notice("info", "Pågår.", progress_sentence(job))
        case TransferState.RETRYING:
            return Notice("warning", retry_sentence(job), joined(job.message, progress_sentence(job)))
        case TransferState.NEEDS_REVIEW:
            return Notice("warning", "Kräver granskning.", job.message)
        case TransferState.CANCELLED:
            return Notice("warning", "Avbruten.", _how_far_it_came(job))
    if not job.wanted and not job.removed:
        return Notice("info", "Inget att skicka.", "Det fanns inga uppgifter av det här slaget i överföringen.")
    if job.error:
        return Notice(
            "danger",
            "Ett eller flera fel inträffade.",
            joined("Titta i listan nedan för mer information.", _how_many_arrived(job), *_the_rest(job)),
        )
    if job.withheld:
        return Notice("danger", "Allt kunde inte skickas.", joined(_how_many_arrived(job), *_the_rest(job)))
    if job.warning and not job.sent:
        return Notice("warning", "Inget nytt att skicka, men det finns varningar.", joined(*_the_rest(job)))
    if job.warning:
        return Notice("warning", "Allt togs emot, men det finns varningar.", joined(*_the_rest(job), LATER))
    if not job.to_send and not job.removed:
        return Notice("info", "Inget nytt att skicka.", joined(*_the_rest(job)))
    received = "Allt som skickades togs emot av Skolverket." if job.to_send else "Klart."
    return Notice("success", received, joined(*_the_rest(job), LATER if job.to_send else ""))


def progress_sentence(job: SyncJob, now: datetime | None = None) -> str:
    """`312 av 400 besvarade, ungefär 20 sekunder kvar.` Without a time until there is something to reckon from."""
    if not job.started_at or not job.to_send:
        return "Uppgifterna görs i ordning."
    answered = f"{in_words(job.answered)} av {in_words(job.to_send)}"
    left = _seconds_left(job, now or timezone.now())
    if left and not job.transfer.message:  # while it is held, nobody knows
        return f"{answered} besvarade, {about(left)} kvar."
    return f"{answered} besvarade."


def retry_sentence(job: SyncJob) -> str:
    """When the next try comes."""
    if job.next_try_at is None:
        return "Tillfälligt fel. Ett nytt försök görs av sig självt."
    return f"Tillfälligt fel. Nytt försök görs av sig självt klockan {clock(job.next_try_at)}."


def short_counts(job: SyncJob) -> str:
    """The line on a step's card."""
    if removes(job):
        return removal_counts(job)
    if job.started_at is None:
        return "Inget skickades" if job.state == TransferState.CANCELLED else "Inte börjat"
    if not job.wanted and not job.removed:
        return "Uppgifterna görs i ordning" if not job.is_ended else "Inget att skicka"
    to_send = job.to_send - job.still_warned
    if not to_send:
        parts = []
    elif job.is_ended:
        parts = with_unanswered(job, [f"{in_words(_arrived(job))} av {in_words(to_send)} mottagna"], _arrived(job))
    else:
        parts = [f"{in_words(job.answered - job.still_warned)} av {in_words(to_send)} besvarade"]
    if job.error:
        parts.append(f"{in_words(job.error)} fel")
    if new := job.warning - job.still_warned:
        parts.append(counted(new, "varning", "varningar"))
    if job.still_warned:
        parts.append(_still_warned(job))
    if job.withheld:
        parts.append(counted(job.withheld, "hålls inne", "hålls inne"))
    if job.unchanged:
        parts.append(counted(job.unchanged, "oförändrad", "oförändrade"))
    if job.removed:
        parts.append(counted(job.removed, "borttagen", "borttagna"))
    return ", ".join(parts)


def transfer_notice(transfer: Transfer, jobs: Iterable[SyncJob], queue_is_paused: bool = False) -> Notice:
    """What there is to say first about a whole transfer, from its sync jobs.

    While the queue is paused, only those that have come to their turn say so themselves; no other one begins either.
    """
    jobs = list(jobs)
    match transfer.state:
        case TransferState.QUEUED if queue_is_paused:
            return Notice("warning", "Väntar.", QUEUE_IS_PAUSED)
        case TransferState.QUEUED:
            return Notice("info", "Väntar.", transfer.message or _when_it_begins(transfer))
        case TransferState.RUNNING | TransferState.RETRYING if transfer.message:
            return Notice("warning", "Pausad.", transfer.message)
        case TransferState.RUNNING:
            return Notice("info", "Pågår.", "Du kan lämna sidan. Överföringen fortsätter.")
        case TransferState.RETRYING:
            waiting = next((job for job in jobs if job.state == TransferState.RETRYING), None)
            title = retry_sentence(waiting) if waiting else "Tillfälligt fel. Ett nytt försök görs av sig självt."
            return Notice("warning", title, joined(waiting.message if waiting else transfer.message))
        case TransferState.NEEDS_REVIEW:
            color = "danger" if what_did_not_arrive(jobs) else "warning"
            return Notice(color, "Kräver granskning.", joined(transfer.message, review_text(jobs)))
        case TransferState.CANCELLED:
            return Notice("warning", "Avbruten.", joined(transfer.message, *_what_stays(jobs)))
    sends = [job for job in jobs if not removes(job)]
    not_sent = what_did_not_arrive(jobs)
    removed = removed_sentences(jobs)
    warnings, to_send = sum(job.warning for job in sends), sum(job.to_send for job in sends)
    if not_sent:
        return Notice("danger", "Allt kom inte fram.", joined(not_sent, *removed))
    if warnings and not any(job.sent for job in sends):
        still = counted(warnings, "uppgift har fortfarande en varning", "uppgifter har fortfarande varningar")
        return Notice("warning", NOTHING_CHANGED, joined(f"{still} som du bör titta på.", *removed))
    if warnings:
        sentence = f"{counted(warnings, 'uppgift har en varning', 'uppgifter har varningar')} som du bör titta på."
        return Notice("warning", "Allt togs emot, men det finns varningar.", joined(sentence, *removed, LATER))
    if to_send or any(job.removed for job in sends):
        return Notice("success", "Allt som skickades togs emot av Skolverket.", joined(*removed, LATER))
    if any(job.removed for job in jobs):
        return Notice("success", "Klart.", joined("Inget nytt behövde skickas.", *removed))
    if not any(job.wanted for job in sends):
        return Notice("info", NOTHING_WANTED, joined(*removed))
    return Notice("info", NOTHING_CHANGED, joined("Skolverket har redan allt.", *removed))


def _when_it_begins(transfer: Transfer) -> str:
    if transfer.purpose == Purpose.ONE_PERSON:
        return "Överföringen går före andra och börjar strax."
    return "Överföringen börjar när ingen annan pågår."


def _what_stays(jobs: Iterable[SyncJob]) -> list[str]:
    """What of a cancelled transfer has been done at Skolverket all the same, or may have been."""
    jobs = list(jobs)
    if not any(job.sent or job.answered or job.unanswered for job in jobs):
        return ["Inget hade skickats."]
    arrived = any(_arrived(job) > 0 for job in jobs if not removes(job))
    unanswered = any(job.unanswered for job in jobs)
    return [
        "Det som redan har skickats ligger kvar hos Skolverket." if arrived else "",
        "Alla svar hann inte hämtas, så det är inte känt vad Skolverket gjorde med det sista." if unanswered else "",
        *removed_sentences(jobs),
    ]


def _how_far_it_came(job: SyncJob) -> str:
    """Of a cancelled sync job: how much was received, and of how much nobody knows."""
    to_send, arrived = job.to_send - job.still_warned, _arrived(job)
    lost = unanswered_sentence(job)
    if not arrived and lost:
        return lost
    received = f"{in_words(arrived)} av {in_words(to_send)}" if to_send else "Inget"
    left = "Det som kom fram ligger kvar hos Skolverket." if arrived else ""
    return joined(f"{received} hann tas emot.", left, lost)


def _arrived(job: SyncJob) -> int:
    return job.success + job.warning - job.still_warned


def _still_warned(job: SyncJob) -> str:
    one, many = "oförändrad med en varning sedan tidigare", "oförändrade med varningar sedan tidigare"
    return counted(job.still_warned, one, many)


def _how_many_arrived(job: SyncJob) -> str:
    known = job.to_send - job.still_warned + job.withheld
    return f"{in_words(_arrived(job))} av {in_words(known)} kom fram." if known else ""


def _the_rest(job: SyncJob) -> list[str]:
    """Everything beside what was received, in words."""
    sentences = []
    if job.withheld:
        sentences.append(f"{counted(job.withheld, 'hålls', 'hålls')} inne. Varför står vid var och en i listan nedan.")
    if new := job.warning - job.still_warned:
        sentences.append(f"{counted(new, 'har en varning', 'har varningar')}.")
    if job.still_warned:
        sentences.append(f"{_still_warned(job)} skickades inte igen.")
    if job.unchanged:
        was = "var oförändrad" if job.unchanged == 1 else "var oförändrade"
        sentences.append(f"{in_words(job.unchanged)} {was} sedan förra gången och skickades inte igen.")
    if job.removed:
        sentences.append(f"{counted(job.removed, 'togs', 'togs')} bort hos Skolverket.")
    return sentences


def _seconds_left(job: SyncJob, now: datetime) -> float | None:
    if not job.started_at or not job.answered or job.state != TransferState.RUNNING:
        return None
    taken = (now - job.started_at).total_seconds()
    return taken / job.answered * max(job.to_send - job.answered, 0) or None
