"""The questions about rows that `provsluss import` asks: each answered on its own, beforehand or at the terminal."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from provsluss.register.models import Import

_OPTIONS = {"ending": "--yes", "identity": "--accept-identity-changes", "protection": "--accept-unprotected"}


def answer_questions(import_run: "Import", said_yes: Collection[str], ask: bool, ends: bool) -> None:
    """Note the answers to what the previewed import asks; `ask` says that somebody is at the terminal.

    `ends` is the answer to whether what would end shall, however much it is.
    """
    from provsluss.register.imports.questions import accept
    from provsluss.register.questions import Question
    from provsluss.wording.import_questions import questions_in_words

    accepted = [Question(one) for one in said_yes] + [Question.ENDING] * ends
    for one in questions_in_words(import_run):
        if ask and one.question not in accepted:
            typer.echo(f"{one.title} {one.text}")
            answer: str = typer.prompt(f"{one.yes}? [j/N]", default="", show_default=False)
            if answer.strip().casefold() in ("j", "ja"):
                accepted.append(one.question)
    accept(import_run, accepted, user=None)


def tell_unanswered(import_run: "Import") -> None:
    """Print what an import left as it was because nobody has said yes, and how to say it; nothing if there is nothing.

    Of one that has only been previewed, what it would ask.
    """
    from provsluss.register.imports.questions import unanswered
    from provsluss.register.models import ImportState
    from provsluss.wording.import_questions import unanswered_in_words

    if import_run.state not in (ImportState.DONE, ImportState.DONE_WITH_ERRORS):
        return
    for sentence in unanswered_in_words(import_run):
        typer.echo(sentence)
    if options := [_OPTIONS[one] for one in unanswered(import_run) if one in _OPTIONS]:
        typer.echo(f"Ska det vara så? Kör igen med {' '.join(options)}.")


def questions_as_json(import_run: "Import") -> dict[str, int]:
    """How many rows wait for a yes, by question; for `--json`."""
    from provsluss.register.imports.questions import unanswered

    return {str(question.value): number for question, number in unanswered(import_run).items()}
