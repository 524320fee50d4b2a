"""`provsluss catalogue …`: Skolverket's open data, fetched and shown."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ready_django import ready_django

if TYPE_CHECKING:
    from provsluss.catalogue.models import Fetch
    from provsluss.organisations.models import Organisation

catalogue = typer.Typer(
    help="Skolverkets öppna data: skolenheter, studievägar och nationella prov.", no_args_is_help=True
)

EnvironmentOption = Annotated[
    str | None, typer.Option("--environment", help="produktion, verifieringstest eller simulator")
]
OrganisationOption = Annotated[str | None, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Skriv ett JSON-objekt.")]


def add_to(app: typer.Typer) -> None:
    """Adds `provsluss catalogue` to the command."""
    app.add_typer(catalogue, name="catalogue")


@catalogue.command()
def refresh(
    environment: EnvironmentOption = None, organisation: OrganisationOption = None, as_json: JsonOption = False
) -> None:
    """Hämtar Skolverkets öppna data: för en huvudman, eller för alla."""
    ready_django()
    from provsluss.catalogue.refresh import refresh as refresh_catalogue
    from provsluss.operations.catalogue import school_unit_codes

    fetches = []
    for each in _organisations(environment, organisation):
        where = environment or each.environment
        fetches.append(refresh_catalogue(where, school_unit_codes(each), each.number))
    if not fetches:
        fetches.append(refresh_catalogue(_known(environment)))
    if as_json:
        typer.echo(json.dumps({"fetches": [_as_json(fetch) for fetch in fetches]}, ensure_ascii=False))
    else:
        for fetch in fetches:
            typer.echo(f"{fetch.environment}: {fetch.message}")
    if not all(fetch.succeeded for fetch in fetches):
        raise CannotBeDone("Alla uppgifter kunde inte hämtas. Försök igen senare.")


@catalogue.command()
def show(environment: EnvironmentOption = None, as_json: JsonOption = False) -> None:
    """Visar när uppgifterna hämtades, hur många de är och vilka skolenheter som inte går att använda."""
    ready_django()
    from provsluss.catalogue.lookup import national_tests, programmes, school_unit_status
    from provsluss.catalogue.models import Fetch, SchoolUnit

    where = _known(environment)
    units = list(SchoolUnit.objects.filter(environment=where))
    standings = [(unit, school_unit_status(unit)) for unit in units]
    finished = Fetch.objects.filter(environment=where, finished_at__isnull=False)
    last, fetched = finished.first(), finished.filter(succeeded=True).first()
    shown = {
        "environment": where,
        "last_fetch": _as_json(last) if last else None,
        "last_success": _as_json(fetched) if fetched else None,
        "national_tests": len(national_tests(where)),
        "programmes": len([each for each in programmes(where).values() if each.gone_at is None]),
        "school_units": len(units),
        "unusable_school_units": [
            {"code": unit.code, "name": unit.name, "standing": standing.text}
            for unit, standing in standings
            if not standing.ok
        ],
    }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    typer.echo(f"Miljö: {where}")
    typer.echo(f"Senast hämtat: {_local(fetched.finished_at) if fetched else 'aldrig'}")
    if last and not last.succeeded:
        typer.echo(f"Senaste försök: {_local(last.finished_at)}, allt kunde inte hämtas.")
    if last:
        typer.echo(last.message)
    for label, count in (
        ("Nationella prov och bedömningsstöd", shown["national_tests"]),
        ("Studievägar", shown["programmes"]),
        ("Skolenheter", shown["school_units"]),
    ):
        typer.echo(f"{label}: {count}")
    for unit, standing in standings:
        if not standing.ok:
            typer.echo(f"  {unit.code} {unit.name}: {standing.text}")


def _organisations(environment: str | None, number: str | None) -> "list[Organisation]":
    """The organisation with this number, else every organisation of the environment, else every one."""
    from provsluss.organisations.models import Organisation

    if environment is not None:
        _known(environment)
    if number is not None:
        found = Organisation.objects.filter(number=number.replace("-", "")).first()
        if found is None:
            raise CannotBeDone("Huvudmannen finns inte här. Lägg till den med: provsluss organisation add")
        return [found]
    known = Organisation.objects.all()
    return list(known.filter(environment=environment) if environment else known)


def _known(environment: str | None) -> str:
    """The environment by its name; without a name that of the only organisation's, or the verification environment."""
    from provsluss.organisations.environments import Environment
    from provsluss.organisations.models import Organisation

    if environment is None:
        in_use = set(Organisation.objects.values_list("environment", flat=True))
        return in_use.pop() if len(in_use) == 1 else Environment.VERIFICATION.value
    if environment not in Environment.values:
        raise CannotBeDone(f"Miljön {environment} finns inte. Välj bland {', '.join(Environment.values)}.")
    return environment


def _as_json(fetch: "Fetch") -> dict[str, object]:
    return {
        "environment": fetch.environment,
        "succeeded": fetch.succeeded,
        "message": fetch.message,
        "started_at": fetch.started_at.isoformat(),
        "finished_at": fetch.finished_at.isoformat() if fetch.finished_at else None,
    }


def _local(moment: object) -> str:
    from datetime import datetime

    from django.utils import timezone

    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else "aldrig"
