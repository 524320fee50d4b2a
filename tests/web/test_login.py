"""Logging in: with a password, with a code from an app, and not too many times."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import User
from tests.fixtures.accounts import PASSWORD


def _log_in(client: Client, name: str, password: str) -> tuple[int, str, str]:
    answer = client.post(reverse("account_login"), {"login": name, "password": password})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


@pytest.mark.parametrize("name", ["astrid", "astrid@exempel.se"])
def test_user_name_or_address_and_password(user: User, name: str) -> None:
    client = Client()

    assert _log_in(client, name, PASSWORD)[:2] == (302, "/")
    assert client.get("/").status_code == 200


def test_one_comes_back_to_the_page_that_was_asked_for(user: User) -> None:
    client = Client()
    address = client.get(reverse("persons")).headers["Location"]

    answer = client.post(address, {"login": "astrid", "password": PASSWORD, "next": reverse("persons")})

    assert answer.headers["Location"] == reverse("persons")


@pytest.mark.parametrize("name", ["astrid", "ingen alls"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(user: User, name: str) -> None:
    status, _, text = _log_in(Client(), name, "fel lösenord")

    assert status == 200
    assert "Användarnamnet eller lösenordet stämmer inte." in text


def test_after_five_wrong_ones_the_right_one_has_to_wait(user: User) -> None:
    client = Client()
    for _ in range(5):
        _log_in(client, "astrid", "fel lösenord")

    status, _, text = _log_in(client, "astrid", PASSWORD)

    assert status != 302
    assert "För många försök" in text


def test_wrong_ones_are_counted_by_all_processes_together(user: User) -> None:
    client = Client()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "astrid", "password": "fel"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM provsluss_cache")
        assert cursor.fetchone()[0] > 0
    assert isinstance(caches["default"], DatabaseCache)


def test_nobody_makes_an_account(db: None) -> None:
    form = {"username": "ny", "email": "ny@exempel.se", "password1": PASSWORD, "password2": PASSWORD}

    for answer in (Client().get(reverse("account_signup")), Client().post(reverse("account_signup"), form)):
        assert "Här skapar man inte konto själv" in answer.content.decode()
    assert not User.objects.exists()


def test_an_account_that_is_shut_stays_out(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()

    _log_in(client, "astrid", PASSWORD)

    assert client.get("/").status_code == 302


def test_logging_out_ends_it(logged_in_client: Client) -> None:
    logged_in_client.post(reverse("account_logout"))

    assert logged_in_client.get("/").status_code == 302


def _switch_on_app(client: Client) -> str:
    client.post(reverse("account_login"), {"login": "astrid", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})  # allauth asks once more for this
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    return secret


def _code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_with_an_app_the_password_is_not_enough(user: User) -> None:
    client = Client()
    secret = _switch_on_app(client)
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    client.post(reverse("account_logout"))
    caches["default"].clear()  # the same code twice within half a minute is refused, and a test does not wait

    status, address, _ = _log_in(client, "astrid", PASSWORD)

    assert (status, address.split("?")[0]) == (302, reverse("mfa_authenticate"))
    assert client.get("/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Koden stämmer inte" in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("account_change_password", "Byt lösenord"),
        ("mfa_index", "Tvåfaktorsinloggning"),
        ("account_logout", "Vill du logga ut?"),
        ("mfa_generate_recovery_codes", "reservkoder"),
        ("mfa_view_recovery_codes", "Reservkoder"),
        ("mfa_deactivate_totp", "Stäng av tvåfaktorsinloggning?"),
    ],
)
def test_the_account_pages_are_in_our_frame_and_in_swedish(user: User, name: str, word: str) -> None:
    client = Client()
    _switch_on_app(client)

    text = client.get(reverse(name)).content.decode()

    assert word in text
    assert "Hoppa till innehållet" in text


def test_password_is_changed(user: User) -> None:
    client = Client()
    _log_in(client, "astrid", PASSWORD)
    new = "sluss-port-kanal-vatten"

    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password(new)


def test_somebody_without_an_organisation_is_told_kindly(db: None) -> None:
    User.objects.create_user("ny", first_name="Nils", password=PASSWORD)
    client = Client()
    _log_in(client, "ny", PASSWORD)

    answer = client.get(reverse("persons"))

    assert answer.status_code == 403
    assert "Välkommen, Nils!" in answer.content.decode()
    assert "inte kopplat till någon huvudman" in answer.content.decode()
    assert client.get(reverse("account_change_password")).status_code == 200
