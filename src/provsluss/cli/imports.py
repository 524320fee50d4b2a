"""`provsluss import`: read Skolverket's workbook into the register."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.import_questions import answer_questions, questions_as_json, tell_unanswered
from provsluss.cli.ready_django import ready_django
from provsluss.cli.unusual_imports import TOO_MUCH_ENDS, may_be_stored, tell_unusual, tell_what_follows, unusual_as_json
from provsluss.ss12000.civic_number import without_civic_numbers

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
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


def add_to(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("import")(import_file)


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Skolverkets Excelmall, ifylld (.xlsx).")],
    organisation: Annotated[str, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")],
    preview_only: Annotated[
        bool, typer.Option("--preview-only", help="Visa bara vad som skulle hända. Inget sparas.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv ett maskinläsbart JSON-objekt.")] = False,
    refuse_mass_ending: Annotated[
        bool,
        typer.Option(
            "--refuse-mass-ending", help="Läs inte in filen om ovanligt mycket skulle avslutas, till exempel en skola."
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Fråga inte, även om mycket avslutas. Svarar inte på något annat.")
    ] = False,
    accept_identity_changes: Annotated[
        bool,
        typer.Option(
            "--accept-identity-changes",
            help="Ja, läs in också de rader där ett id, EPPN eller personnummer går över till någon annan.",
        ),
    ] = False,
    accept_unprotected: Annotated[
        bool, typer.Option("--accept-unprotected", help="Ja, de som filen säger är oskyddade ska inte vara skyddade.")
    ] = False,
) -> None:
    """Läs in elever, personal, grupper och provaktiviteter ur Skolverkets Excelmall.

    Är det ett nytt läsår, eller skulle mycket avslutas, får du veta det innan något sparas.

    Skulle mycket avslutas frågar kommandot vid en terminal om filen ska läsas in. Det frågar också om personer byter
    uppgifter med varandra, och om skyddade personer skulle bli oskyddade. Utan ett ja behåller de vad registret har.
    """
    ready_django()
    from provsluss.register.imports.command_lock import working_as_command
    from provsluss.register.imports.imports import forget_old_uploads, reject_stopped_commands

    chosen = _organisation(organisation)
    forget_old_uploads()
    with working_as_command(chosen.pk, if_alone=lambda: reject_stopped_commands(chosen)):
        asks = not (yes or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
        said_yes = {
            question
            for question, answer in (("identity", accept_identity_changes), ("protection", accept_unprotected))
            if answer
        }
        _import(file, chosen, preview_only, as_json, Caution(refuse_mass_ending, asks, frozenset(said_yes)))


class Caution(NamedTuple):
    """What to do when very much would end: refuse the file, ask, or (neither) store it and say so.

    `said_yes` are the questions about rows (register/questions.py) that have been answered beforehand.
    """

    refuse: bool = False
    ask: bool = False
    said_yes: frozenset[str] = frozenset()


NONE = Caution()


def _import(file: Path, chosen: "Organisation", preview_only: bool, as_json: bool, caution: Caution = NONE) -> None:
    from django_scopes import scope

    from provsluss.operations.after_import import follow_import
    from provsluss.preflight.request import ask_for_control
    from provsluss.register.imports.imports import accept_upload, discard_import, read_import, store_import
    from provsluss.register.models import ImportState
    from provsluss.transfers.plan.of_import import work_out_effect

    try:
        with file.open("rb") as opened:
            import_run = accept_upload(chosen, None, opened, file.name)
    except OSError as problem:
        message = f"Filen {without_civic_numbers(file.name)} kan inte öppnas: {problem.strerror}."
        if not as_json:
            raise CannotBeDone(message) from problem
        typer.echo(json.dumps({"import": None, "state": "rejected", "message": message}, ensure_ascii=False))
        raise typer.Exit(2) from problem
    with _progress("Läser") as tell:
        read_import(import_run.pk, tell)
    work_out_effect(import_run.pk)
    with scope(organisation=chosen):
        import_run.refresh_from_db()
        is_read = import_run.state == ImportState.PREVIEW
        if is_read and not as_json:
            tell_unusual(import_run)
        stores = is_read and not preview_only and may_be_stored(import_run, caution.refuse, caution.ask)
        if stores:
            answer_questions(import_run, caution.said_yes, caution.ask)
            with _progress("Sparar") as tell:
                store_import(import_run.pk, tell)
            follow_import(chosen)
            ask_for_control(chosen)
        elif is_read:
            discard_import(import_run.pk)
        import_run.refresh_from_db()
        was_refused = is_read and not stores and not preview_only
        _tell(import_run, as_json, was_refused)
        raise typer.Exit(2 if was_refused else _exit_status(import_run))


def _organisation(number: str) -> "Organisation":
    from provsluss.organisations.models import Organisation
    from provsluss.organisations.organisation_number import read_organisation_number

    try:
        digits = read_organisation_number(number)
        return Organisation.objects.get(number=digits)
    except ValueError as problem:
        raise CannotBeDone(str(problem)) from problem
    except Organisation.DoesNotExist as problem:
        raise CannotBeDone(
            f"Huvudmannen {digits} finns inte i Provsluss. "
            f'Lägg till den först: provsluss organisation add {digits} "NAMN"'
        ) from problem


@contextmanager
def _progress(what: str) -> Iterator["Tell"]:
    """A bar on standard error, so that standard output holds the answer alone."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _tell(import_run: "Import", as_json: bool, was_refused: bool) -> None:
    problems = list(import_run.problems.all())
    message = TOO_MUCH_ENDS if was_refused else import_run.message
    if as_json:
        typer.echo(json.dumps(_as_json(import_run, problems, message), ensure_ascii=False))
    elif message:
        typer.secho(message, err=True, fg=typer.colors.RED)
    else:
        _tell_counts(import_run)
        _tell_problems(import_run, problems)
        tell_unanswered(import_run)
        tell_what_follows(import_run)


