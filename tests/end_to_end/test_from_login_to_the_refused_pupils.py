"""A school administrator's whole way: log in, press the button, watch the four jobs, read why three were refused."""

import re

import pytest
from playwright.sync_api import Page, expect

from provsluss.register.example.faults import MOVED_IN
from tests.end_to_end.logging_in import log_in
from tests.fixtures.demo import Demo

FOUR_JOBS = ("Användare", "Tjänstgöringar", "Grupper", "Aktiviteter")
PATIENCE = 60_000
"""Milliseconds for the four jobs; the simulator takes a second for each call."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_press_send_watch_four_jobs_and_read_why_three_were_refused(running_provsluss: Demo, page: Page) -> None:
    log_in(page, running_provsluss)
    expect(page.get_by_text("Exempelkommunen").first).to_be_visible()
    expect(page.get_by_text("Simulator").first).to_be_visible()

    page.get_by_role("link", name="Provaktiviteter").first.click()
    page.get_by_role("link", name="Matematik årskurs 6", exact=True).click()
    page.get_by_role("button", name="Skicka till Skolverket").click()
    main = page.get_by_role("main")
    for job in FOUR_JOBS:
        expect(main.get_by_text(job).first).to_be_visible()
    for under_way in ("Pågår", "Väntar"):
        expect(main.get_by_text(under_way)).to_have_count(0, timeout=PATIENCE)
    expect(main.get_by_text("Klar med fel").first).to_be_visible()

    page.get_by_role("link", name="Historik").first.click()
    page.get_by_role("main").get_by_role("link", name="Användare", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"Användare \d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
    )
    refused = page.locator("tbody tr", has_text="Fel").filter(has=page.locator("button[aria-expanded]"))
    expect(refused).to_have_count(len(MOVED_IN))
    for pupil in MOVED_IN:
        row = refused.filter(has_text=f"{pupil.given_name} {pupil.family_name}")
        expect(row).to_contain_text(f"{pupil.civic_number[:8]}-****")
        row.locator("button[aria-expanded]").click()
        opened = page.locator(f"tr#{row.locator('button[aria-expanded]').get_attribute('aria-controls')}")
        expect(opened).to_contain_text("Åtgärdas av")
        expect(opened).to_contain_text("Skolverkets meddelande")
        expect(opened).to_contain_text("Svar från Skolverket")
    assert not [pupil for pupil in MOVED_IN if pupil.civic_number in page.content()]
