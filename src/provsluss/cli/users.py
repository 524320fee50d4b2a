"""`provsluss user`: who may log in, and to which huvudman."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from provsluss.cli.chosen_organisation import chosen_organisation
from provsluss.cli.errors import CannotBeDone
from provsluss.cli.options import JsonOption
from provsluss.cli.ready_django import ready_django

if TYPE_CHECKING:
    from provsluss.organisations.models import User

_user = typer.Typer(help="Användare som loggar in på webben.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(metavar="NAMN", help="Användarnamnet.")]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Läs lösenordet från standard in i stället för att fråga.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.add_typer(_user, name="user")


@_user.command("add")
def add(
    name: NameArgument,
    number: Annotated[str, typer.Option("--organisation", help="Huvudmannens organisationsnummer.")],
    email: Annotated[str, typer.Option("--email", help="E-postadress, om den ska gå att logga in med.")] = "",
    password_stdin: PasswordOption = False,
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
    """Lägg till en användare, eller ge en som finns tillgång till en huvudman till och en annan e-postadress."""
    ready_django()
    from provsluss.organisations.access import grant_access, make_operator, set_sees_protected
    from provsluss.organisations.accounts import AccountRefused, existing_account, make_account
    from provsluss.organisations.models import OrganisationAccess

    organisation = chosen_organisation(number)
    is_changed = sees_protected is not None or operator
    try:
        if (user := existing_account(name)) is None:
            user = make_account(name, email, _asked_password(name, password_stdin), organisation, by=None)
            typer.echo(f"Användaren {name} är tillagd.")
            is_let_in = True
        else:
            is_changed |= _tell_about_existing(user, email, password_stdin)
            is_let_in = grant_access(user, organisation, by=None)
    except AccountRefused as no:
        raise CannotBeDone(str(no)) from no
    if is_let_in:
        typer.echo(f"{name} har nu tillgång till {organisation.name}.")
    else:
        nothing = "" if is_changed else " Inget ändrades."
        typer.echo(f"{name} har redan tillgång till {organisation.name}.{nothing}")
    if sees_protected is not None:
        set_sees_protected(
            OrganisationAccess.objects.get(user=user, organisation=organisation), sees_protected, by=None
        )
        may = "får se" if sees_protected else "får inte längre se"
        typer.echo(f"{name} {may} personer med skyddade personuppgifter i {organisation.name}.")
    if operator:
        make_operator(user, by=None)
        typer.echo(f"{name} ser sidan Drift och får pausa kön.")


@_user.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Visa alla användare, vilka huvudmän de har tillgång till och när de senast loggade in."""
    ready_django()
    from django.utils.timezone import localtime

    from provsluss.organisations.models import User

    users = list(User.objects.prefetch_related("organisations").order_by("username"))
    if as_json:
        typer.echo(json.dumps({"users": [_as_dict(user) for user in users]}, ensure_ascii=False))
        return
    if not users:
        typer.echo("Ingen användare är tillagd. Lägg till en med: provsluss user add NAMN --organisation ORGNR")
        return
    table = Table("Namn", "E-postadress", "Huvudmän", "Drift", "Senast inloggad", "Konto", box=None)
    for user in users:
        table.add_row(
            user.username,
            user.email,
            ", ".join(organisation.name for organisation in user.organisations.all()),
            "ja" if user.is_staff else "",
            f"{localtime(user.last_login):%Y-%m-%d %H:%M}" if user.last_login else "aldrig",
            "öppet" if user.is_active else "stängt",
        )
    Console(markup=False, highlight=False).print(table)


@_user.command("password")
def password(name: NameArgument, password_stdin: PasswordOption = False) -> None:
    """Byt en användares lösenord. Användaren loggas ut överallt."""
    ready_django()
    from provsluss.organisations.accounts import AccountRefused, change_password

    user = _named(name)
    try:
        change_password(user, _asked_password(name, password_stdin), by=None)
    except AccountRefused as no:
        raise CannotBeDone(str(no)) from no
    typer.echo(f"Lösenordet för {user.username} är bytt, och {user.username} är utloggad överallt.")
    if not user.is_active:
        typer.echo(f"Kontot är fortfarande stängt. Öppna det med: provsluss user open {user.username}")


@_user.command("close")
def close(name: NameArgument) -> None:
    """Stäng en användares konto: ingen kan logga in med det, och den som är inloggad loggas ut."""
    _set_open(name, False)


@_user.command("open")
def open_again(name: NameArgument) -> None:
    """Öppna ett konto som är stängt."""
    _set_open(name, True)


def _set_open(name: str, is_open: bool) -> None:
    ready_django()
    from provsluss.organisations.accounts import open_or_close

    user = _named(name)
    state = "öppet" if is_open else "stängt"
    if not open_or_close(user, is_open, by=None):
        typer.echo(f"Kontot {user.username} är redan {state}. Inget ändrades.")
        return
    typer.echo(f"Kontot {user.username} är {state}.")


def _named(name: str) -> "User":
    """The account of this name. Raises CannotBeDone."""
    from provsluss.organisations.accounts import AccountRefused, existing_account

    try:
        user = existing_account(name)
    except AccountRefused as no:
        raise CannotBeDone(str(no)) from no
    if user is None:
        raise CannotBeDone(f"Det finns ingen användare som heter {name}. Se vilka som finns med: provsluss user list")
    return user


def _tell_about_existing(user: "User", email: str, password_stdin: bool) -> bool:
    """Of what was asked for, do what can be done to an account that is there, and say what is not.

    Returns whether anything was changed. Raises AccountRefused.
    """
    from provsluss.organisations.accounts import change_email

    before = user.email
    is_changed = bool(email) and change_email(user, email, by=None)
    if is_changed:
        typer.echo(f"{user.username} har nu e-postadressen {user.email}{f' (förut {before})' if before else ''}.")
    if password_stdin:
        typer.echo(f"Lösenordet är inte bytt. Det görs med: provsluss user password {user.username}", err=True)
    if not user.is_active:
        typer.echo(f"Kontot är stängt. Öppna det med: provsluss user open {user.username}", err=True)
    return is_changed


def _asked_password(name: str, from_stdin: bool) -> str:
    """The new password. Raises CannotBeDone where nobody can be asked."""
    if not from_stdin and not sys.stdin.isatty():
        raise CannotBeDone(
            "Lösenordet skrivs in i en terminal. Finns ingen: ge det på standard in med --password-stdin."
        )
    return _password(from_stdin, name)


def _password(from_stdin: bool, name: str) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        password = str(typer.prompt(f"Lösenord för {name}", hide_input=True))
        if password == typer.prompt("Samma lösenord igen", hide_input=True):
            return password
        typer.echo("Lösenorden är inte lika. Försök igen.", err=True)


def _as_dict(user: "User") -> dict[str, object]:
    return {
        "name": user.username,
        "email": user.email,
        "organisations": sorted(organisation.number for organisation in user.organisations.all()),
        "operator": user.is_staff,
        "open": user.is_active,
        "last_login": user.last_login.isoformat() if user.last_login else None,
    }
