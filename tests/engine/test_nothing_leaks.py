"""A whole run with everything going wrong leaves no secret behind: not in logs, engine tables, pages or e-mails.

Produktion is a simulator behind an authorisation server that demands client certificates; the one certificate soon
ends, and at last its key is encrypted and then gone.
"""

import re
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from allauth.mfa.totp.internal import auth as totp

from tests.engine.installation import ORGANISATION, Installation
from tests.engine.leaks import engine_tables, leaks, plant_in_engine_tables, secrets_of_persons, texts_in
from tests.engine.wholeness import is_ended, shown
from tests.engine.workers import Nest, nest_of, wait
from tests.fixtures.authorisation_server import AuthorisationServer, authorisation_server
from tests.fixtures.certificates import Authority, Issued
from tests.fixtures.free_port import free_port
from tests.fixtures.processes import Start

USER, PASSWORD, TOTP_SECRET, KEY_PASSWORD = (
    "astrid",
    "korrekt-häst-batteri",
    "JBSWY3DPEHPK3PXPJBSWY3DP",
    "nyckelord-7431",
)
OTHER = "5590009998"
FAULTS = ("--fail-share", "0.1", "--drop-share", "0.1", "--temporary-share", "0.1", "--html-share", "0.1")

MAKE_READY = """
import sys
from allauth.mfa.models import Authenticator
from provsluss.organisations.models import Organisation, OrganisationAccess, User
from provsluss.organisations.sealing import seal
number, certificate, key, name, password, secret = sys.argv[1:]
Organisation.objects.filter(number=number).update(
    environment="produktion", certificate_file=certificate, private_key_file=key)
user = User.objects.create_user(name, email=name + "@exempel.se", password=password)
OrganisationAccess.objects.create(user=user, organisation=Organisation.objects.get(number=number))
Authenticator.objects.create(user=user, type="totp", data={"secret": seal(secret)})
"""
REMIND = """
import sys
from django.conf import settings
settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", sys.argv[1]
from provsluss.connection.certificate_reminders import send_certificate_reminders
assert send_certificate_reminders() == 1
"""


