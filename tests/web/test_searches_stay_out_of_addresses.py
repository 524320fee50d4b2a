"""What is searched for is in no address, whatever it looks like; order, pages, filters and files keep the search."""

import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from tests.web.transfers_made_by_hand import MadeTransfer, make_transfer
from tests.web.whole_site import PageParts, every_address

SEARCHES = {
    "persons": ("text", "Alva", "Hugo Sjögren"),
    "sync_job": ("sok", "Alva", "visa mer om Hugo"),
    "plan": ("sok", "Alva", "visa mer om Hugo"),
    "removal_review": ("sok", "Alva", "Hugo Sjögren"),
    "groups": ("sok", "6A matematik", "Visar 1–2 av 2 grupper"),
    "test_activities": ("sok", "finns inte", "Matematik 6"),
    "access": ("grupp", "finns inte", "Maja Lindqvist"),
    "test_activity_access": ("grupp", "finns inte", "Maja Lindqvist"),
}
"""Every page with a search field: the field, what is searched for, and what stands on the page without it."""
EXPORTS = {name: f"{name}_export" for name in SEARCHES}


@pytest.fixture
def addresses(organisation: Organisation, user: User) -> dict[str, str]:
    return every_address(organisation, user)


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_stays_out_and_is_kept(logged_in_client: Client, addresses: dict[str, str], name: str) -> None:
    field, text, hidden = SEARCHES[name]
    address = addresses[name]
    assert hidden in logged_in_client.get(address).content.decode(), "it stands there without the search"

    answer = logged_in_client.post(address, {field: text})

    assert answer.status_code == 302
    found = urlsplit(answer.headers["Location"])
    assert set(parse_qs(found.query)) == {"sokning"}
    shown = logged_in_client.get(answer.headers["Location"]).content.decode()
    assert f'value="{text}"' in shown, "the field shows what was searched for"
    assert hidden not in shown
    page = PageParts(shown)
    within = [one for one in map(unescape, page.addresses) if "sokning=" in one]
    assert any("sortera=" in one for one in within) or "finns" in text, "order keeps the search"
    assert not [one for one in page.addresses if text.split()[0] in one or text.split()[0] in unescape(one)]
    for one in within:
        if one.startswith("?"):
            assert hidden not in logged_in_client.get(found.path + one).content.decode(), one


@pytest.mark.parametrize("name", SEARCHES)
def test_an_address_from_before_leads_to_the_same(
    logged_in_client: Client, addresses: dict[str, str], name: str
) -> None:
    field, text, hidden = SEARCHES[name]

    shown = logged_in_client.get(addresses[name], {field: text}, follow=True).content.decode()

    assert hidden not in shown
    assert not [one for one in PageParts(shown).addresses if f"{field}=" in one]


def test_the_file_keeps_the_search(logged_in_client: Client, addresses: dict[str, str]) -> None:
    for name, export in EXPORTS.items():
        field, text, _ = SEARCHES[name]
        address = logged_in_client.post(addresses[name], {field: text}).headers["Location"]
        query = urlsplit(address).query
        method = logged_in_client.post if name == "persons" else logged_in_client.get
        everything = _rows(method(addresses[export]))
        found = _rows(method(f"{addresses[export]}?{query}"))
        assert len(found) < len(everything), name
        forgotten = method(f"{addresses[export]}?sokning=glomd")
        assert forgotten.status_code == 302, f"{name}: never a file with everything in it"
        assert urlsplit(forgotten.headers["Location"]).path == addresses[name]


def test_a_forgotten_search_is_told_of(logged_in_client: Client, addresses: dict[str, str]) -> None:
    for name in (*SEARCHES, "test_activity_preview", "preview_all"):
        answer = logged_in_client.get(addresses[name], {"sokning": "glomd"})
        assert answer.status_code == 200
        if name in SEARCHES:
            assert "Sökningen finns inte kvar" in answer.content.decode(), name
    fragment = logged_in_client.get(addresses["sync_job_list"], {"sokning": "glomd"}, headers={"HX-Request": "true"})
    assert fragment.headers["HX-Refresh"] == "true"


@pytest.fixture
def many(organisation: Organisation) -> MadeTransfer:
    """A sync job with more of the same day of birth than a page holds."""
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        one = made.refused
        for number in range(60):
            one.pk, one.name, one.civic_number = None, f"Tvilling {number:02}", f"20140512{number:04}"
            one.object_id = f"00000000-0000-4000-8000-{number:012}"  # type: ignore[assignment]
            one.save(force_insert=True)
    return made


@pytest.mark.parametrize("name", ["sync_job", "persons"])
def test_what_may_be_a_personnummer_is_posted_from_page_to_page(
    logged_in_client: Client, many: MadeTransfer, name: str
) -> None:
    """It is kept neither in an address nor in a session, so the page's buttons post it again."""
    args, field = ([many.jobs["persons"].pk], "sok") if name == "sync_job" else ([], "text")
    address = reverse(name, args=args)
    first = logged_in_client.post(address, {field: "20140512"})
    text = first.content.decode()
    assert first.status_code == 200
    assert not [one for one in PageParts(text).addresses if "20140512" in one or "sortera=" in one]
    sealed = re.search(r'name="sokt" value="([^"]+)"', text)
    assert sealed
    assert "20140512" not in sealed[1]
    kept = {"sokt": sealed[1]}

    ordered = logged_in_client.post(address, {**kept, "sortera": "-namn"}).content.decode()

    assert 'form="sok-i-listan" name="sortera"' in text
    assert "Hugo Sjögren" not in text + ordered
    if name == "sync_job":
        assert 'form="sok-i-listan" name="sida" value="2"' in text
        second = logged_in_client.post(address, {**kept, "sida": "2"}).content.decode()
        assert "Visar 51–61 av 61" in second
        rows = _rows(logged_in_client.post(reverse("sync_job_export", args=args), kept))
        assert len(rows) == 62
        narrowed = logged_in_client.post(address, {**kept, "status": "warning"}).content.decode()
        assert "Ingen träff" in narrowed
    assert "201405" not in "".join(str(one.get_decoded()) for one in Session.objects.all())


def test_a_sealed_search_of_somebody_elses_making_is_nothing(logged_in_client: Client, many: MadeTransfer) -> None:
    address = reverse("sync_job", args=[many.jobs["persons"].pk])

    assert logged_in_client.post(address, {"sokt": "gAAAAABpåhittat"}).headers["Location"] == f"{address}#lista"


@pytest.mark.parametrize("text", ["Alva", "alva åström", "a@exempel.se"])
def test_what_is_searched_for_lies_sealed_in_the_database(logged_in_client: Client, text: str) -> None:
    logged_in_client.post(reverse("persons"), {"text": text})

    stored = "".join(Session.objects.values_list("session_data", flat=True))
    assert stored
    assert text not in stored
    assert text not in str([one.get_decoded() for one in Session.objects.all()])
    assert text in str(logged_in_client.session.load())


def _rows(answer: object) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[call-overload]
    return [[cell.value for cell in row] for row in sheet.rows]
