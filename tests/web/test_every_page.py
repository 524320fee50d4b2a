"""What holds for every page, walked once: nothing free goes into an address, and nothing may be kept."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from provsluss.organisations.models import Organisation, User
from tests.web.test_searches_stay_out_of_addresses import SEARCHES
from tests.web.whole_site import FREE_TEXT, PageParts, every_address


def _is_kept(answer: object) -> bool:
    return "no-store" not in getattr(answer, "headers", {}).get("Cache-Control", "")


def test_every_page(logged_in_client: Client, organisation: Organisation, user: User) -> None:
    """No form that goes into an address has a field for free text, no fragment is asked for with one, and no answer may
    be kept: page, fragment, file or refusal. A page with a search field must stand in SEARCHES."""
    User.objects.filter(pk=user.pk).update(is_staff=True)
    addresses = every_address(organisation, user)
    searching: set[str] = set()
    kinds: Counter[str] = Counter()
    fragments: set[str] = set()
    for name, address in addresses.items():
        answer = logged_in_client.get(address)
        kind = answer.headers.get("Content-Type", "").partition(";")[0] if answer.status_code == 200 else "refused"
        kinds[kind] += 1
        assert not _is_kept(answer), name
        if kind != "text/html":
            continue
        page = PageParts(answer.content.decode())
        fragments |= set(page.fragments)
        assert not page.loose_fields, (name, page.loose_fields)
        for form in page.forms:
            free = {one for one, kind in form.fields.items() if kind in FREE_TEXT}
            assert form.method == "post" or not free, f"{name}: {free} goes into the address"
            if {"search"} & set(form.fields.values()) and form.action != reverse("person_search"):
                searching.add(urlsplit(form.action or address).path)
    assert kinds["text/html"] > 50
    assert kinds.total() - kinds["text/html"] - kinds["refused"] > 10, "files"
    in_a_form_of_more = {reverse("test_activity_create"), addresses["test_activity_change"]}
    assert searching - in_a_form_of_more == {addresses[name] for name in SEARCHES}
    assert fragments
    for address in fragments:
        assert not _is_kept(logged_in_client.get(address, headers={"HX-Request": "true"})), address


def test_errors_may_not_be_kept(logged_in_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in_client.raise_request_exception = False
    not_found = logged_in_client.get("/finns-inte/")
    bad = logged_in_client.get("/", {"sida": "\0"})
    monkeypatch.setattr("provsluss.web.register.groups._found", None)
    broken = logged_in_client.get(reverse("groups"))

    assert [one.status_code for one in (not_found, bad, broken)] == [404, 400, 500]
    assert not [one for one in (not_found, bad, broken) if _is_kept(one)]


def test_neither_may_what_a_visitor_gets(db: None) -> None:
    answers = [Client().get(address) for address in ("/", reverse("account_login"), "/finns-inte/")]

    assert not [answer for answer in answers if _is_kept(answer)]


def test_what_is_the_same_for_everybody_may_be_kept(db: None) -> None:
    assert finders.find("icon.svg")
    assert _is_kept(Client().get("/static/icon.svg"))
