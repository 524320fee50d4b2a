"""What did not arrive, and why the control alone cannot say it is ready: objects refused, rows that were not read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from provsluss.preflight.rejected_rows import ROWS
from provsluss.register.rejected_rows import imports_with_rejected_rows, rejected_row_count
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import ControlFinding
from provsluss.wording.counting import counted, listed
from provsluss.wording.kinds import ONE_AND_MANY


@dataclass(frozen=True, slots=True)
class NotArrived:
    """One sentence, and the page that tells more."""

    text: str
    url: str


def refused_in_words(refused: Mapping[str, int]) -> str:
    """How many objects of each kind Skolverket refused, as a sentence; empty when there are none."""
    told = [counted(refused[kind], *ONE_AND_MANY[kind]) for kind in KINDS if refused.get(kind)]
    return f"Skolverket har nekat {listed(told)}." if told else ""


def of_no_unit(findings: "QuerySet[ControlFinding]") -> bool:
    """Whether rows were left out that may be of any school unit, so that none is surely ready."""
    return findings.filter(kind=ROWS, school_unit_code="").exists()


def rejected_rows_in_words() -> list[NotArrived]:
    """The rows that the latest import of each source left out. Needs an active scope."""
    return [
        NotArrived(
            f"{counted(rejected_row_count(one), 'rad', 'rader')} i den senaste inläsningen kom inte in i registret.",
            reverse("import", args=[one.pk]),
        )
        for one in imports_with_rejected_rows()
    ]
