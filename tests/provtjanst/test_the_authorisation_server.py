"""Tokens over real mutual TLS: who is let in, who is turned away and how that is said, and which server is trusted."""

import asyncio
import logging
from pathlib import Path

import pytest

from provsluss.installation.pins import read_pins
from provsluss.provtjanst.certificates import client_context, fingerprint
from provsluss.provtjanst.errors import (
    CertificateRefused,
    ProvtjanstError,
    TemporaryTrouble,
    TokenRefused,
    UntrustedServer,
    WrongServer,
)
from provsluss.provtjanst.pinned_tls import TrustedServer, pin_of, pinned_context
from provsluss.provtjanst.tokens import ClientKey, Identity, TokenSource
from tests.fixtures.authorisation_server import TOKEN_MARK, AuthorisationServer, authorisation_server
from tests.fixtures.certificates import Authority, Issued

API = "https://api.example/provisioning/v1"


@pytest.fixture(scope="module")
def client(authority: Authority) -> Issued:
    return authority.issue("huvudman", serial_number="SE2120009945-A1B2")


def _source(
    token_server: AuthorisationServer,
    client: Issued,
    authority: Authority,
    pins: frozenset[str] | None = None,
    key: ClientKey | None = None,
) -> TokenSource:
    trusted = TrustedServer(frozenset({token_server.pin}) if pins is None else pins, authority.own.pem)
    context = client_context(client.certificate_file, client.key_file, trusted)
    return TokenSource(token_server.url, key or fingerprint(client.certificate_file), context, API)


def _written(token_server: AuthorisationServer) -> list[str]:
    """The fingerprints as they came."""
    return [asked["client"]["key"]["cert#S256"] for asked in token_server.asked]


# --- Which server is trusted ------------------------------------------------------------------------------------------