@pytest.mark.timeout(240)
def test_no_secret_is_left_anywhere(
    here: Installation,
    start_simulator: Callable[..., str],
    start_process: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulator = start_simulator("--delay", "0.1", "--transfer-rate", "0", "--token-life", "3", "--seed", "5", *FAULTS)
    authority = Authority(tmp_path)
    issued = authority.issue("huvudman", ends=5, serial_number="SE2120009945-1")
    monkeypatch.setenv("PROVSLUSS_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("PROVSLUSS_PRODUCTION_URL", simulator)
    with authorisation_server(authority.issue("server"), authority) as server:
        server.relay = f"{simulator}/transaction"
        monkeypatch.setenv("PROVSLUSS_TOKEN_URL", server.url)
        monkeypatch.setenv("PROVSLUSS_TOKEN_PINS", server.pin)
        monkeypatch.setenv("PROVSLUSS_TOKEN_ISSUERS_FILE", str(authority.own.certificate_file))
        with nest_of(here) as nest:
            places = _run(here, nest, start_process, issued)
            places["the simulator's call log"] = _get(f"{simulator}/log")
            places["the engine's tables"] = engine_tables(here)
            places["the workers' log"] = nest.output()
            secrets = _secrets(here, server, issued)

            assert leaks(places, secrets) == []
            _what_is_looked_for_is_found(here, places, secrets)


def _run(here: Installation, nest: Nest, start_process: Start, issued: Issued) -> dict[str, str]:
    """Everything that can happen; returns what it left behind, by its name."""
    nest.ask("school", ORGANISATION, 3, 20, 0)
    nest.ask("school", OTHER, 1, 3, 5000)
    arguments = (ORGANISATION, issued.certificate_file, issued.key_file, USER, PASSWORD, TOTP_SECRET)
    _script(here, nest, MAKE_READY, *arguments)
    nest.start_worker()
    sent = nest.ask("send", ORGANISATION)
    port = free_port()
    web = start_process("-m", "provsluss", "web", "--port", port, environment=here.environment)
    web.wait_until_answers(f"http://127.0.0.1:{port}/konto/logga-in/")
    wait(lambda: is_ended(here, sent), 90, lambda: (shown(here, sent), nest.output()))
    places = _error_pages(here, f"http://127.0.0.1:{port}")
    web.end()
    places["the web's log"] = web.output()

    mails = here.data_dir / "mails"
    _script(here, nest, REMIND, mails)
    places["the e-mails"] = texts_in(mails)

    # The same key with a password, and then no key at all.
    issued.key_file.write_bytes(issued.key_pem(KEY_PASSWORD.encode()))
    places["doctor, encrypted key"] = nest.ask("command", "doctor")
    stopped = nest.ask("again", ORGANISATION)
    wait(lambda: is_ended(here, stopped), 60, nest.output)
    places["why it stopped"] = str(here.rows("SELECT message FROM transfers_transfer"))
    assert "lösenord" in places["doctor, encrypted key"]
    issued.key_file.unlink()
    places["doctor, no key"] = nest.ask("command", "doctor")
    issued.key_file.write_bytes(issued.key_pem())
    assert "in a row" in nest.output(), "the faults have left their traces, so there was something to leak"
    assert "Traceback" in places["the web's log"]
    return places


def _error_pages(here: Installation, address: str) -> dict[str, str]:
    """Log in with password and code, look up somebody, and meet a page of each kind of error."""
    pages: dict[str, str] = {}
    with httpx2.Client(base_url=address, follow_redirects=True, trust_env=False) as browser:

        def post(path: str, form: str = "", **fields: str) -> httpx2.Response:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(form or path).text)
            assert token
            return browser.post(path, data={"csrfmiddlewaretoken": token[1], **fields})

        assert post("/konto/logga-in/", login=USER, password="fel-" + PASSWORD).status_code == 200
        post("/konto/logga-in/", login=USER, password=PASSWORD)
        code = totp.format_hotp_value(totp.hotp_value(TOTP_SECRET, int(time.time()) // 30))
        assert "Historik" in post("/konto/tvafaktor/kod/", "/konto/tvafaktor/kod/", code=code).text

        ((number, pupil),) = here.rows("SELECT civic_number, id FROM register_person WHERE family_name = 'Nummer00003'")
        ((stranger,),) = here.rows("SELECT id FROM register_person WHERE family_name = 'Nummer05001'")
        ((call, job),) = here.rows("SELECT id, sync_job_id FROM transfers_batch ORDER BY id LIMIT 1")
        assert "Nummer00003" in post(f"/historik/synkjobb/{job}/", sok=number).text, "found by personnummer"
        pages["404"] = _page(browser.get(f"/register/personer/{stranger}/"), 404)
        pages["404 of an address"] = _page(browser.get(f"/register/personer/{number}/"), 404)
        pages["403"] = _page(browser.get("/drift/"), 403)
        pages["403 of a form"] = _page(browser.post(f"/historik/anrop/{call}/omaskerat"), 403)
        here.execute("UPDATE transfers_batch SET payload = ? WHERE id = ?", _broken(number, str(pupil)), call)
        pages["500"] = _page(browser.get(f"/historik/anrop/{call}/"), 500)
    return pages


def _page(answer: httpx2.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return answer.text


def _broken(number: str, pupil: str) -> bytes:
    """A payload that is no payload, with somebody in it."""
    return f'{{"data": [{{"id": "{pupil}", "civicNo": {{"value": "{number}"}}}}'.encode()


def _secrets(here: Installation, server: AuthorisationServer, issued: Issued) -> dict[str, str]:
    assert len(server.granted) > 1, "a token ended in the middle"
    own = {
        PASSWORD: "password",
        TOTP_SECRET: "TOTP secret",
        KEY_PASSWORD: "password of the key",
        (here.data_dir / "secret_key").read_text().strip(): "SECRET_KEY",
    }
    key_lines = [line for line in issued.key_pem().decode().splitlines() if not line.startswith("-")]
    return (
        secrets_of_persons(here)
        | dict.fromkeys(server.granted, "token")
        | dict.fromkeys((token.rsplit(".", 1)[1] for token in server.granted), "a token's signature")
        | dict.fromkeys(key_lines, "key")
        | own
    )


def _what_is_looked_for_is_found(here: Installation, places: dict[str, str], secrets: dict[str, str]) -> None:
    """Each kind of secret, planted in each place, is found: so the silence above says something."""
    one_of_each = {what: secret for secret, what in secrets.items()}
    assert len(one_of_each) >= 10
    for what, secret in one_of_each.items():
        for place, text in places.items():
            assert leaks({place: f"{text[:500]}…{secret}…"}, secrets), (what, place)
    planted = one_of_each["name"]
    plant_in_engine_tables(here, planted)
    assert leaks({"the engine's tables": engine_tables(here)}, {planted: "name"}) == ["name in the engine's tables"]


def _script(here: Installation, nest: Nest, text: str, *arguments: object) -> None:
    path = here.data_dir / "script.py"
    path.write_text(text, "utf-8")
    nest.ask("script", path, *arguments)


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())
