"""`provsluss user`: who may log in, and to which huvudman."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ready_django import ready_django

if TYPE_CHECKING:
    from provsluss.organisations.models import User

_user = typer.Typer(help="Användare som loggar in på webben.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.add_typer(_user, name="user")


@_user.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAMN", help="Användarnamnet.")],
    number: Annotated[str, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")],
    email: Annotated[str, typer.Option("--email", help="E-postadress, om den ska gå att logga in med.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Läs lösenordet från standard in i stället för att fråga.")
    ] = False,
    sees_protected: Annotated[
        bool | None,
        typer.Option(
            "--sees-protected/--not-sees-protected",
            help="Får, eller får inte längre, se huvudmannens personer med skyddade personuppgifter.",
        ),
    ] = None,
    operator: Annotated[
        bool, typer.Option("--operator", help="Sköter Provsluss: ser sidan Drift och får pausa kön.")
    ] = False,
) -> None:
    """Lägg till en användare, eller ge en som finns tillgång till en huvudman till."""
    ready_django()
    from provsluss.organisations.access import grant_access, make_operator, set_sees_protected
    from provsluss.organisations.models import OrganisationAccess, User

    organisation = chosen_organisation(number)
    user = User.objects.filter(username=name).first()
    if user is None:
        user = _create(name, email, _password(password_stdin, name))
        typer.echo(f"Användaren {name} är tillagd.")
    if grant_access(user, organisation, by=None):
        typer.echo(f"{name} har nu tillgång till {organisation.name}.")
    else:
        typer.echo(f"{name} har redan tillgång till {organisation.name}. Inget ändrades.")
    if sees_protected is not None:
        set_sees_protected(
            OrganisationAccess.objects.get(user=user, organisation=organisation), sees_protected, by=None
        )
        may = "får se" if sees_protected else "får inte längre se"
        typer.echo(f"{name} {may} personer med skyddade personuppgifter i {organisation.name}.")
    if operator:
        make_operator(user, by=None)
        typer.echo(f"{name} ser sidan Drift och får pausa kön.")


def _password(from_stdin: bool, name: str) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        password = str(typer.prompt(f"Lösenord för {name}", hide_input=True))
        if password == typer.prompt("Samma lösenord igen", hide_input=True):
            return password
        typer.echo("Lösenorden är inte lika. Försök igen.", err=True)


def _create(name: str, email: str, password: str) -> "User":
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from provsluss.organisations.models import User

    user = User(username=name, email=User.objects.normalize_email(email))
    user.set_password(password)
    try:
        user.full_clean()
        validate_password(password, user)
    except ValidationError as problem:
        raise CannotBeDone(f"Användaren {name} kan inte läggas till: {' '.join(problem.messages)}") from problem
    user.save()
    return user