def test_the_right_certificate_and_the_right_pin(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    source = _source(token_server, client, authority)

    assert TOKEN_MARK in source.token()
    assert source.facts().owner.is_of("2120009945")
    assert len(token_server.asked) == 1


def test_a_wrong_pin_and_nothing_reaches_the_server(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    source = _source(token_server, client, authority, pins=frozenset({pin_of(client.certificate)}))

    with pytest.raises(WrongServer, match="annan nyckel än den som är angiven, så ingenting skickades"):
        source.token()
    assert token_server.asked == []


def test_one_of_several_pins_is_enough(token_server: AuthorisationServer, client: Issued, authority: Authority) -> None:
    pins = read_pins(f"sha256//{pin_of(client.certificate)}, {token_server.pin}")

    assert _source(token_server, client, authority, pins).token()


def test_an_asynchronous_connection_looks_at_the_key_too(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    context = pinned_context(TrustedServer(frozenset({pin_of(client.certificate)}), authority.own.pem))
    port = int(token_server.url.rpartition(":")[2].partition("/")[0])

    async def connect() -> None:
        await asyncio.wait_for(asyncio.open_connection("localhost", port, ssl=context), 5)

    with pytest.raises(OSError, match="not the pinned one"):
        asyncio.run(connect())


def test_a_server_from_another_issuer(
    token_server: AuthorisationServer, client: Issued, authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path, "annan")
    source = _source(token_server, client, other)

    with pytest.raises(UntrustedServer, match="serverns certifikat är inte betrott") as caught:
        source.token()
    for setting in ("PROVSLUSS_TOKEN_ISSUERS_FILE", "PROVSLUSS_MOA_METADATA_URL", "PROVSLUSS_MOA_KEYS_FILE"):
        assert setting in caught.value.message
    assert isinstance(caught.value, TemporaryTrouble)
    assert token_server.asked == []


def test_a_server_whose_own_certificate_has_ended_or_is_of_another_address(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    elsewhere = TokenSource(
        token_server.url.replace("localhost", "127.0.0.1"),
        fingerprint(client.certificate_file),
        client_context(client.certificate_file, client.key_file, TrustedServer(issuers=authority.own.pem)),
        API,
    )
    with pytest.raises(UntrustedServer, match="gäller en annan adress") as caught:
        elsewhere.token()
    assert "PROVSLUSS_TOKEN_ISSUERS_FILE" not in caught.value.message

    with (
        authorisation_server(authority.issue("gammal-server", begins=-9, ends=-1), authority) as old,
        pytest.raises(UntrustedServer, match="har gått ut"),
    ):
        _source(old, client, authority).token()


@pytest.mark.parametrize("written", ["sha256//nej", "AAAA", "ö" * 44, "a" * 43])
def test_a_pin_that_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="a pin is not"):
        read_pins(written)


def test_pins_are_read_as_people_write_them() -> None:
    pin = "qu2Ajpw7VZjE/i0FP+HI/T8HtUDArUypeO3ENG/+4Fk="
    other = "Ct4nIeRScfjAT6ZMn41bWuMEg5Dv7nmg170O8tG1PhI="
    assert read_pins(f" sha256//{pin};sha256//{other}\n") == {pin, other}
    assert read_pins("") == frozenset()


# --- Who is let in ----------------------------------------------------------------------------------------------------


def test_a_certificate_from_another_issuer(
    token_server: AuthorisationServer, authority: Authority, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path, "okänd").issue("främling")

    with pytest.raises(CertificateRefused, match="känner inte till klientcertifikatets utfärdare"):
        _source(token_server, stranger, authority).token()
    assert token_server.asked == []


def test_an_expired_certificate(token_server: AuthorisationServer, authority: Authority) -> None:
    old = authority.issue("gammal", begins=-30, ends=-1)

    with pytest.raises(CertificateRefused, match="klientcertifikatet har gått ut"):
        _source(token_server, old, authority).token()
    assert token_server.asked == []


def test_a_revoked_certificate(server_certificate: Issued, client: Issued, authority: Authority) -> None:
    other = authority.issue("annan-huvudman")
    with authorisation_server(server_certificate, authority, revoked=[client]) as token_server:
        with pytest.raises(CertificateRefused, match=r"klientcertifikatet är spärrat\. Beställ ett nytt") as caught:
            _source(token_server, client, authority).token()
        assert caught.value.says_it_all
        assert _source(token_server, other, authority).token()


def test_no_certificate(token_server: AuthorisationServer, client: Issued, authority: Authority) -> None:
    context = pinned_context(TrustedServer(frozenset({token_server.pin}), authority.own.pem))

    with pytest.raises(CertificateRefused, match="kräver ett klientcertifikat"):
        TokenSource(token_server.url, fingerprint(client.certificate_file), context, API).token()


def test_the_wrong_certificate_is_denied(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    other = authority.issue("annan-huvudman")

    with pytest.raises(TokenRefused, match="nekade utan att säga varför") as caught:
        _source(token_server, other, authority, key=fingerprint(client.certificate_file)).token()
    assert caught.value.server_text == "permission denied"
    assert len(token_server.asked) == 2


def test_an_entity_id_is_asked_for_once(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    token_server.members["https://huvudman.example"] = pin_of(client.certificate)

    assert _source(token_server, client, authority, key="https://huvudman.example").token()
    with pytest.raises(TokenRefused):
        _source(token_server, client, authority, key="https://okänd.example").token()
    assert [asked["client"]["key"] for asked in token_server.asked] == [
        "https://huvudman.example",
        "https://okänd.example",
    ]


# --- Both forms of the fingerprint ------------------------------------------------------------------------------------


def test_a_server_that_knows_only_base64url_is_asked_once(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    token_server.writes = ("url_safe",)
    assert _source(token_server, client, authority).token()
    assert _written(token_server) == [fingerprint(client.certificate_file).url_safe]


def test_a_server_that_knows_only_standard_base64_is_remembered(
    token_server: AuthorisationServer, client: Issued, authority: Authority
) -> None:
    token_server.writes = ("standard",)
    name = fingerprint(client.certificate_file)
    source = _source(token_server, client, authority)
    source.token()
    assert _written(token_server) == [name.url_safe, name.standard]
    assert name.standard.endswith("=")
    assert not name.url_safe.endswith("=")

    source.forget()
    source.token()
    assert _written(token_server)[2:] == [name.standard]

    token_server.writes = ("url_safe",)  # and back again
    source.forget()
    source.token()
    assert _written(token_server)[3:] == [name.standard, name.url_safe]


@pytest.mark.parametrize("form", [0, 1])
def test_of_two_denials_the_one_that_says_more_is_told(
    token_server: AuthorisationServer, client: Issued, authority: Authority, form: int
) -> None:
    """The server looks whether the certificate is revoked only when it has understood the name of the key."""
    token_server.writes = ()
    mismatch = (401, b'{"detail": "client certificate does not match grant request"}')
    revoked = (401, b'{"error": {"code": "invalid_client", "description": "client certificate revoked"}}')
    answers = [mismatch, revoked] if form else [revoked, mismatch]
    token_server.says_no = lambda: answers[len(token_server.asked) - 1]

    with pytest.raises(TokenRefused, match=r"är spärrat\. Beställ ett nytt") as caught:
        _source(token_server, client, authority).token()
    assert caught.value.says_it_all


# --- How a no is said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        ((401, b'{"detail": "permission denied"}'), TokenRefused, "permission denied"),
        (
            (401, b'{"error": {"code": "request_denied", "description": "permission denied"}}'),
            TokenRefused,
            "request_denied permission denied",
        ),
        ((400, b"no client key found"), TokenRefused, "no client key found"),
        ((500, b"Internal Server Error"), TemporaryTrouble, ""),
    ],
)
def test_every_shape_of_a_no(
    token_server: AuthorisationServer,
    client: Issued,
    authority: Authority,
    answer: tuple[int, bytes],
    error: type[ProvtjanstError],
    said: str,
) -> None:
    token_server.writes = ()
    token_server.says_no = lambda: answer

    with pytest.raises(error) as caught:
        _source(token_server, client, authority).token()
    assert caught.value.status_code == answer[0]
    assert not isinstance(caught.value, TokenRefused) or caught.value.server_text == said


# --- The token's life -------------------------------------------------------------------------------------------------


def test_the_tokens_own_end_counts_when_it_comes_first(
    token_server: AuthorisationServer, client: Issued, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _source(token_server, client, authority)
    clock = 1000.0
    monkeypatch.setattr("provsluss.provtjanst.tokens.time.monotonic", lambda: clock)
    first = source.token()  # expires_in says 864 000 s, the token itself 36 000 s
    clock += 36000 - 61
    assert source.token() == first
    clock += 2
    assert source.token() != first
    assert len(token_server.asked) == 2


def test_a_renewed_certificate_counts_without_a_restart(
    token_server: AuthorisationServer, authority: Authority, tmp_path: Path
) -> None:
    first, second = authority.issue("första"), authority.issue("andra")
    certificate, key = tmp_path / "c.crt", tmp_path / "c.key"
    trusted = TrustedServer(frozenset({token_server.pin}), authority.own.pem)

    def put(issued: Issued) -> None:
        certificate.write_text(issued.pem)
        key.write_bytes(issued.key_pem())

    source = TokenSource.identified_by(
        token_server.url, lambda: Identity(fingerprint(certificate), client_context(certificate, key, trusted)), API
    )
    put(first)
    source.token()
    put(second)
    source.forget()
    source.token()
    assert _written(token_server) == [fingerprint(one.certificate_file).url_safe for one in (first, second)]


# --- Nothing leaks ----------------------------------------------------------------------------------------------------


def test_neither_key_nor_token_is_in_a_log_a_repr_or_an_error(
    token_server: AuthorisationServer, client: Issued, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    source = _source(token_server, client, authority)
    wrong = _source(token_server, client, authority, pins=frozenset({pin_of(client.certificate)}))
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(WrongServer) as caught:
            wrong.token()
        source.token()
    shown = caplog.text + repr(caught.getrepr(showlocals=True))
    shown += repr(source) + repr(source._current()) + repr(source.facts())
    for line in client.key_pem().decode().splitlines()[1:-1]:
        assert line not in shown
    assert TOKEN_MARK not in shown
