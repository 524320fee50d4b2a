"""`provsluss address`: where each environment is, and where it has been."""

import json
from typing import Annotated

import typer

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.options import JsonOption
from provsluss.cli.ready_django import ready_django

_address = typer.Typer(help="Adresser till Skolverket: lista, och säg när en tjänst har flyttat.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.add_typer(_address, name="address")


@_address.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Visa adresserna som uppgifter är skickade till, och hur många som finns där."""
    ready_django()
    from provsluss.organisations.environments import Environment, place
    from provsluss.transfers.remote.new_address import KnownAddress, known_addresses

    known = known_addresses()
    used = {(one.environment, one.address) for one in known}
    known += [KnownAddress(one, place(one), 0) for one in Environment.values if (one, place(one)) not in used]
    known.sort(key=lambda one: (one.environment, not one.is_todays, one.address))
    if as_json:
        rows = [
            {"environment": one.environment, "address": one.address, "objects": one.objects, "is_todays": one.is_todays}
            for one in known
        ]
        typer.echo(json.dumps({"addresses": rows}))
        return
    for one in known:
        now = "används nu" if one.is_todays else "förr"
        typer.echo(f"{one.environment:<16}  {now:<10}  {one.objects:>8}  {one.address}")


@_address.command("moved")
def moved(
    address: Annotated[str, typer.Argument(metavar="GAMMAL_ADRESS", help="Adressen som den står i address list.")],
) -> None:
    """Samma tjänst har fått en ny adress: låt det som skickades till den gamla räknas på den nya."""
    ready_django()
    from provsluss.organisations.environments import place, written_in_one_way
    from provsluss.transfers.remote.new_address import environments_at, move

    address = written_in_one_way(address)
    environments = environments_at(address)
    if not environments:
        raise CannotBeDone(
            f"Ingenting är skickat till {address} som inte redan räknas dit. Se adresserna med: provsluss address list"
        )
    for environment in environments:
        number = move(environment, address)
        typer.echo(f"{environment}: {number} uppgifter som skickades till {address} räknas nu på {place(environment)}.")
