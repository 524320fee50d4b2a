"""The token: asked for in both ways, kept, renewed in time, and never shown."""

import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from provsluss.provtjanst.certificates import CertificateFingerprint
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import (
    CertificateRefused,
    NotAuthorised,
    NoToken,
    ProvtjanstError,
    TemporaryTrouble,
    TokenRefused,
    TooManyCalls,
)
from provsluss.provtjanst.tokens import TokenSource
from tests.provtjanst.scripted_server import Reply, ScriptedServer

FORBIDDEN = Reply(403, [{"id": "5002", "statusCode": 403, "message": "Ogiltigt JWT bearer token."}])


def reply(value: str, **more: object) -> Reply:
    return Reply(body={"access_token": {"value": value, "new": 1, **more}, "instance_id": "x"})


def asked_for(server: ScriptedServer) -> int:
    return sum(call.path == "/transaction" for call in server.seen)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("https://huvudman.example", "https://huvudman.example"),
        (CertificateFingerprint(b"\xfb\xef"), {"proof": "mtls", "cert#S256": "--8"}),
    ],
)
def test_the_grant_request(server: ScriptedServer, key: str | CertificateFingerprint, written: object) -> None:
    source = TokenSource(f"{server.address}/transaction", key, None, "https://api.example/provisioning/v1")
    assert source.token() == "hemlig-token-1"
    access = {"type": "provisioning-api", "locations": ["https://api.example/provisioning/v1"]}
    assert json.loads(server.seen[0].body) == {
        "access_token": [{"access": [access], "flags": ["bearer"]}],
        "client": {"key": written},
    }
    assert server.seen[0].headers["content-type"] == "application/json"


def test_a_token_is_kept_until_shortly_before_it_ends(
    server: ScriptedServer, tokens: TokenSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.paths["/transaction"] = [reply("a", expires_in=864000), reply("b", expires_in=100), reply("c")]
    clock = 1000.0
    monkeypatch.setattr("provsluss.provtjanst.tokens.time.monotonic", lambda: clock)
    assert [tokens.token(), tokens.token()] == ["a", "a"]
    clock += 864000 - 61
    assert tokens.token() == "a"
    clock += 2
    assert tokens.token() == "b"
    clock += 89
    assert tokens.token() == "b"
    clock += 2
    assert tokens.token() == "c"
    assert asked_for(server) == 3


@pytest.mark.parametrize("life", ["3600", 3600.0, None, "soon", [], "inf"])
def test_an_odd_life_still_gives_a_token(server: ScriptedServer, tokens: TokenSource, life: object) -> None:
    server.paths["/transaction"] = [reply("a", expires_in=life), reply("b")]
    assert [tokens.token(), tokens.token()] == ["a", "a"]


def test_a_list_of_tokens_is_as_good_as_one(server: ScriptedServer, tokens: TokenSource) -> None:
    server.paths["/transaction"] = [Reply(body={"access_token": [{"value": "a"}]})]
    assert tokens.token() == "a"


def in_eight_threads(work: Callable[[], object]) -> list[object]:
    """What `work` returns or raises in each of eight threads that begin at the same moment."""
    begin = threading.Barrier(8)

    def one(_: int) -> object:
        begin.wait(10)
        try:
            return work()
        except ProvtjanstError as problem:
            return problem

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(one, range(8), timeout=30))


def test_many_who_wait_cause_one_call(server: ScriptedServer, tokens: TokenSource) -> None:
    server.paths["/transaction"] = [Reply(body={"access_token": {"value": "a", "expires_in": 60}}, wait=0.2)]
    assert in_eight_threads(tokens.token) == ["a"] * 8
    assert asked_for(server) == 1


def test_many_who_wait_for_a_token_in_vain_cause_one_call(server: ScriptedServer, tokens: TokenSource) -> None:
    server.paths["/transaction"] = [Reply(401, b"client certificate revoked", wait=0.5), reply("a")]
    problems = in_eight_threads(tokens.token)
    assert all(isinstance(problem, TokenRefused) and "spärrat" in problem.message for problem in problems)
    assert len({id(problem) for problem in problems}) == 8
    assert asked_for(server) == 1
    assert tokens.token() == "a"


