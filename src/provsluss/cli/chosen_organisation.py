"""The huvudman that `--organisation` names."""

from typing import TYPE_CHECKING

from provsluss.cli.errors import CannotBeDone

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation


def chosen_organisation(number: str) -> "Organisation":
    """The organisation with this number, in any usual spelling. Django must be ready. Raises CannotBeDone."""
    from provsluss.organisations.models import Organisation
    from provsluss.organisations.organisation_number import read_organisation_number

    try:
        digits = read_organisation_number(number)
    except ValueError as problem:
        raise CannotBeDone(str(problem)) from problem
    if (found := Organisation.objects.filter(number=digits).first()) is None:
        raise CannotBeDone(
            f'Huvudmannen {digits} finns inte här. Lägg till den med: provsluss organisation add {digits} "NAMN"'
        )
    return found
