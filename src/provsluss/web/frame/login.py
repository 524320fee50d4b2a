"""Accounts are made by an operator, never by whoever comes along."""

from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

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
        "too_many_login_attempts": "För många försök. Vänta fem minuter och försök sedan igen.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's two-factor adapter in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Koden stämmer inte. Vänta tills appen visar en ny och försök igen.",
    }


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """allauth's form with labels that say what to write, and no words inside the boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Användarnamn eller e-postadress"
        self.fields["password"].help_text = ""
        _without_placeholders(self)


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


def _without_placeholders(form: Any) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
