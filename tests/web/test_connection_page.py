"""Inställningar, Anslutning: the chain link by link over real TLS, and what it says where a link is broken."""

import json
import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry, serialize_json

from provsluss.connection.authorisation_server import COPY_NAME
from provsluss.organisations.models import ClientKey, Organisation
from provsluss.provtjanst.pinned_tls import pin_of
from tests.fixtures.authorisation_server import TOKEN_MARK, AuthorisationServer
from tests.fixtures.certificates import Authority, Issued
from tests.provtjanst.scripted_server import Reply, ScriptedServer, scripted_server

ENTITY = "https://huvudman.example"
RATES = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "0.5"}


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Issued:
    return authority.issue("huvudman", serial_number="SE2120009945-A1B2")


@pytest.fixture
def api() -> Iterator[ScriptedServer]:
    """Skolverket's service, and the federation's metadata at /moa."""
    with scripted_server() as api:
        api.replies = [Reply(body=[], headers=RATES)]
        yield api


@pytest.fixture
def connected(
    organisation: Organisation,
    certificate: Issued,
    token_server: AuthorisationServer,
    api: ScriptedServer,
    authority: Authority,
    settings: Any,
    tmp_path: Path,
) -> Organisation:
    """Exempelkommunen in verifieringstest, with everything in order and its certificate known by fingerprint."""
    settings.VERIFICATION_URL = api.address
    settings.TOKEN_URL = token_server.url
    settings.TOKEN_PINS = f"sha256//{token_server.pin}"
    settings.TOKEN_ISSUERS_FILE = str(authority.own.certificate_file)
    settings.DATA_DIR = tmp_path
    organisation.environment = "verifieringstest"
    _use(organisation, certificate)
    return organisation


def _use(organisation: Organisation, issued: Issued, key: Path | None = None) -> None:
    organisation.certificate_file = str(issued.certificate_file)
    organisation.private_key_file = str(key or issued.key_file)
    organisation.save()


def _by_entity(organisation: Organisation) -> None:
    organisation.client_key, organisation.entity_id = ClientKey.ENTITY_ID, ENTITY
    organisation.save()


def _links(client: Client) -> dict[str, tuple[str, str]]:
    """Title → level and everything that is said, from the page that does without htmx."""
    page = client.get(reverse("connection_outside")).content.decode()
    links = {}
    for item in re.findall(r"<li>\s*<span class=\"state\".*?</li>", page, re.DOTALL):
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", item)).split())
        title = unescape(re.findall(r"<h3>(.*?)</h3>", item)[0])
        level, _, said = text.partition(" ")
        links[title] = (level, said.removeprefix(title).strip())
    return links


def _wrong(links: dict[str, tuple[str, str]]) -> list[str]:
    return [title for title, (level, _) in links.items() if level == "Fel"]


# --- Everything in order ----------------------------------------------------------------------------------------------


def test_the_whole_chain_is_right(logged_in_client: Client, connected: Organisation, certificate: Issued) -> None:
    links = _links(logged_in_client)

    assert {level for level, _ in links.values()} == {"Ok"}, links
    assert "SE2120009945" in links["Organisationsnummer"][1]
    assert "364 dagar kvar" in links["Giltighet"][1]
    assert "behörighet för SE2120009945. Den gäller i 10 timmar." in links["Behörighet"][1]
    assert links["Tillgång till tjänsten"][1] == "Skolverket godtar vår behörighet."
    assert links["Anropsgräns"][1] == "Skolverket tillåter 10 anrop per sekund, 9 kvar just nu."
    assert "går som Skolverkets" in links["Klocka"][1]
    assert pin_of(certificate.certificate) in links["Fingeravtryck"][1]


