"""Options that several commands share."""

from typing import Annotated

import typer

OrganisationOption = Annotated[str, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Skriv ett maskinläsbart JSON-objekt.")]