def test_many_whose_token_has_ended_cause_one_call(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.paths["/transaction"] = [reply("old"), reply("fresh")]
    server.replies = [*[Reply(403, FORBIDDEN.body, wait=0.3)] * 8, Reply(body=True)]
    assert in_eight_threads(lambda: client.is_completed("persons", "a")) == [True] * 8
    assert asked_for(server) == 2


def test_forgetting_an_old_token_leaves_a_newer_one(server: ScriptedServer, tokens: TokenSource) -> None:
    server.paths["/transaction"] = [reply("a"), reply("b"), reply("c")]
    old = tokens.token()
    tokens.forget(old)
    assert tokens.token() == "b"
    tokens.forget(old)
    assert tokens.token() == "b"
    tokens.forget()
    assert tokens.token() == "c"


def test_403_is_answered_once_with_a_fresh_token(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.paths["/transaction"] = [reply("old"), reply("fresh")]
    server.replies = [FORBIDDEN, Reply(body=True)]
    assert client.is_completed("persons", "a") is True
    assert [call.headers["authorization"] for call in server.seen if call.method == "GET"] == [
        "Bearer old",
        "Bearer fresh",
    ]


def test_403_also_with_a_fresh_token_is_the_end(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [FORBIDDEN]
    with pytest.raises(NotAuthorised) as caught:
        client.is_completed("persons", "a")
    assert [entry.code for entry in caught.value.entries] == ["5002"]
    assert asked_for(server) == 2
    assert len(server.seen) == 4


@pytest.mark.parametrize(
    ("answer", "said", "meaning"),
    [
        (
            Reply(401, {"detail": "no client key found for https://x"}),
            "no client key found",
            "federationens",
        ),
        (
            Reply(400, {"error": {"code": "invalid_client", "description": "who"}}),
            "invalid_client who",
            "känner inte",
        ),
        (Reply(403, {"error": "request_denied"}), "request_denied", "registrerad"),
        (Reply(401, b"client certificate revoked"), "client certificate revoked", "spärrat"),
        (Reply(401, {"detail": "client certificate expired or not yet valid"}), "expired", "gått ut"),
        (Reply(401, {"detail": "client certificate not signed by CA"}), "not signed", "utfärdare"),
        (Reply(401, {"detail": "client certificate does not match grant request"}), "match", "hör inte ihop"),
        (Reply(400, {"detail": [{"loc": ["body"], "msg": "field required"}]}), "field required", "Inställningar"),
        (Reply(401), "", "Inställningar"),
        (Reply(401, []), "[]", "Inställningar"),
    ],
)
def test_the_token_server_says_no(
    server: ScriptedServer, tokens: TokenSource, answer: Reply, said: str, meaning: str
) -> None:
    server.paths["/transaction"] = [answer]
    with pytest.raises(TokenRefused, match=meaning) as caught:
        tokens.token()
    assert said in caught.value.server_text
    assert caught.value.status_code == answer.status


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Reply(503, b"<html>"), TemporaryTrouble),
        (Reply(403, b"<html>"), TemporaryTrouble),
        (Reply(408), TemporaryTrouble),
        (Reply(302), TemporaryTrouble),
        (Reply(drop=True), TemporaryTrouble),
        (Reply(429, b"", {"Retry-After": "3"}), TooManyCalls),
    ],
)
def test_the_token_server_is_away(
    server: ScriptedServer, tokens: TokenSource, answer: Reply, expected: type[TemporaryTrouble]
) -> None:
    server.paths["/transaction"] = [answer]
    with pytest.raises(TemporaryTrouble) as caught:
        tokens.token()
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    "answer",
    [
        Reply(200, {"access_token": {"value": "två ord"}}),
        Reply(200, {"access_token": {"value": "a\nb"}}),
        Reply(200, {"access_token": {"value": 7}}),
        Reply(200, {"access_token": None}),
        Reply(200, {"access_token": []}),
        Reply(200, {"continue": {"uri": "https://as.example/continue"}, "interact": {}}),
        Reply(200, {"error": {"code": "request_denied"}}),
        Reply(201, {"status": "ok"}),
        Reply(200, []),
        Reply(200, "text"),
        Reply(200, None),
        Reply(200, b"OK"),
        Reply(200, b""),
        Reply(204, b""),
        Reply(200, b"[" * 100_000),
        Reply(200, b"\xff\xfe"),
        Reply(200, b"<!DOCTYPE html><title>Inloggning</title>"),
        Reply(200, b"{}", {"Content-Type": "text/html; charset=utf-8"}),
    ],
)
def test_an_answer_of_success_without_a_token_is_temporary(
    server: ScriptedServer, tokens: TokenSource, answer: Reply
) -> None:
    server.paths["/transaction"] = [answer, reply("a")]
    with pytest.raises(NoToken, match=rf"utan behörighet \(status {answer.status}\)") as caught:
        tokens.token()
    assert isinstance(caught.value, TemporaryTrouble)
    assert ("en webbsida" in caught.value.message) == ("html" in repr(answer))
    assert caught.value.body == ""
    assert tokens.token() == "a"


def test_a_page_about_the_certificate_from_a_server_in_front(server: ScriptedServer, tokens: TokenSource) -> None:
    page = b"<html><head><title>400 The SSL certificate error</title></head></html>"
    server.paths["/transaction"] = [Reply(400, page)]
    with pytest.raises(CertificateRefused, match="godtar inte klientcertifikatet"):
        tokens.token()


@pytest.mark.parametrize("status", [404, 405, 410])
def test_an_address_that_leads_elsewhere(server: ScriptedServer, tokens: TokenSource, status: int) -> None:
    server.paths["/transaction"] = [Reply(status, {"detail": "Not Found"})]
    with pytest.raises(TokenRefused, match="Adressen leder inte till behörighetsservern"):
        tokens.token()


def test_the_token_is_in_no_log_and_no_repr(
    client: ProvisioningClient,
    tokens: TokenSource,
    server: ScriptedServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.replies = [Reply(body=True)]
    with caplog.at_level(logging.DEBUG, logger="provsluss"), caplog.at_level(logging.DEBUG, logger="httpx2"):
        client.is_completed("persons", "a")
    assert "hemlig-token" not in caplog.text
    assert "hemlig-token" not in repr(tokens) + repr(client)