def test_the_page_shows_the_files_at_once_and_asks_for_the_rest(
    logged_in_client: Client, connected: Organisation, token_server: AuthorisationServer, api: ScriptedServer
) -> None:
    page = logged_in_client.get(reverse("connection")).content.decode()

    assert "hör till certifikatet" in page
    assert f'hx-get="{reverse("connection_outside")}"' in page
    assert (token_server.asked, api.seen) == ([], [])
    part = logged_in_client.get(reverse("connection_outside"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Skolverket godtar vår behörighet." in part


def test_the_simulator_needs_no_certificate(
    logged_in_client: Client, organisation: Organisation, start_simulator: Callable[..., str], settings: Any
) -> None:
    settings.SIMULATOR_URL = start_simulator("--delay", "0")

    links = _links(logged_in_client)

    assert {level for level, _ in links.values()} == {"Ok"}, links
    assert "Inget certifikat behövs mot simulatorn." in links["Certifikat"][1]


def test_the_simulator_is_not_running(logged_in_client: Client, organisation: Organisation, settings: Any) -> None:
    settings.SIMULATOR_URL = "http://127.0.0.1:9"

    assert _wrong(_links(logged_in_client)) == ["Behörighet", "Skolverkets tjänst"]


# --- The files --------------------------------------------------------------------------------------------------------


def test_no_files_at_all(logged_in_client: Client, connected: Organisation) -> None:
    connected.certificate_file = connected.private_key_file = ""
    connected.save()

    links = _links(logged_in_client)

    assert "Certifikatfilen är inte angiven" in links["Certifikatfil"][1]
    assert "Rätta först det som är fel ovan" in links["Behörighet"][1]


def test_files_that_cannot_be_used(
    logged_in_client: Client,
    connected: Organisation,
    certificate: Issued,
    server_certificate: Issued,
    token_server: AuthorisationServer,
    tmp_path: Path,
) -> None:
    locked = tmp_path / "last.key"
    locked.write_bytes(certificate.key_pem(b"hemligt"))
    for key, said in (
        (tmp_path / "saknas.key", "saknas.key gick inte att öppna"),
        (locked, "last.key är skyddad med lösenord"),
        (server_certificate.key_file, "server.key hör inte till certifikatet huvudman.crt"),
        (certificate.certificate_file, "innehåller ingen privat nyckel"),
    ):
        _use(connected, certificate, key)
        links = _links(logged_in_client)
        assert said in links["Privat nyckel"][1]
        assert _wrong(links) == ["Privat nyckel", "Behörighet"]
    assert token_server.asked == []


def test_a_key_that_everybody_may_read(
    logged_in_client: Client, connected: Organisation, certificate: Issued, tmp_path: Path
) -> None:
    key = tmp_path / "open.key"
    key.write_bytes(certificate.key_pem())
    key.chmod(0o644)
    _use(connected, certificate, key)

    links = _links(logged_in_client)

    assert links["Privat nyckel"][0] == "Varning"
    assert "chmod 600 open.key" in links["Privat nyckel"][1]


@pytest.mark.parametrize(
    ("subject", "said"),
    [({}, "saknar organisationsnummer"), ({"serial_number": "SE5566778899-1"}, "utfärdat till SE5566778899")],
)
def test_somebody_elses_certificate(
    logged_in_client: Client,
    connected: Organisation,
    authority: Authority,
    token_server: AuthorisationServer,
    subject: dict[str, str],
    said: str,
) -> None:
    _use(connected, authority.issue("annan", **subject))
    token_server.writes = ()

    links = _links(logged_in_client)

    assert said in links["Organisationsnummer"][1]
    assert "Rätta först det som är fel ovan (organisationsnummer)" in links["Behörighet"][1]


@pytest.mark.parametrize(
    ("begins", "ends", "level", "said"),
    [
        (-9, 20.5, "Varning", "20 dagar kvar"),
        (-9, 1.5, "Varning", "1 dag kvar"),
        (-9, 0.5, "Varning", "mindre än en dag kvar"),
        (-9, -1, "Fel", "gick ut"),
        (1, 9, "Fel", "börjar gälla först"),
    ],
)
def test_the_dates(
    logged_in_client: Client,
    connected: Organisation,
    authority: Authority,
    begins: float,
    ends: float,
    level: str,
    said: str,
) -> None:
    _use(connected, authority.issue("datum", begins, ends, serial_number="SE2120009945-1"))

    links = _links(logged_in_client)

    assert links["Giltighet"][0] == level
    assert said in links["Giltighet"][1]
    if level == "Fel":
        assert "Rätta först det som är fel ovan (giltighet)" in links["Behörighet"][1]


def test_a_certificate_that_ends_soon_is_said_on_both_pages(
    logged_in_client: Client, connected: Organisation, authority: Authority
) -> None:
    for ends, said in ((20.5, "20 dagar kvar. Beställ ett nytt"), (-1, "Ingenting kan skickas till Skolverket")):
        _use(connected, authority.issue("snart", -9, ends, serial_number="SE2120009945-1"))
        for page in ("overview", "connection"):
            assert said in logged_in_client.get(reverse(page)).content.decode()


# --- The authorisation server -----------------------------------------------------------------------------------------


def test_a_wrong_pin_and_nothing_is_sent(
    logged_in_client: Client,
    connected: Organisation,
    certificate: Issued,
    token_server: AuthorisationServer,
    settings: Any,
) -> None:
    settings.TOKEN_PINS = pin_of(certificate.certificate)

    links = _links(logged_in_client)

    assert "annan nyckel än den som är angiven, så ingenting skickades" in links["Behörighet"][1]
    assert token_server.asked == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TOKEN_PINS", "sha256//nej", "PROVSLUSS_TOKEN_PINS) är felskriven"),
        ("TOKEN_ISSUERS_FILE", "/saknas.pem", "saknas.pem gick inte att läsa"),
    ],
)
def test_settings_that_cannot_be_used(
    logged_in_client: Client, connected: Organisation, settings: Any, name: str, value: str, said: str
) -> None:
    setattr(settings, name, value)

    links = _links(logged_in_client)

    assert said in links["Behörighetsserverns nyckel"][1]
    assert "Behörighet" in _wrong(links)


