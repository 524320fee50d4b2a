"""`provsluss fetch`: read the sources that are fetched, as the routine and the page do."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.import_questions import questions_as_json
from provsluss.cli.imports import problems_as_json
from provsluss.cli.reading_in import caution_of, exit_status, read_in, tell_outcome
from provsluss.cli.ready_django import ready_django
from provsluss.cli.source import named_source
from provsluss.cli.unusual_imports import refused_words, unusual_as_json

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
    from provsluss.register.models import Import, Source
    from provsluss.register.sections import Section

_COUNTED = {
    "rows": "read",
    "new": "new",
    "changed": "changed",
    "unchanged": "unchanged",
    "ended": "ended",
    "bad": "refused",
}
"""What a section counts, and what it is called here."""


def add_to(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command("fetch")(fetch)


def fetch(
    organisation: Annotated[str, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")],
    source: Annotated[str, typer.Option("--source", metavar="NAMN", help="Läs bara den källan.")] = "",
    full: Annotated[
        bool, typer.Option("--full", help="Läs allt som källan har, inte bara det som har ändrats.")
    ] = False,
    preview_only: Annotated[
        bool, typer.Option("--preview-only", help="Visa bara vad som skulle hända. Inget sparas.")
    ] = False,
    refuse_mass_ending: Annotated[
        bool, typer.Option("--refuse-mass-ending", help="Spara inget om ovanligt mycket skulle avslutas.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Fråga inte, även om mycket avslutas. Svarar inte på något annat.")
    ] = False,
    accept_identity_changes: Annotated[
        bool,
        typer.Option(
            "--accept-identity-changes",
            help="Ja, läs in också dem där ett id, EPPN eller personnummer går över till någon annan.",
        ),
    ] = False,
    accept_unprotected: Annotated[
        bool, typer.Option("--accept-unprotected", help="Ja, de som källan säger är oskyddade ska inte vara skyddade.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Skriv ett maskinläsbart JSON-objekt.")] = False,
) -> None:
    """Läs huvudmannens källor: allt första gången, sedan det som har ändrats.

    Skulle ovanligt mycket avslutas sparas resten, och det som skulle avslutas är kvar tills någon har svarat ja: vid
    en terminal frågar kommandot, annars svarar --yes.
    """
    ready_django()
    from django_scopes import scope

    from provsluss.register.imports.command_lock import working_as_command
    from provsluss.register.imports.fetching import begin_fetch
    from provsluss.register.imports.imports import forget_old_uploads, reject_stopped_commands

    chosen = chosen_organisation(organisation)
    forget_old_uploads()
    sources = _sources(chosen, organisation, source)
    caution = caution_of(refuse_mass_ending, yes, as_json, accept_identity_changes, accept_unprotected, spare=True)
    ended: list[tuple[Import, bool]] = []
    with (
        working_as_command(chosen.pk, if_alone=lambda: reject_stopped_commands(chosen)),
        scope(organisation=chosen),
    ):
        for one in sources:
            import_run = begin_fetch(one, None, full)
            was_refused = read_in(import_run, preview_only, as_json, caution)
            ended.append((import_run, was_refused))
            if not as_json:
                _tell(one, import_run, was_refused)
        status = max(2 if refused else exit_status(run) for run, refused in ended)
        if as_json:
            told = [_as_json(run, refused) for run, refused in ended]
            typer.echo(json.dumps(told[0] if len(told) == 1 else {"imports": told}, ensure_ascii=False))
    raise typer.Exit(status)


def _sources(chosen: "Organisation", number: str, name: str) -> "list[Source]":
    """Those that are to be read. Raises CannotBeDone where there are none, or the named one is not read now."""
    from django_scopes import scope

    from provsluss.register.imports.fetching import PAUSED, UPLOADED_BY_HAND, is_fetched
    from provsluss.register.models import Source, SourceState

    if name:
        named = named_source(number, name)[1]
        if not is_fetched(named):
            raise CannotBeDone(UPLOADED_BY_HAND)
        if named.state == SourceState.PAUSED:
            raise CannotBeDone(PAUSED)
        return [named]
    with scope(organisation=chosen):
        fetched = [one for one in Source.objects.all() if is_fetched(one)]
    if not fetched:
        raise CannotBeDone("Huvudmannen har ingen källa att hämta från. Lägg till en: provsluss source add --help")
    active = [one for one in fetched if one.state == SourceState.ACTIVE]
    if not active:
        raise CannotBeDone("Alla källor är pausade. Sätt i gång en: provsluss source resume NAMN --organisation ORGNR")
    for one in active:
        one.organisation = chosen
    return active


def _tell(source: "Source", import_run: "Import", was_refused: bool) -> None:
    from provsluss.wording.reading import accounts_of

    how = ""
    if "full" in import_run.reading:
        calls = import_run.reading["calls"]
        what = "allt" if import_run.reading["full"] else "det som har ändrats"
        how = f": läste {what} med {calls} anrop"
    typer.echo(f"{source.name}{how}")
    tell_outcome(import_run, was_refused)
    for one in accounts_of(import_run.reading):
        typer.echo(f"{one.kind}: {one.read} lästa, {one.used} tas med")
        for number, reason in one.left_out:
            typer.echo(f"  {number} tas inte med: {reason}")


def _as_json(import_run: "Import", was_refused: bool) -> dict[str, Any]:
    from provsluss.register.sections import Section

    reading = import_run.reading
    return {
        "import": import_run.pk,
        "state": import_run.state,
        "message": refused_words(import_run) if was_refused else import_run.message,
        "calls": reading.get("calls", 0),
        "full": reading.get("full", True),
        "pupils": _counts(import_run, Section.PUPILS),
        "staff": _counts(import_run, Section.DUTIES),
        "groups": _counts(import_run, Section.CLASSES, Section.TEACHING_GROUPS),
        "objects": {name: reading.get(name, {}) for name in ("read", "used", "refused", "left_out")},
        "problems_found": import_run.counts.get("problems", {}).get("found", 0),
        "problems": problems_as_json(import_run),
        **unusual_as_json(import_run),
        "questions": questions_as_json(import_run),
    }


def _counts(import_run: "Import", *sections: "Section") -> dict[str, int]:
    counted = [import_run.counts.get(section, {}) for section in sections]
    return {told: sum(one.get(name, 0) for one in counted) for name, told in _COUNTED.items()}
