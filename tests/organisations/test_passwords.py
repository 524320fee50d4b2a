"""Passwords that somebody would guess are refused, wherever they are chosen."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import User
from tests.fixtures.accounts import PASSWORD

ASTRID = User(
    username="astrid.lindgren", email="astrid.lindgren@vimmerby.se", first_name="Astrid", last_name="Lindgren"
)


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password123!", "qwertyuiop123", "1q2w3e4r5t6y", "iloveyou1234", "letmein12345",  # leaked
        "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl", "123456789012", "aaaaaaaaaaaaa1", "a" * 500,  # trivial
        "lösenord1234", "Lösenord2026!", "Sommar2026!!", "Provsluss2026!", "välkommen123", "Skolverket1234",  # ours
        "astrid.lindgren", "Astrid2026!!", "vimmerby.se123",  # one's own
    ],
)  # fmt: skip
def test_what_is_easily_guessed(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, ASTRID)
    assert not [text for text in refused.value.messages if "password" in text.lower()], "in Swedish"


@pytest.mark.parametrize(
    "password", [PASSWORD, "sluss-port-kanal-vatten", "tre röda bilar", "xK9#mQ2$vL7p", "min katt heter Sixten"]
)
def test_what_is_not(password: str) -> None:
    validate_password(password, ASTRID)


def test_on_the_page(user: User, logged_in_client: Client) -> None:
    form = {"oldpassword": PASSWORD, "password1": "Sommar2026!!", "password2": "Sommar2026!!"}

    page = logged_in_client.post(reverse("account_change_password"), form).content.decode()

    assert "Lösenordet är för lätt att gissa." in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