def test_without_a_pin_there_is_a_warning(logged_in_client: Client, connected: Organisation, settings: Any) -> None:
    settings.TOKEN_PINS = settings.TOKEN_ISSUERS_FILE = ""

    links = _links(logged_in_client)

    assert links["Behörighetsserverns nyckel"][0] == "Varning"
    said = links["Behörighet"][1]
    assert "serverns certifikat är inte betrott" in said  # the machine does not know our authority
    assert "PROVSLUSS_TOKEN_ISSUERS_FILE" in said
    assert "PROVSLUSS_MOA_METADATA_URL" in said


# --- "permission denied", told apart ----------------------------------------------------------------------------------


def test_denied_by_fingerprint_though_all_is_right(
    logged_in_client: Client, connected: Organisation, token_server: AuthorisationServer
) -> None:
    token_server.writes = ()

    said = _links(logged_in_client)["Behörighet"][1]

    assert "Servern svarade: permission denied (status 401)" in said
    assert "båda formerna av fingeravtrycket nekades" in said
    assert len(token_server.asked) == 2


def test_denied_because_it_is_revoked(
    logged_in_client: Client, connected: Organisation, token_server: AuthorisationServer
) -> None:
    token_server.writes = ()
    token_server.says_no = lambda: (401, b'{"detail": "client certificate revoked"}')

    said = _links(logged_in_client)["Behörighet"][1]

    assert said.startswith("Klientcertifikatet är spärrat. Beställ ett nytt")
    assert said.endswith("Servern svarade: client certificate revoked (status 401)")


@pytest.mark.parametrize("answer", [b"{}", b"[]", b"OK", b"", b"<html>Logga in</html>"])
def test_an_answer_without_a_token_has_a_remedy_of_its_own(
    logged_in_client: Client, connected: Organisation, token_server: AuthorisationServer, answer: bytes
) -> None:
    token_server.writes = ()
    token_server.says_no = lambda: (200, answer)

    level, said = _links(logged_in_client)["Behörighet"]

    assert level == "Fel"
    assert "utan behörighet (status 200)" in said
    assert f"Kontrollera att {token_server.url} är behörighetsserverns adress (PROVSLUSS_TOKEN_URL)" in said
    assert "certifikat" not in said


def test_denied_because_of_the_issuer(
    logged_in_client: Client, connected: Organisation, token_server: AuthorisationServer, tmp_path: Path, settings: Any
) -> None:
    _use(connected, Authority(tmp_path, "TEST SITHS").issue("test", serial_number="SE2120009945-1"))

    links = _links(logged_in_client)

    assert links["Utfärdare"][0] == "Varning"
    assert "känner inte till klientcertifikatets utfärdare" in links["Behörighet"][1]
    assert "Den troliga orsaken är utfärdaren" in links["Behörighet"][1]


