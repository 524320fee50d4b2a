"""When a page cannot be shown: Swedish, in the frame, with a way on."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.test import Client
from django.urls import path, reverse

from provsluss.organisations.models import User
from provsluss.web import urls
from tests.fixtures.accounts import PASSWORD

SECRET = "20140512-2384"


def _raise(kind: type[Exception]) -> Any:
    def view(request: HttpRequest) -> None:
        raise kind(SECRET)

    return view


class _WithFaults:
    urlpatterns = [
        *urls.urlpatterns,
        path("fel/400/", _raise(SuspiciousOperation)),
        path("fel/403/", _raise(PermissionDenied)),
        path("fel/500/", _raise(RuntimeError)),
    ]
    handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/finns-inte/", 404, "Sidan finns inte"),
        ("/fel/400/", 400, "gick inte att förstå"),
        ("/fel/403/", 403, "Du har inte tillgång till den här sidan"),
        ("/fel/500/", 500, "Något gick fel hos oss"),
    ],
)
def test_each_kind(user: User, settings: Any, address: str, status: int, words: str) -> None:
    settings.ROOT_URLCONF = _WithFaults
    client = Client(raise_request_exception=False)
    client.force_login(user)

    answer = client.get(address)

    text = answer.content.decode()
    assert answer.status_code == status
    assert words in text
    assert "Till översikten" in text
    assert "Provsluss" in text
    assert SECRET not in text
    assert "Traceback" not in text


def test_an_address_that_does_not_exist_says_nothing_to_strangers(db: None) -> None:
    answer = Client().get("/finns-inte/")

    assert answer.status_code == 404
    assert "Huvudmeny" not in answer.content.decode()


def test_a_form_that_is_too_old(user: User) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("account_login"), {"login": "astrid", "password": PASSWORD})

    assert answer.status_code == 403
    assert "Sidan hade legat öppen för länge" in answer.content.decode()


def test_only_our_own_faults_are_logged_with_a_traceback(
    user: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = _WithFaults
    client = Client(raise_request_exception=False)
    client.force_login(user)
    for address in ("/fel/403/", "/fel/500/"):
        client.get(address)

    logged = {record.status_code: bool(record.exc_info) for record in caplog.records if hasattr(record, "status_code")}
    assert logged == {403: False, 500: True}
