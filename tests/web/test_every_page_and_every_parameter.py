"""Whatever somebody writes after the question mark of any page: a page comes, or it says that there is none.

Nothing here is a list that has to be kept. The pages are those of the URL patterns, found by going from link to link;
the parameters are those that a page reads, and those of its links and forms.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.preflight.run import make_at_once
from provsluss.register.models import Import, ImportChange, ImportProblem
from provsluss.transfers.models import TestActivity
from tests.web.removals_made_by_hand import make_removal
from tests.web.sources_made_by_hand import make_source
from tests.web.test_school_year_change_page import UNITS
from tests.web.transfers_made_by_hand import make_preview, make_school, make_transfer, make_worker

EXAMPLES = int(os.environ.get("PAGE_EXAMPLES", "5"))
"""So many queries for each page and form; with some hundreds it is a search that takes minutes."""
GOOD = {200, 204, 302, 404}
"""A page, nothing new to show, on to another page, or no such page."""
ODD = (
    "", " ", "x", "\x00", "a\x00b", "0", "-1", "1", "99999999999999999999", "-99999999999999999999", "1e9", "½", "²",
    "٣", "0001-01-01", "9999-12-31", "2026-02-30", "20260301", "2026-W01-1", "nan", "%", "_", "'", "\\", "<b>", "å",
    "😀", "x" * 5000, "-", "--namn", "20140101-1234", "00000000-0000-0000-0000-000000000000", "[]", "{0}", "\n",
)  # fmt: skip


@dataclass
class Form:
    """A form that looks for something: nothing is changed by it. By field, the values that it offers itself."""

    address: str
    fields: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Walked:
    """A page, by parameter what it offers itself to be asked, and its forms that are posted to look for something."""

    name: str
    address: str
    asked: dict[str, set[str]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)


class _Reader(HTMLParser):
    """The addresses on a page, the queries of those that lead to itself, and its forms."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.asked: dict[str, set[str]] = {}
        self.forms: list[Form] = []
        self._here, self._fields, self._select = here, dict[str, set[str]](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "action"):
            parts = urlsplit(found.get(name, ""))
            if parts.path not in ("", self._here):
                self.links.append(parts.path)
            else:
                for key, value in parse_qsl(parts.query, keep_blank_values=True):
                    self.asked.setdefault(key, set()).add(value)
        if tag == "form":
            self._fields = self.asked if found.get("method") == "get" else {}
            if found.get("method") == "post" and found.get("role") == "search":
                self.forms.append(Form(found.get("action") or self._here, self._fields))
        elif name := found.get("name"):
            self._fields.setdefault(name, set()).add(found.get("value", ""))
            self._select = name if tag == "select" else self._select
        elif tag == "option":
            self._fields.setdefault(self._select, set()).add(found.get("value", ""))