def _as_json(import_run: "Import", problems: list[Any], message: str) -> dict[str, object]:
    from provsluss.register.imports.section_counts import section_counts

    found = import_run.counts.get("problems", {"found": 0, "kept": 0})
    fields = ("sheet", "row", "column", "value", "reason", "row_refused")
    return {
        "import": import_run.pk,
        "state": import_run.state,
        "message": message,
        "counts": dict(section_counts(import_run)),
        "problems_found": found["found"],
        "problems_kept": found["kept"],
        "problems": [{name: getattr(problem, name) for name in fields} for problem in problems],
        **unusual_as_json(import_run),
        "questions": questions_as_json(import_run),
    }


def _tell_counts(import_run: "Import") -> None:
    from provsluss.register.imports.questions import unanswered
    from provsluss.register.imports.section_counts import changes_nothing, section_counts
    from provsluss.register.models import ImportState

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
        said = "de rader som gick att läsa" if refused else "filen"
        if unanswered(import_run):
            console.print("Inga ändringar utan ett ja.")
        else:
            console.print(f"Inga ändringar: registret är redan som {said} säger.")
    elif import_run.state == ImportState.DISCARDED:
        console.print("Inget har sparats. Kör utan --preview-only för att läsa in filen.")
    else:
        console.print(f"Inläsning {import_run.pk} är sparad.")


def _tell_problems(import_run: "Import", problems: list[Any]) -> None:
    console = Console()
    for problem in problems[:_SHOWN_PROBLEMS]:
        mark = "✗" if problem.row_refused else "!"
        value = f" ({problem.value})" if problem.value else ""
        text = f"{mark} {problem.sheet} rad {problem.row}: {problem.reason}{value}"
        console.print(escape(text), highlight=False)
    more = import_run.counts["problems"]["found"] - len(problems[:_SHOWN_PROBLEMS])
    if more > 0:
        console.print(f"… och {_spaced(more)} anmärkningar till. Alla som sparats visas med --json och i Provsluss.")


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _exit_status(import_run: "Import") -> int:
    """0 all well, 1 rows were refused or a question is not answered with yes, 2 the file could not be read."""
    from provsluss.register.imports.questions import unanswered
    from provsluss.register.imports.section_counts import section_counts
    from provsluss.register.models import ImportState

    if import_run.state == ImportState.REJECTED:
        return 2
    refused = any(counts["bad"] for _, counts in section_counts(import_run))
    return 1 if refused or unanswered(import_run) else 0
