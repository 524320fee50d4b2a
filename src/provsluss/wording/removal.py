"""What the pages say of a sync job that removes (Ta bort). True before it is pleasant, like the words of the others."""

from collections.abc import Iterable

from django.utils import timezone

from provsluss.transfers.models import Action, Decision, SyncJob, TransferState
from provsluss.wording.counting import Notice, clock, counted, in_words, joined, listed, told
from provsluss.wording.kinds import ONE_AND_MANY

REMOVALS = "ta_bort"
"""The word in an address for the sync jobs that remove; those that send go by their kind."""


def removes(job: SyncJob) -> bool:
    """Whether `job` takes its objects away at Skolverket."""
    return job.action == Action.REMOVE


def step_of(job: SyncJob) -> str:
    """What sets a transfer's sync jobs apart: `persons` sends persons, `ta_bort_persons` removes them."""
    return f"{REMOVALS}_{job.kind}" if removes(job) else job.kind


def removal_counts(job: SyncJob) -> str:
    """The line on the card of a removal."""
    if job.decision == Decision.REFUSED:
        return f"{counted(job.wanted, 'behålls', 'behålls')} hos Skolverket"
    if job.state == TransferState.NEEDS_REVIEW:
        return f"{counted(job.wanted, 'väntar', 'väntar')} på granskning"
    if job.started_at is None:
        return "Inget togs bort" if job.state == TransferState.CANCELLED else "Inte börjat"
    parts = [f"{in_words(job.removed)} av {in_words(job.to_send)} borttagna" if job.to_send else "Inget togs bort"]
    parts = with_unanswered(job, parts, job.removed)
    if job.error:
        parts.append(f"{in_words(job.error)} fel")
    if job.unchanged and job.to_send:
        parts.append(counted(job.unchanged, "behövs igen", "behövs igen"))
    return ", ".join(parts)


def removal_notice(job: SyncJob) -> Notice:
    """What there is to say first about one sync job that removes."""
    if job.decision == Decision.REFUSED:
        return Notice("info", "Nekad. Ingenting togs bort.", _decided(job, "Uppgifterna behålls hos Skolverket."))
    match job.state:
        case TransferState.QUEUED:
            first = "Ingenting tas bort förrän allt annat är skickat."
            return Notice("info", "Väntar på sin tur.", joined(first, job.transfer.message))
        case TransferState.RUNNING | TransferState.RETRYING if job.transfer.message:
            return Notice("warning", "Pausad.", job.transfer.message)
        case TransferState.RUNNING:
            return Notice(
                "info", "Pågår.", _decided(job, f"{in_words(job.answered)} av {in_words(job.to_send)} besvarade.")
            )
        case TransferState.RETRYING:
            when = f"Nytt försök görs av sig självt klockan {clock(job.next_try_at)}." if job.next_try_at else ""
            return Notice("warning", joined("Tillfälligt fel.", when), job.message)
        case TransferState.NEEDS_REVIEW:
            return Notice("warning", "Kräver granskning. Ingenting är borttaget än.", job.message)
        case TransferState.CANCELLED:
            said = f"{counted(job.removed, 'hann', 'hann')} tas bort hos Skolverket."
            return Notice("warning", "Avbruten.", _decided(job, joined(said, unanswered_sentence(job))))
    if job.error:
        return Notice(
            "danger",
            "Allt kunde inte tas bort.",
            _decided(
                job,
                f"{in_words(job.removed)} av {in_words(job.to_send)} togs bort. "
                "Vad som hände med resten står i listan nedan.",
            ),
        )
    if not job.removed:
        return Notice("info", "Inget togs bort.", job.message or "Det behövs igen, eller är redan borta.")
    what = f"{counted(job.removed, *ONE_AND_MANY[job.kind])} togs bort hos Skolverket."
    return Notice("success", "Borttaget.", _decided(job, what))


def with_unanswered(job: SyncJob, parts: list[str], done: int) -> list[str]:
    """`parts` of a card's line, of which the first tells how many are done, with those nobody knows the answer about.

    Of a job that was stopped, none done is then not known to be so, and is not said.
    """
    if not (unanswered := job.unanswered):
        return parts
    about = f"svar saknas om {in_words(unanswered)}"
    return [*parts, about] if done else [about[0].upper() + about[1:], *parts[1:]]


def unanswered_sentence(job: SyncJob) -> str:
    """That a stopped job's last answers were never fetched; empty where all were."""
    if not (unanswered := job.unanswered):
        return ""
    did = "tog bort" if removes(job) else "tog emot"
    return f"Svaret om {in_words(unanswered)} hann inte hämtas, så det är inte känt om Skolverket {did} dem."


def removal_figures(job: SyncJob) -> list[tuple[str, int]]:
    """The figures above the list of a removal."""
    rest = [("Svar saknas", job.unanswered), ("Ligger kvar", job.unchanged)]
    shown = [("Att ta bort", job.wanted), ("Borttagna", job.removed), ("Fel", job.error)]
    return [*shown, *((name, number) for name, number in rest if number)]


def review_text(jobs: Iterable[SyncJob]) -> str:
    """`Allt annat är klart. 128 personer och 20 grupper …`: what a transfer that needs review waits with.

    Where something did not arrive, that comes first instead: then all else is not well.
    """
    jobs = list(jobs)
    waits = [job for job in jobs if removes(job) and job.state == TransferState.NEEDS_REVIEW]
    what = listed([counted(job.wanted, *ONE_AND_MANY[job.kind]) for job in waits])
    if not what:
        return ""
    first = what_did_not_arrive(jobs) or "Allt annat är klart."
    return f"{first} {what} skulle tas bort hos Skolverket, och det väntar på att någon beslutar."


def what_did_not_arrive(jobs: Iterable[SyncJob]) -> str:
    """Errors of both ways and what is held back, in one sentence; empty when all is well."""
    jobs = list(jobs)
    sends, removals = ([job for job in jobs if removes(job) is way] for way in (False, True))
    withheld = named(sends, "withheld")
    refused, stayed = named(sends, "error"), named(removals, "error")
    return told(
        f"{refused} nekades av Skolverket" if refused else "",
        f"{withheld} hålls inne tills vidare" if withheld else "",
        f"{stayed} kunde inte tas bort" if stayed else "",
    )


def removed_sentences(jobs: Iterable[SyncJob]) -> list[str]:
    """What a transfer has removed, and what somebody decided to keep, for its own notice."""
    jobs = list(jobs)
    removed = sum(job.removed for job in jobs)
    kept = sum(job.wanted for job in jobs if removes(job) and job.decision == Decision.REFUSED)
    return [
        f"{counted(removed, 'uppgift', 'uppgifter')} togs bort hos Skolverket." if removed else "",
        f"{counted(kept, 'uppgift', 'uppgifter')} skulle ha tagits bort men behålls." if kept else "",
    ]


def named(jobs: Iterable[SyncJob], count: str) -> str:
    """`3 personer, 1 grupp och 2 aktiviteter`: the sync jobs' `count`, kind by kind. One number of all says nothing."""
    numbers = [(getattr(job, count), job.kind) for job in jobs]
    return listed([counted(number, *ONE_AND_MANY[kind]) for number, kind in numbers if number])


def _decided(job: SyncJob, what: str) -> str:
    if not job.decision or not job.decided_at:
        return what
    who = f" av {job.decided_by.get_full_name() or job.decided_by.username}" if job.decided_by else ""
    verb = "Godkänd" if job.decision == Decision.APPROVED else "Nekad"
    return joined(what, f"{verb}{who} {timezone.localtime(job.decided_at):%Y-%m-%d %H:%M}.")
