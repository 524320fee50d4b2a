"""Logging in to the demo as its user does."""

from playwright.sync_api import Page, expect

from tests.fixtures.demo import Demo


def log_in(page: Page, demo: Demo) -> None:
    """Opens the address that the demo printed, and logs in with the user and password that it printed."""
    page.goto(demo.url)
    page.get_by_label("Användarnamn").fill(demo.user)
    page.get_by_label("Lösenord").fill(demo.password)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("link", name="Historik").first).to_be_visible()
