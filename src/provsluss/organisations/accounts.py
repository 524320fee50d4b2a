"""Accounts that an operator hands out: names that nobody mixes up, an address for one alone, passwords that hold.

Each change is a logged decision, told to every huvudman that the account has access to.
"""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from provsluss.organisations.access import grant_access
from provsluss.organisations.decision_log import What, log_decision
from provsluss.organisations.models import Organisation, User


class AccountRefused(Exception):
    """Nothing was changed: a Swedish sentence that says why."""


def existing_account(name: str) -> User | None:
    """The account of this name. Raises AccountRefused where there is one that is spelt the same but for its case.

    Compared here and not by the database, for SQLite takes Å and å to be different letters.
    """
    wanted = User.normalize_username(name)
    for user in User.objects.all():
        if user.username == wanted:
            return user
        if user.username.casefold() == wanted.casefold():
            raise AccountRefused(
                f"Det finns redan en användare som heter {user.username}. Skriv namnet precis så, eller välj ett annat."
            )
    return None


def make_account(name: str, email: str, password: str, organisation: Organisation, *, by: User | None) -> User:
    """A new account, with access to `organisation`. Raises AccountRefused."""
    user = User(username=User.normalize_username(name), email=_free_address(email, None))
    try:
        user.set_password(password)
        user.full_clean()
        validate_password(password, user)
    except ValidationError as problem:
        raise AccountRefused(f"Användaren {name} kan inte läggas till: {' '.join(problem.messages)}") from problem
    try:
        with transaction.atomic():
            user.save()
            grant_access(user, organisation, by=by)
            _log(user, What.ACCOUNT, "", _state(user), by)
            _log(user, What.EMAIL, "", user.email, by)
    except IntegrityError as problem:  # somebody else added it a moment ago
        raise AccountRefused(f"Användaren {name} finns redan.") from problem
    return user


def change_email(user: User, email: str, *, by: User | None) -> bool:
    """Let the account have this address, and say whether that was a change. Raises AccountRefused."""
    address = _free_address(email, user)
    if address == user.email:
        return False
    before, user.email = user.email, address
    with transaction.atomic():
        user.save(update_fields=["email"])
        _log(user, What.EMAIL, before, address, by)
    return True


def change_password(user: User, password: str, *, by: User | None) -> None:
    """Give the account another password, which logs it out everywhere. Raises AccountRefused."""
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise AccountRefused(f"Lösenordet är inte bytt: {' '.join(problem.messages)}") from problem
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        _log(user, What.PASSWORD, "Det gamla", "Ett nytt", by)


def open_or_close(user: User, is_open: bool, *, by: User | None) -> bool:
    """Let the account be used, or no longer, which logs it out everywhere. Returns whether that is a change."""
    if user.is_active == is_open:
        return False
    before, user.is_active = _state(user), is_open
    with transaction.atomic():
        user.save(update_fields=["is_active"])
        _log(user, What.ACCOUNT, before, _state(user), by)
    return True


def _log(user: User, what: What, before: str, after: str, by: User | None) -> None:
    told: list[Organisation | None] = [*user.organisations.all()]
    for organisation in told or [None]:
        log_decision(what, before, after, by=by, organisation=organisation, about=user.username)


def _state(user: User) -> str:
    return "Öppet" if user.is_active else "Stängt"


def _free_address(email: str, owner: User | None) -> str:
    if not email:
        return ""
    address = User.objects.normalize_email(email.strip())
    try:
        validate_email(address)
    except ValidationError as problem:
        raise AccountRefused(f"{address} är ingen e-postadress. Skriv den som namn@exempel.se.") from problem
    for other in User.objects.exclude(email=""):
        if other != owner and other.email.casefold() == address.casefold():
            raise AccountRefused(
                f"E-postadressen {address} används redan av {other.username}. Två kan inte logga in med samma."
            )
    return address
