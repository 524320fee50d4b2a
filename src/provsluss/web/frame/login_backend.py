"""Whose password is looked at when somebody logs in: one account's at the most, and once.

allauth looks under the name as an e-mail address, as a user name and as an address again. An address that somebody has
then takes twice the time of one that nobody has, which tells the two apart.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.http import HttpRequest

from provsluss.organisations.models import User


class OneAccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """Set in AUTHENTICATION_BACKENDS. allauth's own does the hasher's work in vain where there is no such account."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user: User | None = self._check_password(account_of(typed_name(credentials)), credentials["password"])
        return user


def typed_name(credentials: dict[str, Any]) -> str:
    """What was written as user name or address, as it is compared."""
    return str(credentials.get("username") or credentials.get("email") or "").strip().lower()


def account_of(name: str) -> User | None:
    """The account with the user name `name`, otherwise the only one with that e-mail address.

    Where several have the address, it is nobody's: they have user names.
    """
    with_name: User | None = get_user_by_username(name)
    with_address: list[User] = filter_users_by_email(name, for_login=True)
    return with_name or (with_address[0] if len(with_address) == 1 else None)
