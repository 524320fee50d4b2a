"""`provsluss source`: where the register comes from."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ready_django import ready_django

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
    from provsluss.register.models import Source

_source = typer.Typer(help="Källor: lägg till, lista, prova, pausa och ta bort.", no_args_is_help=True)
_ORGANISATION = typer.Option("--organisation", help="Huvudmannens organisationsnummer.")
_NAME = typer.Argument(metavar="NAMN", help="Källans namn.")
_JSON = typer.Option("--json", help="Skriv ett maskinläsbart JSON-objekt.")
_AUTHENTICATIONS = ("none", "bearer", "header", "client-credentials", "schoolsoft")


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.add_typer(_source, name="source")


@_source.command("add")
def add(
    name: Annotated[str, _NAME],
    organisation: Annotated[str, _ORGANISATION],
    kind: Annotated[str, typer.Option("--kind", help="ss12000.")],
    url: Annotated[str, typer.Option("--url", help="Hela basadressen.")] = "",
    auth: Annotated[str, typer.Option("--auth", help=f"{', '.join(_AUTHENTICATIONS)}.")] = "none",
    secret_file: Annotated[
        str, typer.Option("--secret-file", metavar="FIL", help="Filen med hemligheten, på en rad.")
    ] = "",
    client_id: Annotated[str, typer.Option("--client-id", help="Klientens id; hos SchoolSoft organisationens.")] = "",
    token_url: Annotated[str, typer.Option("--token-url", help="Adressen där åtkomstintyget hämtas.")] = "",
    scope: Annotated[str, typer.Option("--scope", help="Vad åtkomstintyget ska gälla. Tomt: allt.")] = "",
    header: Annotated[str, typer.Option("--header", help="Rubriken som nyckeln skickas i.")] = "X-API-Key",
    certificate: Annotated[str, typer.Option("--certificate", metavar="FIL", help="Klientcertifikat (PEM).")] = "",
    key: Annotated[str, typer.Option("--key", metavar="FIL", help="Certifikatets privata nyckel (PEM).")] = "",
    school_unit: Annotated[
        list[str] | None, typer.Option("--school-unit", help="Skolenhet som källan talar för. Utan: alla den har.")
    ] = None,
    choice: Annotated[
        list[str] | None,
        typer.Option(
            "--choice",
            help="Val där källan är oklar: ignore_cancelled, unmarked_is_open, private_staff_email, test_groups.",
        ),
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Lägg till en källa. Den läses med provsluss fetch.

    Den som kör kommandot ansvarar för adressen: den får vara på insidan av nätet, och utan https.
    """
    ready_django()
    from provsluss.cli.chosen_organisation import chosen_organisation
    from provsluss.register.imports.source_rows import SourceProblem, add_source
    from provsluss.register.sources.refusal import SourceRefused
    from provsluss.register.sources.ss12000.secrets import warning_of

    if auth not in _AUTHENTICATIONS:
        raise CannotBeDone(f"--auth {auth} finns inte. Välj {', '.join(_AUTHENTICATIONS)}.")
    if any(len(code) != 8 or not code.isdigit() for code in school_unit or []):
        raise CannotBeDone("En skolenhetskod har åtta siffror.")
    given: dict[str, Any] = {}
    if kind == "ss12000":
        if not url:
            raise CannotBeDone("Ange källans basadress med --url.")
        secret = str(Path(secret_file).absolute()) if secret_file and Path(secret_file).exists() else secret_file
        given = {
            "url": url, "auth": auth, "secret_file": secret, "client_id": client_id, "token_url": token_url,
            "scope": scope, "header": header, "organisation": client_id if auth == "schoolsoft" else "",
            "certificate_file": certificate, "key_file": key, "inner_allowed": True,
            "choices": dict.fromkeys(choice or [], True),
        }  # fmt: skip
    chosen = chosen_organisation(organisation)
    try:
        source = add_source(chosen, kind, name, given, school_unit or ())
    except (SourceProblem, SourceRefused) as problem:
        raise CannotBeDone(str(problem)) from problem
    if secret_file and (warning := warning_of(given["secret_file"])):
        typer.secho(f"Varning: {warning}", err=True, fg=typer.colors.YELLOW)
    if as_json:
        typer.echo(json.dumps(_as_json(source), ensure_ascii=False))
    else:
        typer.echo(f"Källan {source.name} är tillagd. Läs den: provsluss fetch --organisation {chosen.number}")


