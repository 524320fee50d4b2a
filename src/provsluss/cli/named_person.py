"""`provsluss send --person`: whom an EPPN or an id stands for, and what goes along."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from provsluss.cli.errors import CannotBeDone

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation
    from provsluss.register.models import Person
    from provsluss.transfers.models import Transfer

PersonOption = Annotated[
    str | None,
    typer.Option("--person", help="Bara den här personen, före allt annat: EPPN, eller id hos Skolverket."),
]
AnywayOption = Annotated[
    bool, typer.Option("--anyway", help="Med --person: skicka också det som Skolverket redan har.")
]
UnsentTestsOption = Annotated[
    bool | None,
    typer.Option(
        "--unsent-tests/--no-unsent-tests",
        help="Med --person: om prov som inte finns hos Skolverket ska skickas med. Utelämnat: du tillfrågas, och utan "
        "svar skickas de inte.",
    ),
]


def named_person(named: str) -> "Person":
    """The organisation's person with this EPPN or id; somebody who has ended only where nobody else has the EPPN.

    Needs the organisation's scope. Raises CannotBeDone, which does not repeat what was asked for.
    """
    from provsluss.register.models import Person
    from provsluss.ss12000.ids import as_uuid

    named = named.strip()
    pk = as_uuid(named)
    found = list(Person.objects.filter(pk=pk) if pk else Person.objects.filter(eppn__iexact=named).exclude(eppn=""))
    found = [one for one in found if one.ended_at is None] or found
    if not found:
        raise CannotBeDone("Huvudmannen har ingen person med det EPPN:et eller id:t. Se personens kort i Register.")
    if len(found) > 1:
        raise CannotBeDone("Flera personer har det EPPN:et. Ange personens id i stället; det står på personens kort.")
    return found[0]


def send_one(
    organisation: "Organisation", person: "Person", anyway: bool, unsent_tests_too: bool | None, ask: bool
) -> "Transfer":
    """Queue a transfer of `person` alone; asks about tests that have not been sent where somebody can answer (`ask`).

    Raises what send_person does. Needs the organisation's scope.
    """
    from provsluss.transfers.actions.send_person import UnsentTests, send_person

    try:
        return send_person(organisation, None, person, anyway, unsent_tests_too)
    except UnsentTests as unsent:
        if ask and sys.stdin.isatty():
            also = typer.confirm(f"{unsent} Skicka {unsent.those} ändå, med bara den här personen?", default=False)
        else:
            also = False
            typer.echo(f"{unsent} Utan --unsent-tests skickas {unsent.those} inte med.", err=True)
    return send_person(organisation, None, person, anyway, also)
