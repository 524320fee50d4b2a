"""What did not arrive, and why the control alone cannot say it is ready: objects refused, rows that were not read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from provsluss.register.models import Import, ImportState
from provsluss.ss12000.code_lists import KINDS
from provsluss.web.frame.notice import counted, listed
from provsluss.web.removals.words import ONE_AND_MANY


@dataclass(frozen=True, slots=True)
class NotArrived:
    """One sentence, and the page that tells more."""

    text: str
    url: str


def refused_in_words(refused: Mapping[str, int]) -> str:
    """How many objects of each kind Skolverket refused, as a sentence; empty when there are none."""
    told = [counted(refused[kind], *ONE_AND_MANY[kind]) for kind in KINDS if refused.get(kind)]
    return f"{listed(told)} nekades av Skolverket i den senaste överföringen." if told else ""


def rows_left_out() -> list[NotArrived]:
    """The rows that the latest import left out. Needs an active scope."""
    from provsluss.register.imports import sheet_counts  # heavy, and only this needs it

    stored = Import.objects.filter(state__in=[ImportState.DONE, ImportState.DONE_WITH_ERRORS])
    last = stored.order_by("-finished_at").first()
    rows = sum(counts["bad"] for _, counts in sheet_counts(last)) if last else 0
    if last is None or not rows:
        return []
    text = f"{counted(rows, 'rad', 'rader')} i den senaste inläsningen kom inte in i registret."
    return [NotArrived(text, reverse("import", args=[last.pk]))]
