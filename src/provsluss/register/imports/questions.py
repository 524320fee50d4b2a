"""What a previewed import asks, and what has been answered: by a page, a command, or whatever reads by itself.

A yes is to one question alone, and a logged decision. What nobody says yes to does not stop the import: those rows keep
what the register has, are listed among its problems, and it ends as DONE_WITH_ERRORS.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from provsluss.organisations.decision_log import What, log_decision
from provsluss.organisations.models import User
from provsluss.register.ingest.counts import QUESTIONS
from provsluss.register.ingest.ingest import Answers
from provsluss.register.ingest.unusual_endings import mass_endings
from provsluss.register.models import Import, ImportState
from provsluss.register.questions import Question

NOTHING_ANSWERED = Answers()
"""For a preview, which shows what is asked. It also shows what would end, however much that is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and of how many rows it is asked: for a mass ending of how many objects."""

    question: Question
    rows: int


def asked(import_run: Import) -> list[Asked]:
    """The questions of a previewed import, in the order in which they are to be asked."""
    ending = sum(one.ended for one in mass_endings(import_run))
    counted = _counted(import_run)
    rows = {Question.ENDING: ending} | {kind: counted.get(kind, 0) for kind in _OF_ROWS}
    return [Asked(question, number) for question, number in rows.items() if number]


def unanswered(import_run: Import) -> dict[Question, int]:
    """Of a stored import: the questions that nobody has said yes to, and how many of the problems are theirs."""
    return {Question(kind): number for kind, number in _counted(import_run).items() if number}


def accept(import_run: Import, questions: Collection[Question], user: User | None) -> bool:
    """Say yes to these questions and no others, before storing. Returns whether it was in time."""
    waiting = Import.objects.filter(pk=import_run.pk, state=ImportState.PREVIEW)
    with transaction.atomic():
        if not waiting.update(accepted=[one.value for one in questions], accepted_by=user):
            return False
        for one in asked(import_run):
            if one.question in questions:
                _log_yes(import_run, one.question, user)
    return True


def answers_of(import_run: Import) -> Answers:
    """What storing is to go by."""
    spared = () if Question.ENDING in import_run.accepted else [one.section for one in mass_endings(import_run)]
    return Answers(frozenset(import_run.accepted), frozenset(spared))


def _log_yes(import_run: Import, question: Question, user: User | None) -> None:
    what, after = _DECISIONS[question]
    log_decision(
        what,
        "Väntar på beslut",
        after,
        by=user,
        organisation=import_run.organisation,
        about=f"inläsning {import_run.pk}",
    )


_DECISIONS = {
    Question.ENDING: (What.MASS_ENDING, "Läses in, och de avslutas"),
    Question.IDENTITY: (What.IDENTITY, "Läses in som det står i filen"),
    Question.PROTECTION: (What.UNPROTECTED, "Läses in som det står i filen"),
}
_OF_ROWS = (Question.IDENTITY, Question.PROTECTION)


def _counted(import_run: Import) -> dict[str, int]:
    counted: dict[str, int] = import_run.counts.get(QUESTIONS, {})
    return counted
