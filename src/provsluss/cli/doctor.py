"""`provsluss verify` and `provsluss doctor`."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.options import JsonOption, OrganisationOption
from provsluss.cli.ready_django import ready_django
from provsluss.cli.transfer_counts import KIND_TITLES

if TYPE_CHECKING:
    from provsluss.ss12000.code_lists import Kind
    from provsluss.transfers.remote.read_back import Verified


def add_to(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(verify)
    app.command()(doctor)


def verify(
    organisation: OrganisationOption,
    mark: Annotated[
        bool,
        typer.Option(
            "--mark-missing", help="Räkna det som saknas som inte skickat, så att det skickas nästa gång du skickar."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fråga Skolverket vad som finns där av det som har tagits emot. Det som saknas kan märkas som inte skickat."""
    ready_django()
    from django.utils import timezone
    from django_scopes import scope

    from provsluss.connection.token_checkup import no_answer
    from provsluss.organisations.environments import Environment
    from provsluss.provtjanst.certificates import CertificateProblem
    from provsluss.provtjanst.errors import ProvtjanstError, TemporaryTrouble
    from provsluss.transfers.remote import read_back

    chosen = chosen_organisation(organisation)
    asked_at = timezone.now()
    try:
        with scope(organisation=chosen):
            kinds = read_back.verify(chosen)
            marked = read_back.mark_missing(chosen, kinds, asked_at) if mark else 0
    except (ProvtjanstError, CertificateProblem) as problem:
        if isinstance(problem, TemporaryTrouble) and chosen.environment == Environment.SIMULATOR:
            raise CannotBeDone(no_answer(chosen.environment)) from problem
        raise CannotBeDone(str(problem)) from problem
    if as_json:
        figures = {
            kind: {
                "accepted": one.accepted,
                "found": one.found,
                "in_test_platform": one.in_test_platform,
                "missing": [str(object_id) for object_id in one.missing],
            }
            for kind, one in kinds.items()
        }
        typer.echo(json.dumps({"verified": figures, "marked": marked}))
    else:
        table = Table("", "Mottagna", "Hos Skolverket", "I provplattformen", "Saknas", box=None)
        for kind, one in kinds.items():
            numbers = (one.accepted, one.found, one.in_test_platform, len(one.missing))
            table.add_row(KIND_TITLES[kind], *(str(number) for number in numbers))
        Console().print(table)
        _tell_what_to_do(chosen.number, kinds, marked if mark else None)
    raise typer.Exit(1 if any(one.missing for one in kinds.values()) else 0)


def _tell_what_to_do(number: str, kinds: "dict[Kind, Verified]", marked: int | None) -> None:
    """About what is missing, where anything is. `marked` is None where nobody asked for that."""
    from provsluss.wording.presence import marked_sentence, missing_sentence

    sentence = missing_sentence(kinds)
    if not sentence:
        return
    typer.echo(sentence)
    send = f"provsluss send --organisation {number}"
    if marked is None:
        typer.echo("Skicka det igen så här: märk det som inte skickat, och skicka sedan.")
        typer.echo(f"  provsluss verify --organisation {number} --mark-missing")
        typer.echo(f"  {send}")
    else:
        typer.echo(f"{marked_sentence(marked)} {send}")


def doctor(
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Bara den här huvudmannen. Utelämnat: alla.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Kontrollera installationen och vägen till Skolverket."""
    ready_django(migrate=False)
    from provsluss.connection.check import Level, right, wrong
    from provsluss.connection.checkup import check_connection
    from provsluss.operations.directory_checkup import DIRECTORY
    from provsluss.operations.installation_checkup import DATABASE, check_installation
    from provsluss.organisations.models import Organisation
    from provsluss.transfers.remote.new_address import check_address
    from provsluss.web.frame.assets import missing_assets

    installation = list(check_installation())
    # Without its tables there is nobody to check the connection of, and without room what is learnt cannot be kept.
    can_be_used = all(check.is_right for check in installation if check.title in (DIRECTORY, DATABASE))
    if missing := missing_assets():
        installation.append(wrong("Webbens filer", f"Webbens filer saknas ({', '.join(missing)}).", "Kör: make assets"))
    else:
        installation.append(right("Webbens filer", "Webbens filer är på plats."))
    checks = [("Installationen", check) for check in installation]
    if can_be_used:
        organisations = [chosen_organisation(organisation)] if organisation else list(Organisation.objects.all())
        for one in organisations:
            heading = f"{one.name}, {one.get_environment_display()}"
            checks += [(heading, check) for check in (*check_connection(one), *check_address(one))]
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "checks": [
                        {
                            "about": heading,
                            "ok": check.is_right,
                            "level": check.level,
                            "title": check.title,
                            "text": check.sentence,
                            "remedy": check.remedy,
                            "values": dict(check.values),
                        }
                        for heading, check in checks
                    ]
                },
                ensure_ascii=False,
            )
        )
    else:
        signs = {Level.OK: "✓ ok     ", Level.WARNING: "! varning", Level.ERROR: "✗ fel    "}
        last = ""
        for heading, check in checks:
            if heading != last:
                typer.echo(f"{heading}:")
                last = heading
            typer.echo(f"  {signs[check.level]}  {check.title}: {check.sentence}")
            for name, value in check.values:
                typer.echo(f"               {name}: {value}")
            if check.remedy:
                typer.echo(f"               → {check.remedy}")
    raise typer.Exit(0 if all(check.is_right for _, check in checks) else 1)