def test_denied_by_entity_id_without_metadata(
    logged_in_client: Client, connected: Organisation, certificate: Issued
) -> None:
    _by_entity(connected)

    said = _links(logged_in_client)["Behörighet"][1]

    assert f"Kontrollera i Moa att {ENTITY} är registrerat" in said


@pytest.fixture
def federation(
    connected: Organisation,
    token_server: AuthorisationServer,
    api: ScriptedServer,
    authority: Authority,
    certificate: Issued,
    settings: Any,
    tmp_path: Path,
) -> Callable[..., None]:
    """`federation(entity_id, pin, …)` publishes signed metadata with the server and one member, and uses them."""
    key = ECKey.generate_key("P-256", {"kid": "1"})
    keys_file = tmp_path / "jwks.json"
    keys_file.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    settings.TOKEN_PINS = settings.TOKEN_ISSUERS_FILE = ""
    settings.MOA_METADATA_URL = f"{api.address}/moa"
    settings.MOA_KEYS_FILE = str(keys_file)
    _by_entity(connected)
    token_server.members[ENTITY] = pin_of(certificate.certificate)

    def publish(entity_id: str = ENTITY, pin: str = "", number: str = "SE2120009945", server_pin: str = "") -> None:
        def pins(digest: str) -> list[dict[str, str]]:
            return [{"alg": "sha256", "digest": digest}]

        entities = [
            {
                "entity_id": "https://as.example",
                "issuers": [{"x509certificate": authority.own.pem}],
                "servers": [{"base_uri": token_server.url, "pins": pins(server_pin or token_server.pin)}],
            },
            {
                "entity_id": entity_id,
                "organization_id": number,
                "issuers": [],
                "clients": [{"pins": pins(pin or pin_of(certificate.certificate))}],
            },
        ]
        header = {"alg": "ES256", "kid": "1", "exp": int(time.time()) + 86400}
        registry = JWSRegistry(strict_check_header=False, algorithms=["ES256"])
        signed = serialize_json([{"protected": header}], json.dumps({"entities": entities}), key, registry=registry)
        api.paths["/moa"] = [Reply(body=signed)]

    return publish


def test_the_federation_says_pin_and_issuers(
    logged_in_client: Client, connected: Organisation, federation: Callable[..., None], tmp_path: Path
) -> None:
    federation()

    links = _links(logged_in_client)

    assert {level for level, _ in links.values()} == {"Ok"}, links
    assert "enligt federationens metadata (Moa)" in links["Behörighetsserverns nyckel"][1]
    assert (tmp_path / COPY_NAME).stat().st_mode & 0o777 == 0o600


def test_the_federation_says_another_pin(
    logged_in_client: Client,
    connected: Organisation,
    federation: Callable[..., None],
    token_server: AuthorisationServer,
    certificate: Issued,
) -> None:
    federation(server_pin=pin_of(certificate.certificate))

    assert "så ingenting skickades" in _links(logged_in_client)["Behörighet"][1]
    assert token_server.asked == []


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ({"entity_id": "https://annan.example"}, f"Entitets-id {ENTITY} finns inte i federationens metadata"),
        ({"pin": "A" * 43 + "="}, "certifikatets nyckel är inte registrerad som klient"),
        ({"number": "SE5566778899"}, "Entiteten tillhör SE5566778899"),
    ],
)
def test_unknown_entity_and_wrong_certificate_are_told_apart(
    logged_in_client: Client,
    connected: Organisation,
    federation: Callable[..., None],
    token_server: AuthorisationServer,
    published: dict[str, str],
    said: str,
) -> None:
    federation(**published)
    token_server.members.clear()

    links = _links(logged_in_client)

    assert said in links["Vår plats i federationen"][1]
    assert "permission denied" in links["Behörighet"][1]
    assert "Rätta först det som är fel ovan (vår plats i federationen)" in links["Behörighet"][1]


