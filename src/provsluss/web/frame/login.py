"""Accounts are made by an operator, never by whoever comes along."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as code_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from provsluss.organisations.models import User
from provsluss.organisations.sealing import CannotUnseal, seal, unseal
from provsluss.web.frame.known_places import remember_place
from provsluss.web.frame.login_backend import account_of, typed_name
from provsluss.web.frame.login_limits import count_code, count_password
from provsluss.web.frame.visitor_address import visitor_address

_WRONG = "Användarnamnet eller lösenordet stämmer inte. Kontrollera stavningen och försök igen."


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter with sign-up closed, and its errors in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Kontot är avstängt. Be den som sköter Provsluss hos er om hjälp.",
        "email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "invalid_login": _WRONG,
        "incorrect_password": "Lösenordet stämmer inte. Försök igen.",
        "enter_current_password": "Lösenordet stämmer inte. Skriv det du använder nu.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose tries allauth counts together, where it counts by address."""
        return visitor_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before the password is looked at; allauth takes it back when the password is right."""
        name = typed_name(credentials)
        self._login_failed_rl_usage = count_password(request, name, account_of(name))

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """After the last step of a login."""
        response: HttpResponse = super().post_login(request, user, **details)
        remember_place(request, response, user)
        return response


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's two-factor adapter in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Koden stämmer inte. Vänta tills appen visar en ny och försök igen.",
        "unreadable": "Kontots tvåfaktorsinloggning går inte att läsa, eftersom Provsluss har fått en ny nyckel. "
        "Be den som sköter Provsluss hos er om hjälp.",
    }

    def encrypt(self, text: str) -> str:
        """An app's secret or the seed of reserve codes, as it is stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was stored. Raises ValidationError, which the forms show, when it was stored under another key."""
        try:
            return unseal(encrypted_text)
        except CannotUnseal as problem:
            raise ValidationError(self.error_messages["unreadable"]) from problem


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """allauth's form with labels that say what to write, and no words inside the boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Användarnamn eller e-postadress"
        self.fields["password"].help_text = ""
        _without_placeholders(self)


class CodeForm(code_forms.AuthenticateForm):  # type: ignore[misc]
    """allauth's form for the second step, with our limits."""

    def clean_code(self) -> str:
        return _counted(self.user, super().clean_code)


class CodeAgainForm(code_forms.ReauthenticateForm):  # type: ignore[misc]
    """The same for somebody who is logged in."""

    def clean_code(self) -> str:
        return _counted(self.user, super().clean_code)


class ChangePasswordForm(forms.ChangePasswordForm):  # type: ignore[misc]
    """allauth's form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Ditt lösenord nu"
        self.fields["password1"].label = "Nytt lösenord"
        self.fields["password1"].help_text = ""
        self.fields["password2"].label = "Nytt lösenord en gång till"
        _without_placeholders(self)


class ReauthenticateForm(forms.ReauthenticateForm):  # type: ignore[misc]
    """allauth's form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Lösenord"
        _without_placeholders(self)


def _counted(user: User, clean_code: Callable[[], str]) -> str:
    """The code that `clean_code` finds right, which is then no failed try. Raises as it does, and as count_code."""
    usage = count_code(context.request, user)
    code = clean_code()
    usage.rollback()
    return code


def _without_placeholders(form: Any) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