def _patterns(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


WITH_A_CODE = {"mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_view_recovery_codes"}
"""The library's own, for whoever logs in with a code too; tests/web/test_login.py goes there."""
OF_EACH = 6
"""So many pages of the same name are walked through: one person or one object does not lead everywhere."""
ALL = {str(pattern.name): pattern for pattern in _patterns(get_resolver().url_patterns)}


@pytest.fixture
def pages(logged_in_client: Client, user: User, organisation: Organisation) -> list[Walked]:
    """Every page that answers to GET where there is something to show on each, and what each can be asked."""
    OrganisationAccess.objects.filter(user=user).update(sees_protected=True)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    besides = _fill(organisation)
    found: dict[str, Walked] = {}
    to_see = besides + [reverse(name) for name, pattern in ALL.items() if not pattern.pattern.converters]
    seen: dict[str, set[str]] = {}
    while to_see:
        address = to_see.pop()
        name = _name_of(address)
        if not name or address in seen.setdefault(name, set()) or len(seen[name]) >= OF_EACH:
            continue
        seen[name].add(address)
        page, links = _look(logged_in_client, name, address)
        to_see += links
        if page:
            found.setdefault(name, page)
    return list(found.values())


def _fill(organisation: Organisation) -> list[str]:
    """Transfers of all sorts, a preview, a control, imports, protected persons, a worker.

    And the parts of pages that are asked for only while something is under way.
    """
    make_worker()
    school = make_school(organisation)
    made = make_transfer(organisation, school)
    planned = make_preview(made)
    make_removal(organisation, "needs_review", school=school)
    make_removal(organisation)  # of another school
    make_source(organisation)
    with scope(organisation=organisation):
        made.test_activity.groups.add(school.group)
        TestActivity.objects.filter(pk=made.test_activity.pk).update(test_date=timezone.localdate())
        make_at_once(organisation)
        for state in ("reading", "preview"):
            import_run = Import.objects.create(
                organisation=organisation, source="skolverket_workbook", file_name="skolan.xlsx", state=state,
                counts={"school_year_change": {"units": UNITS}, "register": {"last_import": 0}},
            )  # fmt: skip
        ImportProblem.objects.create(import_run=import_run, sheet="Klasser", row=3, reason="Klass saknas.")
        ImportChange.objects.create(import_run=import_run, sheet="Klasser", row=4, what="new", label="6A")
    parts: dict[str, object] = {
        "history_transfer": made.transfer.pk,
        "plan_progress": planned.plan_id,
        "sync_job_progress": made.jobs["persons"].pk,
        "sync_job_list": made.jobs["persons"].pk,
        "test_activity_steps": made.test_activity.pk,
        "person_steps": school.pupils[0].pk,
        "import_changes": import_run.pk,
        "import_changes_export": import_run.pk,
        "school_year_change": import_run.pk,
        "school_year_change_export": import_run.pk,
    }
    return [reverse(name, args=[pk]) for name, pk in parts.items()]


def _name_of(address: str) -> str:
    try:
        return str(resolve(address).url_name)
    except Resolver404:
        return ""


def _look(client: Client, name: str, address: str) -> tuple[Walked | None, list[str]]:
    """The page with its parameters, and the addresses that it leads to; no page where it has nothing to show here."""
    with _reading() as read:
        answer = client.get(address)
    if answer.status_code in (404, 405):
        return None, []
    assert answer.status_code in GOOD, f"{address} answered {answer.status_code}"
    page = Walked(name, address, {key: set() for key in read})
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return page, []
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    for key, values in reader.asked.items():
        page.asked.setdefault(key, set()).update(values)
    page.forms = [form for form in reader.forms if form.fields]
    return page, reader.links


@contextmanager
def _reading() -> Iterator[set[str]]:
    """Which names a view asks the query for."""
    names: set[str] = set()
    originals = {name: getattr(QueryDict, name) for name in ("get", "getlist", "__getitem__", "__contains__")}

    def noting(original: Any) -> Any:
        def note(query: QueryDict, key: Any, *arguments: Any, **more: Any) -> Any:
            names.add(str(key))
            return original(query, key, *arguments, **more)

        return note

    try:
        for name, original in originals.items():
            setattr(QueryDict, name, noting(original))
        yield names
    finally:
        for name in originals:
            delattr(QueryDict, name) if name not in _OWN else setattr(QueryDict, name, originals[name])


_OWN = frozenset(vars(QueryDict))


def _takes_forms_only(name: str) -> bool:
    pattern = ALL[name]
    answer = pattern.callback(RequestFactory().get("/"), **dict.fromkeys(pattern.pattern.converters))
    return bool(answer.status_code == 405)


def test_every_page_is_reached(pages: list[Walked]) -> None:
    """What has an address and answers to GET is walked through; what only takes forms is not a page."""
    walked = {page.name for page in pages} | WITH_A_CODE

    assert not [name for name in sorted(ALL.keys() - walked) if not _takes_forms_only(name)]
    assert {key for page in pages for key in page.asked} >= {"sida", "sortera", "skolenhet", "fran", "sett", "lista"}
    assert any(page.forms for page in pages)


def test_no_query_and_no_search_breaks_a_page(logged_in_client: Client, pages: list[Walked]) -> None:
    for page in pages:
        _ask(logged_in_client.get, page.address, page.asked)
    for address, form in {form.address: form for page in pages for form in page.forms}.items():
        _ask(logged_in_client.post, address, form.fields)


def _ask(request: Any, address: str, parameters: dict[str, set[str]]) -> None:
    """Ask for `address` in many ways; each parameter is left out, has one of its own values, or an odd one."""
    values = {key: st.sampled_from([*sorted(own), *ODD]) for key, own in parameters.items()}

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(query=st.fixed_dictionaries({}, optional=values), is_htmx=st.booleans())
    def asked(query: dict[str, str], is_htmx: bool) -> None:
        answer = request(address, query, headers={"HX-Request": "true"} if is_htmx else {})

        odd_sign = any("\x00" in value for value in query.values())
        assert answer.status_code in GOOD or (odd_sign and answer.status_code == 400), f"{answer.status_code}: {query}"

    asked()
