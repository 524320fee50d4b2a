"""`provsluss verify` and `provsluss doctor`."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.command import CannotBeDone
from provsluss.cli.ready_django import ready_django
from provsluss.cli.transferring import KIND_TITLES, JsonOption, OrganisationOption


def add_to(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(verify)
    app.command()(doctor)


def verify(organisation: OrganisationOption, as_json: JsonOption = False) -> None:
    """Fråga Skolverket vad som finns där av det som har tagits emot."""
    ready_django()
    from django_scopes import scope

    from provsluss.provtjanst.certificates import CertificateProblem
    from provsluss.provtjanst.errors import ProvtjanstError
    from provsluss.transfers import verification

    chosen = chosen_organisation(organisation)
    try:
        with scope(organisation=chosen):
            kinds = verification.verify(chosen)
    except (ProvtjanstError, CertificateProblem) as problem:
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
        typer.echo(json.dumps({"verified": figures}))
    else:
        table = Table("", "Mottagna", "Hos Skolverket", "I provplattformen", "Saknas", box=None)
        for kind, one in kinds.items():
            numbers = (one.accepted, one.found, one.in_test_platform, len(one.missing))
            table.add_row(KIND_TITLES[kind], *(str(number) for number in numbers))
        Console().print(table)
    raise typer.Exit(1 if any(one.missing for one in kinds.values()) else 0)


def doctor(
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Bara den här huvudmannen. Utelämnat: alla.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Kontrollera installationen och vägen till Skolverket."""
    ready_django(migrate=False)
    from provsluss.organisations.models import Organisation
    from provsluss.transfers.checkup import Check, check_connection, check_installation
    from provsluss.web.assets import missing_assets

    checks = list(check_installation())
    if missing := missing_assets():
        checks.append(Check(False, f"Webbens filer saknas ({', '.join(missing)}). Kör: make assets"))
    else:
        checks.append(Check(True, "Webbens filer är på plats."))
    # Without its tables there is nobody to check the connection of.
    if all(check.is_right for check in checks[:2]):
        organisations = [chosen_organisation(organisation)] if organisation else list(Organisation.objects.all())
        for one in organisations:
            checks += check_connection(one)
    if as_json:
        typer.echo(json.dumps({"checks": [{"ok": c.is_right, "text": c.sentence} for c in checks]}, ensure_ascii=False))
    else:
        for check in checks:
            typer.echo(f"{'✓' if check.is_right else '✗'} {check.sentence}")
    raise typer.Exit(0 if all(check.is_right for check in checks) else 1)
