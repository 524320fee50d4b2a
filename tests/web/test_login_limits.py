"""How often somebody may try to log in: guessing is stopped, and nobody can lock another out."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import KnownAddress, User
from provsluss.organisations.sealing import seal
from provsluss.web.frame import login_limits
from tests.fixtures.accounts import PASSWORD

OFFICE, HOME = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def few(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy, with limits that a test reaches soon."""
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(login_limits, "_ACCOUNT", "12/5m/key")
    monkeypatch.setattr(login_limits, "_ADDRESS", "15/5m/key")


def _try(client: Client, address: str, name: str = "astrid", password: str = "fel") -> int:
    form = {"login": name, "password": password}
    return client.post(reverse("account_login"), form, headers={"X-Forwarded-For": address}).status_code


def _gets_in(client: Client, address: str, name: str = "astrid") -> bool:
    return _try(client, address, name, PASSWORD) == 302


def _logged_out(address: str, name: str = "astrid") -> Client:
    """A browser in which somebody has logged in and out again."""
    client = Client()
    assert _gets_in(client, address, name)
    client.post(reverse("account_logout"))
    return client


def _spray(address: str, tries: int) -> list[int]:
    """Wrong tries at as many accounts."""
    client = Client()
    return [_try(client, address, f"namn{number}") for number in range(tries)]


def test_the_page_says_it_in_swedish(user: User) -> None:
    client = Client()
    statuses = [_try(client, HOME) for _ in range(6)]
    answer = client.post(reverse("account_login"), {"login": "astrid", "password": PASSWORD})

    assert statuses == [200] * 5 + [429]
    text = answer.content.decode()
    assert answer.status_code == 429
    assert "För många försök" in text
    assert "Vänta fem minuter" in text
    assert answer.headers["Retry-After"] == "300"
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(reverse("account_login")).status_code == 200, "the form can be read meanwhile"


@pytest.mark.parametrize("name", ["astrid", "ingen alls"])
def test_an_account_that_is_not_there_is_stopped_as_soon(user: User, name: str) -> None:
    client = Client()
    assert [_try(client, HOME, name) for _ in range(6)] == [200] * 5 + [429]


def test_many_wrong_tries_at_others_do_not_stop_anybody(user: User) -> None:
    """No proxy is known of, so all visitors have the same address."""
    assert _spray("", 35) == [200] * 35
    assert _gets_in(Client(), "")


def test_a_whole_office_may_log_in_within_a_minute(user: User) -> None:
    assert all(_gets_in(Client(), OFFICE) for _ in range(40))


def test_tries_from_elsewhere_do_not_lock_an_account(few: None, user: User) -> None:
    for number in (1, 2):
        stranger = Client()
        assert 429 in [_try(stranger, f"192.0.2.{number}") for _ in range(6)]
    assert _gets_in(Client(), HOME)


def test_an_account_that_many_guess_at_opens_where_it_is_known(few: None, user: User) -> None:
    browser = _logged_out(OFFICE)

    statuses = [_try(Client(), f"192.0.2.{number % 4}") for number in range(16)]

    assert statuses == [200] * 12 + [429] * 4, "guesses are few, from however many addresses they come"
    assert _try(Client(), HOME, password=PASSWORD) == 429
    assert _gets_in(browser, HOME), "the browser is known"
    assert _gets_in(Client(), OFFICE), "the address is known"


def test_an_office_in_which_somebody_tries_and_tries_is_not_locked(few: None, user: User) -> None:
    User.objects.create_user("bo", password=PASSWORD)
    browser = _logged_out(HOME)
    _logged_out(OFFICE, "bo")

    assert _spray(OFFICE, 18) == [200] * 15 + [429] * 3

    assert _try(Client(), OFFICE, password=PASSWORD) == 429, "never seen here before"
    assert _gets_in(browser, OFFICE), "but this browser is known"
    assert _gets_in(Client(), OFFICE, "bo"), "and he has been here before"


def test_a_colleagues_tries_at_ones_account_do_not_count_for_ones_browser(few: None, user: User) -> None:
    browser = _logged_out(OFFICE)
    colleague = Client()

    assert 429 in [_try(colleague, OFFICE) for _ in range(6)]

    assert _gets_in(browser, OFFICE)


def test_a_known_browser_is_no_way_to_guess(few: None, user: User) -> None:
    browser = _logged_out(OFFICE)
    assert [_try(browser, OFFICE) for _ in range(6)] == [200] * 5 + [429]


def test_a_browser_is_known_for_its_own_accounts_only(few: None, user: User) -> None:
    User.objects.create_user("bo", password=PASSWORD)
    his = _logged_out(HOME, "bo")
    for number in range(12):
        _try(Client(), f"192.0.2.{number}")
    assert _try(his, HOME, password=PASSWORD) == 429
    his.cookies["webblasare"] = his.cookies["webblasare"].value.replace(":", "x:", 1)
    assert _try(his, "192.0.2.99", password=PASSWORD) == 429, "what is not ours is not believed"


def test_what_the_visitor_invents_is_not_believed(few: None, user: User) -> None:
    client = Client()
    assert 429 in [_try(client, f"10.0.0.{number}, {OFFICE}") for number in range(6)]


def test_a_try_that_is_stopped_counts_nowhere(few: None, user: User) -> None:
    stranger = Client()
    for _ in range(30):
        _try(stranger, HOME)
    assert _gets_in(Client(), OFFICE), "thirty presses were five tries"


def test_strangers_do_not_stop_who_is_logged_in(few: None, user: User, logged_in_client: Client) -> None:
    for number in range(12):
        _try(Client(), f"192.0.2.{number}")
    again = logged_in_client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": "/"})
    assert again.headers["Location"] == "/"


def test_codes_are_few_and_counted_by_place(few: None, user: User) -> None:
    """Somebody has the password. The owner's own browser is not stopped by what they try."""
    secret = totp.generate_totp_secret()
    owner = _logged_out(OFFICE)
    Authenticator.objects.create(user=user, type="totp", data={"secret": seal(secret)})
    thief = Client()

    def code(client: Client, address: str, text: str) -> int:
        page = reverse("mfa_authenticate")
        return client.post(page, {"code": text}, headers={"X-Forwarded-For": address}).status_code

    assert _try(thief, HOME, password=PASSWORD) == 302
    assert [code(thief, HOME, "000000") for _ in range(6)] == [200] * 5 + [429]
    assert _try(owner, OFFICE, password=PASSWORD) == 302
    right = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert code(owner, OFFICE, right) == 302


def test_where_somebody_has_been_is_not_kept_in_clear(few: None, user: User) -> None:
    for number in range(25):
        _logged_out(f"192.0.2.{number}")
    kept = KnownAddress.objects.filter(user=user)
    assert kept.count() == 20, "the latest"
    assert all(re.fullmatch("[0-9a-f]{64}", one.address) for one in kept)
