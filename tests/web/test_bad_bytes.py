"""What is not text is answered 400 or 404, and never with an error of ours; NUL already at the door."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation, User
from tests.web.whole_site import every_address


@pytest.fixture
def addresses(organisation: Organisation, user: User) -> dict[str, str]:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return every_address(organisation, user)


def test_a_nul_is_refused_everywhere(logged_in_client: Client, addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        assert logged_in_client.get(f"{address}?sok=a%00b").status_code == 400, name
        assert logged_in_client.post(address, {"vad": "a\0b"}).status_code == 400, name
    for query in ("a%00b=1", "till=%00", "%00"):
        assert logged_in_client.get(f"/?{query}").status_code == 400
    assert logged_in_client.get("/register/personer%00/").status_code == 400


def test_it_says_so_in_words(logged_in_client: Client) -> None:
    answer = logged_in_client.get("/?sok=%00")

    assert "Det som skickades gick inte att förstå" in answer.content.decode()


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "webblasare", "utseende", "annan"])
def test_in_a_cookie_too(logged_in_client: Client, name: str) -> None:
    """A cookie in quotes may write any byte as \\ and three digits."""
    logged_in_client.cookies[name] = ""
    cookies = f'sessionid={logged_in_client.cookies["sessionid"].value}; {name}="abc\\000def"'

    assert Client().get("/", headers={"Cookie": cookies}).status_code == 400


def test_in_the_login_too(db: None) -> None:
    for form in ({"login": "a\0b", "password": "x"}, {"login": "a", "password": "x\0"}):
        assert Client().post(reverse("account_login"), form).status_code == 400


@pytest.mark.parametrize("number", ["99999999999999999999", "9223372036854775808"])
def test_no_number_in_an_address_is_too_large(logged_in_client: Client, addresses: dict[str, str], number: str) -> None:
    with_numbers = {name: one for name, one in addresses.items() if any(part.isdigit() for part in one.split("/"))}
    assert len(with_numbers) > 20
    for name, address in with_numbers.items():
        at = "/".join(number if part.isdigit() else part for part in address.split("/"))
        for answer in (logged_in_client.get(at), logged_in_client.post(at)):
            assert answer.status_code < 500, (name, quote(at))
