"""How a command carries a reading through: read, shown, asked about, stored; and what is told of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from provsluss.cli.import_questions import answer_questions, tell_unanswered
from provsluss.cli.unusual_imports import may_be_stored, refused_words, tell_unusual, tell_what_follows

if TYPE_CHECKING:
    from provsluss.register.models import Import
    from provsluss.register.sources.source import Progress as Tell

_SHOWN_PROBLEMS = 20
_COLUMNS = {
    "rows": "Rader",
    "new": "Nya",
    "changed": "Ändrade",
    "unchanged": "Oförändrade",
    "ended": "Avslutas",
    "bad": "Läses\ninte in",
}
"""The words of the page; the line break lets the table stand in 80 columns with whole words."""
_WIDEST_WORD_OF_A_SHEET = len("Personaltjänstgöringar")


class Caution(NamedTuple):
    """What to do when very much would end: refuse all, ask, or (neither) store it and say so.

    `spare` stores the rest and leaves what would end as it is, unless somebody at the terminal says yes to it.
    `said_yes` are the questions about rows (register/questions.py) that have been answered beforehand.
    """

    refuse: bool = False
    ask: bool = False
    said_yes: frozenset[str] = frozenset()
    spare: bool = False


NONE = Caution()


def caution_of(refuse: bool, yes: bool, quiet: bool, identity: bool, protection: bool, spare: bool = False) -> Caution:
    """The caution that a command's options ask for; `quiet` says that nobody is there to be asked."""
    asks = not (yes or quiet) and sys.stdin.isatty() and sys.stdout.isatty()
    answers = (("identity", identity), ("protection", protection))
    return Caution(refuse, asks, frozenset(question for question, answer in answers if answer), spare and not yes)


def read_in(import_run: "Import", preview_only: bool, quiet: bool, caution: Caution) -> bool:
    """Carry an import in state READING to its end; `quiet` prints nothing. Returns whether the caution refused it.

    Read `import_run` afresh afterwards. The organisation's scope must be active.
    """
    from provsluss.operations.after_import import follow_import
    from provsluss.preflight.request import ask_for_control
    from provsluss.register.imports.imports import discard_import, read_import, store_import
    from provsluss.register.models import ImportState
    from provsluss.transfers.plan.of_import import work_out_effect

    with _progress("Läser") as tell:
        read_import(import_run.pk, tell)
    work_out_effect(import_run.pk)
    import_run.refresh_from_db()
    if import_run.state != ImportState.PREVIEW:
        return False
    if not quiet:
        tell_unusual(import_run)
    stores = not preview_only and may_be_stored(import_run, caution.refuse, caution.ask)
    if stores:
        answer_questions(import_run, caution.said_yes, caution.ask, ends=caution.ask or not caution.spare)
        with _progress("Sparar") as tell:
            store_import(import_run.pk, tell)
        follow_import(import_run.organisation)
        ask_for_control(import_run.organisation)
    else:
        discard_import(import_run.pk)
    import_run.refresh_from_db()
    return not (stores or preview_only)


def tell_outcome(import_run: "Import", was_refused: bool) -> None:
    """Print how it went, for a reader at a terminal."""
    message = refused_words(import_run) if was_refused else import_run.message
    if message:
        typer.secho(message, err=True, fg=typer.colors.RED)
        return
    _tell_counts(import_run)
    _tell_problems(import_run, list(import_run.problems.all()))
    tell_unanswered(import_run)
    tell_what_follows(import_run)


def _tell_counts(import_run: "Import") -> None:
    from provsluss.register.imports.questions import unanswered
    from provsluss.register.imports.section_counts import changes_nothing, section_counts
    from provsluss.register.models import ImportState
    from provsluss.register.sources.registry import kind_of

    table = Table(box=SIMPLE, padding=0, pad_edge=False)
    table.add_column("Blad", min_width=_WIDEST_WORD_OF_A_SHEET)
    for heading in _COLUMNS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for place, counts in section_counts(import_run):
        table.add_row(place, *(_spaced(counts[name]) for name in _COLUMNS))
    console = Console()
    console.print(table)
    if changes_nothing(import_run):
        refused = any(counts["bad"] for _, counts in section_counts(import_run))
        said = "de rader som gick att läsa" if refused else "källan" if kind_of(import_run.source).fetch else "filen"
        if unanswered(import_run):
            console.print("Inga ändringar utan ett ja.")
        else:
            console.print(f"Inga ändringar: registret är redan som {said} säger.")
    elif import_run.state == ImportState.DISCARDED:
        console.print("Inget har sparats. Kör utan --preview-only för att läsa in.")
    else:
        console.print(f"Inläsning {import_run.pk} är sparad.")


def _tell_problems(import_run: "Import", problems: list[Any]) -> None:
    from provsluss.register.sources.registry import kind_of

    console, has_rows = Console(), kind_of(import_run.source).has_rows
    for problem in problems[:_SHOWN_PROBLEMS]:
        mark = "✗" if problem.row_refused else "!"
        value = f" ({problem.value})" if problem.value else ""
        place = f"{problem.sheet} rad {problem.row}" if has_rows else problem.sheet
        text = f"{mark} {place}: {problem.reason}{value}"
        console.print(escape(text), highlight=False)
    more = import_run.counts["problems"]["found"] - len(problems[:_SHOWN_PROBLEMS])
    if more > 0:
        console.print(f"… och {_spaced(more)} anmärkningar till. Alla som sparats visas med --json och i Provsluss.")


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def exit_status(import_run: "Import") -> int:
    """0 all well, 1 rows were refused or a question is not answered with yes, 2 it could not be read."""
    from provsluss.register.imports.questions import unanswered
    from provsluss.register.imports.section_counts import section_counts
    from provsluss.register.models import ImportState

    if import_run.state == ImportState.REJECTED:
        return 2
    refused = any(counts["bad"] for _, counts in section_counts(import_run))
    return 1 if refused or unanswered(import_run) else 0


@contextmanager
def _progress(what: str) -> Iterator["Tell"]:
    """A bar on standard error, so that standard output holds the answer alone."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
