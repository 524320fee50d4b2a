"""`provsluss import`: read Skolverket's workbook into the register."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.import_questions import questions_as_json
from provsluss.cli.reading_in import NONE, Caution, caution_of, exit_status, read_in, tell_outcome
from provsluss.cli.ready_django import ready_django
from provsluss.cli.unusual_imports import refused_words, unusual_as_json
from provsluss.ss12000.civic_number import without_civic_numbers

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
    from provsluss.register.models import Import


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

    chosen = chosen_organisation(organisation)
    forget_old_uploads()
    with working_as_command(chosen.pk, if_alone=lambda: reject_stopped_commands(chosen)):
        caution = caution_of(refuse_mass_ending, yes, as_json, accept_identity_changes, accept_unprotected)
        _import(file, chosen, preview_only, as_json, caution)


def _import(file: Path, chosen: "Organisation", preview_only: bool, as_json: bool, caution: Caution = NONE) -> None:
    from django_scopes import scope

    from provsluss.register.imports.imports import accept_upload

    try:
        with file.open("rb") as opened:
            import_run = accept_upload(chosen, None, opened, file.name)
    except OSError as problem:
        message = f"Filen {without_civic_numbers(file.name)} kan inte öppnas: {problem.strerror}."
        if not as_json:
            raise CannotBeDone(message) from problem
        typer.echo(json.dumps({"import": None, "state": "rejected", "message": message}, ensure_ascii=False))
        raise typer.Exit(2) from problem
    with scope(organisation=chosen):
        was_refused = read_in(import_run, preview_only, as_json, caution)
        if as_json:
            typer.echo(json.dumps(_as_json(import_run, was_refused), ensure_ascii=False))
        else:
            tell_outcome(import_run, was_refused)
        raise typer.Exit(2 if was_refused else exit_status(import_run))


def _as_json(import_run: "Import", was_refused: bool) -> dict[str, object]:
    from provsluss.register.imports.section_counts import section_counts

    found = import_run.counts.get("problems", {"found": 0, "kept": 0})
    return {
        "import": import_run.pk,
        "state": import_run.state,
        "message": refused_words(import_run) if was_refused else import_run.message,
        "counts": dict(section_counts(import_run)),
        "problems_found": found["found"],
        "problems_kept": found["kept"],
        "problems": problems_as_json(import_run),
        **unusual_as_json(import_run),
        "questions": questions_as_json(import_run),
    }


def problems_as_json(import_run: "Import") -> list[dict[str, Any]]:
    """The remarks that were kept, for `--json`."""
    fields = ("sheet", "row", "column", "value", "reason", "row_refused")
    return [{name: getattr(problem, name) for name in fields} for problem in import_run.problems.all()]
