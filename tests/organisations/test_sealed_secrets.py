"""What logs in a second time cannot be read in the database, and what was stored before is sealed by the migration."""

import importlib
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import User
from provsluss.organisations.sealing import CannotUnseal, seal, unseal
from tests.fixtures.accounts import PASSWORD

migration = importlib.import_module("provsluss.organisations.migrations.0006_login_places_and_logged_decisions")


def _stored(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return str(cursor.fetchall())


def _code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_what_is_sealed_comes_out_the_same() -> None:
    for text in ("", "åäö", "a" * 1000):
        assert unseal(seal(text)) == text
        assert text not in seal(text) or not text
    assert seal("a") != seal("a")


@pytest.mark.parametrize("text", ["", "inget", "JBSWY3DPEHPK3PXP", "gAAAAABåäö"])
def test_what_is_not_sealed_is_not_taken(text: str) -> None:
    with pytest.raises(CannotUnseal):
        unseal(text)


def test_another_key_opens_nothing_and_an_earlier_one_does(settings: Any) -> None:
    sealed = seal("hemligt")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "en helt ny nyckel för den här servern"
    assert unseal(sealed) == "hemligt"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotUnseal):
        unseal(sealed)


def test_an_apps_secret_is_not_in_the_database(user: User) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "astrid", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    assert secret not in _stored("django_session"), "nor while it is being set up"

    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})

    assert Authenticator.objects.filter(user=user, type="totp").exists()
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    stored = _stored("mfa_authenticator") + _stored("django_session")
    assert codes
    assert not [one for one in (secret, *codes) if one in stored]


def test_what_was_stored_before_is_sealed_and_still_logs_in(user: User) -> None:
    secret, seed = totp.generate_totp_secret(), "ab" * 40
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": seed, "used_mask": 1})
    Session.objects.create(session_key="x" * 32, session_data="i klartext", expire_date="2099-01-01T00:00:00Z")

    migration.seal_secrets(apps, connection.schema_editor())

    assert not [one for one in (secret, seed) if one in _stored("mfa_authenticator")]
    assert not Session.objects.exists()
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 1
    client = Client()
    client.post(reverse("account_login"), {"login": "astrid", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert client.get("/").status_code == 200

    migration.unseal_secrets(apps, connection.schema_editor())
    assert Authenticator.objects.get(type="totp").data["secret"] == secret


def test_under_another_key_the_page_says_what_is_wrong(user: User, settings: Any) -> None:
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal(totp.generate_totp_secret())})
    settings.SECRET_KEY = "en helt ny nyckel för den här servern"
    client = Client()
    client.post(reverse("account_login"), {"login": "astrid", "password": PASSWORD})

    page = client.post(reverse("mfa_authenticate"), {"code": "123456"}).content.decode()

    assert "Provsluss har fått en ny nyckel" in page


def test_sessions_under_another_key_have_ended(logged_in_client: Client, settings: Any) -> None:
    settings.SECRET_KEY = "en helt ny nyckel för den här servern"
    assert logged_in_client.get("/").status_code == 302