@_source.command("list")
def list_sources(organisation: Annotated[str, _ORGANISATION], as_json: Annotated[bool, _JSON] = False) -> None:
    """Lista huvudmannens källor och deras senaste läsning."""
    ready_django()
    from django.utils.timezone import localtime
    from django_scopes import scope

    from provsluss.cli.chosen_organisation import chosen_organisation
    from provsluss.register.imports.fetching import latest_reading
    from provsluss.register.models import Source
    from provsluss.register.sources.registry import KINDS

    chosen = chosen_organisation(organisation)
    with scope(organisation=chosen):
        sources = list(Source.objects.all())
        latest = {source.pk: latest_reading(source) for source in sources}
    if as_json:
        found = [_as_json(one) | {"latest_import": run.pk if (run := latest[one.pk]) else None} for one in sources]
        typer.echo(json.dumps({"sources": found}, ensure_ascii=False))
        return
    if not sources:
        typer.echo("Huvudmannen har inga källor än.")
        return
    table = Table(box=SIMPLE, padding=0, pad_edge=False)
    for heading in ("Namn", "Slag", "Läge", "Skolenheter", "Senast läst"):
        table.add_column(heading)
    for one in sources:
        run = latest[one.pk]
        when = f"{localtime(run.created_at):%Y-%m-%d %H:%M} {run.state_words}" if run else "aldrig"
        called = KINDS[one.kind].called if one.kind in KINDS else one.kind
        table.add_row(one.name, called, one.get_state_display(), ", ".join(one.school_unit_codes) or "alla", when)
    Console().print(table)


@_source.command("test")
def test(
    name: Annotated[str, _NAME], organisation: Annotated[str, _ORGANISATION], as_json: Annotated[bool, _JSON] = False
) -> None:
    """Prova anslutningen till källan, länk för länk. Inget läses in."""
    ready_django()
    from provsluss.register.sources.registry import KINDS

    source = named_source(organisation, name)[1]
    check = KINDS[source.kind].check if source.kind in KINDS else None
    if check is None:
        raise CannotBeDone("Källan har ingen anslutning att prova: någon laddar upp dess filer.")
    links = check(source)
    if as_json:
        told = [{"link": one.name, "state": one.state, "text": one.text} for one in links]
        typer.echo(json.dumps({"source": source.name, "links": told}, ensure_ascii=False))
    else:
        for one in links:
            typer.echo(f"{ {'ok': '✓', 'warning': '!', 'error': '✗'}[one.state] } {one.name}: {one.text}")
    raise typer.Exit(2 if any(one.state == "error" for one in links) else 0)


@_source.command("pause")
def pause(name: Annotated[str, _NAME], organisation: Annotated[str, _ORGANISATION]) -> None:
    """Läs inte källan förrän den har satts i gång igen. Det den läst in är kvar."""
    _pause(name, organisation, paused=True)


@_source.command("resume")
def resume(name: Annotated[str, _NAME], organisation: Annotated[str, _ORGANISATION]) -> None:
    """Sätt i gång en pausad källa."""
    _pause(name, organisation, paused=False)


@_source.command("remove")
def remove(
    name: Annotated[str, _NAME],
    organisation: Annotated[str, _ORGANISATION],
    hand_to: Annotated[
        str, typer.Option("--hand-to", metavar="NAMN", help="Källan som tar över det som lästs in.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Fråga inte.")] = False,
) -> None:
    """Ta bort en källa. Det den läst in avslutas i registret, eller lämnas över till en annan källa."""
    ready_django()
    from django_scopes import scope

    from provsluss.operations.after_import import follow_import
    from provsluss.preflight.request import ask_for_control
    from provsluss.register.imports.source_rows import SourceProblem, brought_by, remove_source
    from provsluss.register.models import Source

    chosen, source = named_source(organisation, name)
    with scope(organisation=chosen):
        to = Source.objects.filter(name=hand_to).first() if hand_to else None
        if hand_to and to is None:
            raise CannotBeDone(f"Det finns ingen källa som heter {hand_to}.")
        brought = brought_by(source)
        what = f"{brought['pupils']} elever, {brought['duties']} tjänstgöringar och {brought['groups']} grupper"
        typer.echo(f"{what} lämnas över till källan {to.name}." if to else f"{what} avslutas i registret.")
        if not yes:
            answer: str = typer.prompt(f"Ska källan {source.name} tas bort? [j/N]", default="", show_default=False)
            if answer.strip().casefold() not in ("j", "ja"):
                raise CannotBeDone("Inget har ändrats.")
        try:
            remove_source(source, None, to)
        except SourceProblem as problem:
            raise CannotBeDone(str(problem)) from problem
        follow_import(chosen)
        ask_for_control(chosen)
    typer.echo(f"Källan {name} är borttagen.")


def named_source(number: str, name: str) -> "tuple[Organisation, Source]":
    """The organisation and its source with this name. Django must be ready. Raises CannotBeDone."""
    from django_scopes import scope

    from provsluss.cli.chosen_organisation import chosen_organisation
    from provsluss.register.models import Source

    chosen = chosen_organisation(number)
    with scope(organisation=chosen):
        source = Source.objects.filter(name=name).first()
        if source is None:
            names = ", ".join(Source.objects.values_list("name", flat=True)) or "inga"
            raise CannotBeDone(f"Det finns ingen källa som heter {name}. De som finns: {names}.")
    source.organisation = chosen
    return chosen, source


def _pause(name: str, organisation: str, paused: bool) -> None:
    ready_django()
    from provsluss.register.imports.source_rows import pause_source

    _, source = named_source(organisation, name)
    pause_source(source, paused)
    typer.echo(f"Källan {name} {'är pausad' if paused else 'läses igen'}.")


def _as_json(source: "Source") -> dict[str, Any]:
    return {
        "source": source.pk,
        "name": source.name,
        "kind": source.kind,
        "state": source.state,
        "school_units": source.school_unit_codes,
    }
