"""`provsluss send --person`: whom an EPPN or an id stands for."""

from typing import TYPE_CHECKING, Annotated

import typer

from provsluss.cli.errors import CannotBeDone

if TYPE_CHECKING:
    from provsluss.register.models import Person

PersonOption = Annotated[
    str | None,
    typer.Option("--person", help="Bara den här personen, före allt annat: EPPN, eller id hos Skolverket."),
]
AnywayOption = Annotated[
    bool, typer.Option("--anyway", help="Med --person: skicka också det som Skolverket redan har.")
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
