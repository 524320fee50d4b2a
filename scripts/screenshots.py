"""The pictures of the README and the handbook, taken of a running demo: `make screenshots`.

At 1280 pixels into docs/pictures, where they are kept; at 320 pixels and in the dark scheme into test-results/pictures,
to be looked at.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "pictures"
LOOKED_AT = ROOT / "test-results" / "pictures"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}
PATIENCE = 90.0
REFUSED_PUPIL = "Alva Bäckström"


@dataclass(frozen=True)
class Demo:
    """Where the demo answers, how to log in, and where it keeps its files."""

    url: str
    password: str
    directory: Path


def main() -> None:
    """Take every picture."""
    for directory in (KEPT, LOOKED_AT):
        directory.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo, browser_page() as page:
        walk(page, demo)
    print(f"Bilderna finns i {KEPT.relative_to(ROOT)} och {LOOKED_AT.relative_to(ROOT)}.")


def walk(page: Page, demo: Demo) -> None:
    """The handbook's way through Provsluss, with a picture at each stop."""
    page.goto(demo.url)
    take(page, "logga-in")
    page.get_by_label("Användarnamn").fill("demo")
    page.get_by_label("Lösenord").fill(demo.password)
    page.get_by_role("button", name="Logga in").click()
    menu = page.get_by_role("navigation").first
    expect(menu).to_be_visible()
    take(page, "oversikt")

    menu.get_by_role("link", name="Register").click()
    take(page, "register")
    page.get_by_role("main").locator("tbody a").first.click()
    take(page, "inlasning")
    look_at_a_new_file(page, demo)

    menu.get_by_role("link", name="Personer").click()
    take(page, "personer")
    page.get_by_role("main").locator("tbody a").first.click()
    take(page, "person")
    menu.get_by_role("link", name="Provaktiviteter").click()
    take(page, "provaktiviteter")
    page.get_by_role("link", name="Matematik årskurs 6", exact=True).click()
    take(page, "provaktivitet")
    page.get_by_role("link", name="Grupper").first.click()
    take(page, "grupper")
    page.go_back()
    look_before_sending(page, demo)
    menu.get_by_role("link", name="Provaktiviteter").click()
    page.get_by_role("link", name="Matematik årskurs 6", exact=True).click()
    page.get_by_role("button", name="Skicka till Skolverket").click()
    page.wait_for_timeout(2000)
    take(page, "pagar")
    main = page.get_by_role("main")
    for under_way in ("Pågår", "Väntar"):
        expect(main.get_by_text(under_way)).to_have_count(0, timeout=60_000)
    take(page, "klar")

    menu.get_by_role("link", name="Historik").click()
    take(page, "historik")
    page.get_by_role("main").get_by_role("link", name="Användare", exact=True).first.click()
    take(page, "anvandare")
    row = page.locator("tbody tr", has_text=REFUSED_PUPIL).first
    row.locator("button[aria-expanded]").click()
    technical = page.get_by_text("Teknisk information: skickat och svar").first
    expect(technical).to_be_visible()
    row.scroll_into_view_if_needed()
    take(page, "varfor-nekad")
    technical.click()
    sent = page.get_by_role("heading", name="Skickat", exact=True).first
    sent.evaluate("title => title.scrollIntoView({ block: 'center' })")
    take(page, "skickat-och-svar")
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("button", name="Spara som Excel").click()
    take(page, "spara")
    page.get_by_role("button", name="Stäng").click()

    stop_a_transfer(page, demo)
    menu.get_by_role("link", name="Inställningar").click()
    take(page, "installningar")
    page.goto(f"{demo.url}/installningar/miljo/?till=produktion")
    take(page, "byt-miljo")
    page.goto(f"{demo.url}/konto/tvafaktor/")
    take(page, "tvafaktor")


