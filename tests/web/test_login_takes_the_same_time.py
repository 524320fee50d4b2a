"""Whether an account exists is not told by how long the answer takes: the hasher's work is counted, not the seconds."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import User
from tests.fixtures.accounts import PASSWORD

WORK: list[str] = []


class CountingHasher(MD5PasswordHasher):
    """Notes each time that it has to work."""

    algorithm = "counting"

    def encode(self, password: str, salt: str) -> str:
        WORK.append(salt)
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def counting(settings: Any, db: None) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    User.objects.create_user("astrid", email="astrid@exempel.se", password=PASSWORD)
    User.objects.create_user("anna@exempel.se", email="anna@exempel.se", password=PASSWORD)
    User.objects.create_user("kurt", email="delad@exempel.se", password=PASSWORD)
    User.objects.create_user("karl", email="delad@exempel.se", password=PASSWORD)
    User.objects.create_user("stangd", email="stangd@exempel.se", password=PASSWORD, is_active=False)
    User.objects.create_user("utan", email="utan@exempel.se")
    WORK.clear()


def _try(name: str, password: str = "fel lösenord") -> int:
    return Client().post(reverse("account_login"), {"login": name, "password": password}).status_code


@pytest.mark.parametrize(
    "name",
    [
        "ingen", "ingen@exempel.se", "astrid", "ASTRID", "astrid@exempel.se", "Astrid@Exempel.se", "anna@exempel.se",
        "delad@exempel.se", "stangd", "stangd@exempel.se", "utan", "utan@exempel.se", " astrid ", "a" * 200,
    ],
)  # fmt: skip
def test_one_hash_for_everybody(name: str) -> None:
    assert _try(name) == 200
    assert len(WORK) == 1


def test_none_for_anybody_when_there_were_too_many() -> None:
    for name in ("astrid", "ingen"):
        statuses = [_try(name) for _ in range(6)]
        assert statuses[-1] == 429
        assert len(WORK) == 5
        WORK.clear()


@pytest.mark.parametrize("name", ["astrid", "astrid@exempel.se", "anna@exempel.se", "kurt", "karl"])
def test_the_right_password_opens(name: str) -> None:
    assert _try(name, PASSWORD) == 302
    assert len(WORK) == 1


def test_an_address_that_several_have_opens_nothing() -> None:
    assert _try("delad@exempel.se", PASSWORD) == 200
