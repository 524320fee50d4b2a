"""What stands in the way although the control finds nothing: objects that were refused, rows that were not read."""

from dataclasses import dataclass

from django.urls import reverse

from provsluss.register.models import Import, ImportState
from provsluss.transfers.control.refused import Refused
from provsluss.web.frame.notice import counted
from provsluss.web.removals.words import ONE_AND_MANY


@dataclass(frozen=True, slots=True)
class NotArrived:
    """One sentence, and the page that tells more."""

    text: str
    url: str


def not_arrived(refused: Refused) -> list[NotArrived]:
    """What Skolverket refused, and the rows that the latest import left out. Needs an active scope."""
    found = [
        NotArrived(
            f"{counted(number, *ONE_AND_MANY[job.kind])} nekades av Skolverket i den senaste överföringen.",
            f"{reverse('sync_job', args=[job.pk])}?status=error#lista",
        )
        for job, number in refused.jobs
    ]
    return found + _rows_left_out()


def _rows_left_out() -> list[NotArrived]:
    from provsluss.register.imports import sheet_counts  # heavy, and only this needs it

    stored = Import.objects.filter(state__in=[ImportState.DONE, ImportState.DONE_WITH_ERRORS])
    last = stored.order_by("-finished_at").first()
    rows = sum(counts["bad"] for _, counts in sheet_counts(last)) if last else 0
    if last is None or not rows:
        return []
    text = f"{counted(rows, 'rad', 'rader')} i den senaste inläsningen kom inte in i registret."
    return [NotArrived(text, reverse("import", args=[last.pk]))]