def test_a_federation_that_is_away(
    logged_in_client: Client, connected: Organisation, federation: Callable[..., None], api: ScriptedServer
) -> None:
    api.paths["/moa"] = [Reply(503)]

    links = _links(logged_in_client)

    assert "gick inte att hämta (status 503)" in links["Federationen (Moa)"][1]
    assert _wrong(links)[:2] == ["Federationen (Moa)", "Behörighetsserverns nyckel"]


# --- The service ------------------------------------------------------------------------------------------------------


def test_somebody_elses_token(
    logged_in_client: Client, connected: Organisation, token_server: AuthorisationServer, api: ScriptedServer
) -> None:
    token_server.organisation_id = "SE5566778899"

    links = _links(logged_in_client)

    assert "Behörigheten gäller SE5566778899" in links["Behörighet"][1]
    assert [call.path for call in api.seen] == ["/provisioning/v1/alive"]


@pytest.mark.parametrize(
    ("claimed", "says"),
    [(None, "säger inte vilken organisation den gäller"), ("Exempelkommunen", "säger bara Exempelkommunen")],
)
def test_a_token_that_names_nobody_is_used_and_that_is_said(
    logged_in_client: Client,
    connected: Organisation,
    token_server: AuthorisationServer,
    api: ScriptedServer,
    claimed: str | None,
    says: str,
) -> None:
    token_server.claims = {"organization_id": claimed}

    links = _links(logged_in_client)

    level, said = links["Behörighet"]
    assert level == "Varning"
    assert f"Den {says}, så det gick inte att kontrollera att den är huvudmannens." in said
    assert links["Tillgång till tjänsten"][0] == "Ok"
    assert "/provisioning/v1/persons/lookup" in [call.path for call in api.seen]


@pytest.mark.parametrize(("status", "level"), [(200, "Ok"), (401, "Ok"), (403, "Ok"), (404, "Fel"), (503, "Fel")])
def test_a_service_that_wants_a_token_here_too_has_answered(
    logged_in_client: Client, connected: Organisation, api: ScriptedServer, status: int, level: str
) -> None:
    api.paths["/provisioning/v1/alive"] = [Reply(status)]

    links = _links(logged_in_client)

    assert links["Skolverkets tjänst"][0] == level
    assert links["Tillgång till tjänsten"][0] == "Ok"


def test_a_token_that_the_service_does_not_take(
    logged_in_client: Client, connected: Organisation, api: ScriptedServer
) -> None:
    api.paths["/provisioning/v1/persons/lookup"] = [Reply(403, [{"id": "5002", "statusCode": 403, "message": "Nej."}])]

    links = _links(logged_in_client)

    assert _wrong(links) == ["Tillgång till tjänsten"]
    assert "registrerad för överföring" in links["Tillgång till tjänsten"][1]


@pytest.mark.parametrize(("off_by", "level"), [(-120, "Varning"), (3600, "Fel")])
def test_a_clock_that_is_wrong(
    logged_in_client: Client, connected: Organisation, api: ScriptedServer, off_by: int, level: str
) -> None:
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - off_by))
    api.replies = [Reply(body=[], headers={"Date": date})]

    links = _links(logged_in_client)

    assert links["Klocka"][0] == level
    assert ("före" if off_by > 0 else "efter") in links["Klocka"][1]


# --- Nothing leaks ----------------------------------------------------------------------------------------------------


def test_neither_key_nor_token_is_on_the_pages_or_in_the_log(
    logged_in_client: Client,
    connected: Organisation,
    certificate: Issued,
    token_server: AuthorisationServer,
    api: ScriptedServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("DEBUG"):
        shown = [logged_in_client.get(reverse(name)).content.decode() for name in ("connection", "connection_outside")]
        token_server.says_no = lambda: (401, b"x" * 5000)
        token_server.writes = ()
        shown.append(logged_in_client.get(reverse("connection_outside")).content.decode())
        shown.append(logged_in_client.get(reverse("settings")).content.decode())
    text = "".join(shown) + caplog.text
    assert any(TOKEN_MARK in call.headers.get("authorization", "") for call in api.seen)
    assert TOKEN_MARK not in text
    for line in certificate.key_pem().decode().splitlines()[1:-1]:
        assert line not in text