def look_before_sending(page: Page, demo: Demo) -> None:
    """What stands in the way, what would be sent, and who will see whom."""
    page.goto(f"{demo.url}/kontroll/")
    expect(page.get_by_role("heading", name="Att åtgärda")).to_be_visible(timeout=60_000)
    take(page, "kontroll")
    page.goto(f"{demo.url}/provaktiviteter/forhandsgranska")
    page.get_by_role("main").get_by_role("button", name="Förhandsgranska").first.click()
    expect(page.get_by_role("heading", name="Allt som inte är oförändrat")).to_be_visible(timeout=60_000)
    take(page, "forhandsgranska")
    page.goto(f"{demo.url}/register/atkomst/")
    take(page, "atkomst")


def look_at_a_new_file(page: Page, demo: Demo) -> None:
    """The preview of the school a week later: two pupils have left and one has another name. It is not stored."""
    source = next(demo.directory.glob("exempelskola-*.xlsx"))
    workbook = openpyxl.load_workbook(source)
    pupils = workbook["Elevinskrivningar"]
    family_name = next(cell.column for cell in pupils[2] if cell.value == "Efternamn")
    pupils.cell(20, family_name).value = "Nyström"
    pupils.delete_rows(30, 2)
    later = demo.directory / "elever vecka 47.xlsx"
    workbook.save(later)
    page.get_by_role("navigation").first.get_by_role("link", name="Inläsningar").click()
    page.locator("input[type=file]").set_input_files(later)
    page.get_by_role("button", name="Läs filen").click()
    expect(page.get_by_text("Så här skulle registret ändras.")).to_be_visible(timeout=60_000)
    take(page, "granska")
    page.get_by_role("button", name="Avbryt").click()


def stop_a_transfer(page: Page, demo: Demo) -> None:
    """A transfer that is cancelled as soon as it has begun, so that its page offers to resume it."""
    page.goto(f"{demo.url}/provaktiviteter/")
    page.get_by_role("link", name="Engelska årskurs 9", exact=True).click()
    page.get_by_role("button", name="Skicka till Skolverket").click()
    expect(page.get_by_role("main").get_by_text("besvarade").first).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Avbryt …").first.click()
    page.get_by_role("button", name="Avbryt överföringen").click()
    expect(page.get_by_role("button", name="Återuppta")).to_be_visible()
    take(page, "avbruten")


def take(page: Page, name: str) -> None:
    """The page as it is now: wide and light to keep, narrow and dark to look at."""
    page.wait_for_load_state("networkidle")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.screenshot(path=KEPT / f"{name}.png", animations="disabled")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=LOOKED_AT / f"{name}-dark.png", full_page=True, animations="disabled")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.screenshot(path=LOOKED_AT / f"{name}-320.png", full_page=True, animations="disabled")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page of Debian's Chromium."""
    executable = shutil.which("chromium")
    if executable is None:
        sys.exit("Chromium saknas. Installera paketet chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--lang=sv-SE"]
        )
        context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm", color_scheme="light")
        context.set_default_timeout(15_000)
        yield context.new_page()
        browser.close()


@contextmanager
def running_demo() -> Iterator[Demo]:
    """A demo in a directory of its own, on free ports."""
    with tempfile.TemporaryDirectory() as directory, socket.socket() as first, socket.socket() as second:
        for probe in (first, second):
            probe.bind(("127.0.0.1", 0))
        port, simulator_port = first.getsockname()[1], second.getsockname()[1]
        first.close()
        second.close()
        command = ["demo", "--port", str(port), "--simulator-port", str(simulator_port)]
        process = subprocess.Popen(
            [sys.executable, "-m", "provsluss", *command],
            env={**os.environ, "PROVSLUSS_DATA_DIR": directory},
            stdout=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_answers(process, f"{url}/konto/logga-in/")
            yield Demo(url, (Path(directory) / "demo_password").read_text("utf-8"), Path(directory))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_until_answers(process: subprocess.Popen[bytes], url: str) -> None:
    """Returns when `url` answers; ends the program when it never does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    sys.exit("Demon startade inte.")


if __name__ == "__main__":
    main()
