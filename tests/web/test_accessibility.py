"""Every page in a real browser: axe-core finds nothing, and nothing is wider than 320 px.

WCAG 2.1 A and AA, in light and dark. Needs Chromium and the built front-end assets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Page

from provsluss.operations.queue_pause import pause_queue
from provsluss.organisations.models import Organisation, User
from provsluss.preflight.run import make_control
from provsluss.preflight.status import new_control
from provsluss.register.models import Import, ImportChange, ImportProblem
from provsluss.transfers.models import Accepted, PlannedObject, Worker
from provsluss.transfers.models.control import ControlCause
from provsluss.web.frame.assets import missing_assets
from tests.web.removals_made_by_hand import MadeRemoval, make_removal
from tests.web.test_school_year_change_page import EFFECT, UNITS
from tests.web.transfers_made_by_hand import MadeTransfer, make_preview, make_transfer

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
CLOSED_PAGES = (
    "overview", "imports", "import", "import_changes", "persons", "person", "person_send", "person_restricted",
    "groups", "group",
    "access", "access_groups", "person_access", "group_access", "test_activity_access",
    "control", "control_cause", "test_activity_control",
    "test_activities", "test_activity_create", "test_activities_send", "test_activity", "test_activity_groups",
    "test_activity_history", "preview_all", "plan", "planned_object", "plan_outcome",
    "school_year_change", "removal_review", "removal_undo", "kept_objects", "removal_limits", "test_activity_archive",
    "history", "presence", "sync_job", "operations", "settings", "environment", "connection", "connection_outside",
    "catalogue", "national_tests", "unknown_codes", "users", "decisions", "mfa_index", "account_change_password",
    "account_logout", "nowhere",
)  # fmt: skip


@dataclass
class Site:
    """A running web with a school in it."""

    url: str
    made: MadeTransfer
    removed: MadeRemoval
    waiting: MadeRemoval
    import_run: Import
    planned: PlannedObject
    session: str

    def address(self, page: str) -> str:
        """The whole address of a page of CLOSED_PAGES."""
        school = self.made.school
        arguments: dict[str, list[Any]] = {
            "import": [self.import_run.pk],
            "import_changes": [self.import_run.pk],
            "school_year_change": [self.import_run.pk],
            "person": [school.pupils[0].pk],
            "person_send": [school.pupils[0].pk],
            "person_restricted": [school.pupils[2].pk],
            "group": [school.group.pk],
            "person_access": [school.teacher.person_id],
            "group_access": [school.group.pk],
            "test_activity_access": [self.made.test_activity.pk],
            "sync_job": [self.made.jobs["persons"].pk],
            "removal_review": [self.waiting.transfer.pk],
            "removal_undo": [self.removed.transfer.pk],
            "test_activity_archive": [self.made.test_activity.pk],
            "test_activity": [self.made.test_activity.pk],
            "test_activity_groups": [self.made.test_activity.pk],
            "test_activity_history": [self.made.test_activity.pk],
            "test_activity_control": [self.made.test_activity.pk],
            "control_cause": [_cause(self.made.school.organisation)],
            "plan": [self.planned.plan_id],
            "plan_outcome": [self.planned.plan_id],
            "planned_object": [self.planned.pk],
        }
        if page == "nowhere":
            return f"{self.url}/finns-inte/"
        name = {"person_restricted": "person", "access_groups": "access"}.get(page, page)
        query = {"environment": "?till=produktion", "access_groups": "?lista=grupper"}.get(page, "")
        return self.url + reverse(name, args=arguments.get(page, [])) + query


def _cause(organisation: Organisation) -> int:
    """One of the causes that a control of the school has found."""
    with scope(organisation=organisation):
        control, _ = new_control(organisation)
        make_control(control.pk)
        return ControlCause.objects.all()[0].pk


@pytest.fixture
def site(transactional_db: None, live_server: Any, organisation: Organisation, user: User) -> Site:
    if missing := missing_assets():
        pytest.skip(f"not built (npm ci && npm run build): {missing}")
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    made = make_transfer(organisation)
    removed = make_removal(organisation, school=made.school)
    with scope(organisation=organisation):
        Accepted.objects.all().delete()
    waiting = make_removal(organisation, "needs_review", school=made.school)
    with scope(organisation=organisation):
        Accepted.objects.update(kept_at=timezone.now(), kept_by=user)  # the pupils are wanted again
        run = Import.objects.create(
            organisation=organisation, source="skolverket_workbook", file_name="skola.xlsx",
            state="preview", created_by=user,
            counts={
                "classes": {"rows": 3, "good": 2, "bad": 1, "new": 1, "changed": 1, "unchanged": 0, "ended": 0},
                "school_year_change": {"units": UNITS, "at_skolverket": EFFECT},
            },
        )  # fmt: skip
        ImportProblem.objects.create(import_run=run, sheet="Klasser", row=4, column="Namn", reason="Namn saknas.")
        ImportChange.objects.create(
            import_run=run, sheet="Klasser", row=3, what="changed", label="6A", attributes=[["namn", "6a", "6A"]]
        )
    User.objects.filter(pk=user.pk).update(is_staff=True)
    Worker.objects.create(name="maskin-7f3a90c2", seen_at=timezone.now())
    pause_queue(user)
    client = Client()
    client.force_login(user)
    return Site(live_server.url, made, removed, waiting, run, make_preview(made), client.cookies["sessionid"].value)


def _open(browser: Browser, site: Site, width: int, scheme: Any, logged_in: bool = True) -> Iterator[Page]:
    context = browser.new_context(locale="sv-SE", viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.set_default_timeout(15_000)
    if logged_in:
        context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    yield context.new_page()
    context.close()


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, site: Site, scheme: str) -> None:
    found: dict[str, list[str]] = {}
    complaints: list[str] = []  # of the Content-Security-Policy
    for page in _open(browser, site, 1280, scheme):
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        for name in CLOSED_PAGES:
            page.goto(site.address(name))
            if violations := _violations(page) + complaints:
                found[name] = violations
            complaints.clear()
    for page in _open(browser, site, 1280, scheme, logged_in=False):
        page.goto(f"{site.url}/")
        page.get_by_label("Användarnamn eller e-postadress").fill("astrid")
        page.get_by_label("Lösenord").fill("fel")
        page.get_by_role("button", name="Logga in").click()
        if violations := _violations(page):
            found["login"] = violations

    assert found == {}


def test_nothing_is_wider_than_320_px(browser: Browser, site: Site) -> None:
    wide: dict[str, int] = {}
    for page in _open(browser, site, 320, "light"):
        for name in CLOSED_PAGES:
            page.goto(site.address(name))
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                wide[name] = width

    assert wide == {}


def test_the_menu_opens_and_closes_with_the_keyboard_where_it_does_not_fit(browser: Browser, site: Site) -> None:
    for page in _open(browser, site, 320, "light"):
        page.goto(site.address("persons"))
        menu = page.get_by_role("navigation", name="Huvudmeny")
        assert not menu.is_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        menu.wait_for(state="visible")
        page.keyboard.press("Escape")
        menu.wait_for(state="hidden")


def test_light_or_dark_is_chosen_and_kept(browser: Browser, site: Site) -> None:
    for page in _open(browser, site, 1280, "light"):
        page.goto(site.address("overview"))
        page.get_by_role("button", name="Mitt konto").click()
        page.get_by_role("button", name="Mörkt").click()
        page.goto(site.address("persons"))
        assert page.evaluate("document.documentElement.dataset.colorScheme") == "dark"


def test_a_personnummer_is_shown_in_its_place(browser: Browser, site: Site) -> None:
    for page in _open(browser, site, 1280, "light"):
        page.goto(site.address("person"))
        assert page.locator("#personnummer").inner_text() == "20140512-****"
        page.get_by_role("button", name="Visa").click()
        page.get_by_text("20140512-2384").wait_for()
        assert page.url == site.address("person")
