"""What comes back, or does not, and the error it becomes."""

import pytest

from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import (
    NotAuthorised,
    PayloadTooLarge,
    ProvtjanstError,
    Refused,
    TemporaryTrouble,
    TooManyCalls,
    UnknownJob,
)
from tests.provtjanst.scripted_server import Reply, ScriptedServer

HTML = b"<!DOCTYPE html><html><body>Bad gateway</body></html>"
CIVIC_NUMBER = "200901272385"


def entry(code: str, status: int) -> list[dict[str, object]]:
    return [{"id": code, "statusCode": status, "message": f"Något om {CIVIC_NUMBER}", "severityLevel": "Error"}]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(503, entry("5022", 503)), TemporaryTrouble),
        (Reply(500, entry("5004", 500)), TemporaryTrouble),
        (Reply(502, b"Bad gateway"), TemporaryTrouble),
        (Reply(504), TemporaryTrouble),
        (Reply(408), TemporaryTrouble),
        (Reply(200, HTML), TemporaryTrouble),
        (Reply(202, HTML, {"Content-Type": "text/html"}), TemporaryTrouble),
        (Reply(404, HTML), TemporaryTrouble),
        (Reply(403, HTML), TemporaryTrouble),
        (Reply(302, b"", {"Location": "/login"}), TemporaryTrouble),
        (Reply(202, {"message": "no job id"}), TemporaryTrouble),
        (Reply(202, {"jobId": "../../persons"}), TemporaryTrouble),
        (Reply(202, b"not json"), TemporaryTrouble),
        (Reply(202, []), TemporaryTrouble),
        (Reply(drop=True), TemporaryTrouble),
        (Reply(wait=1.5), TemporaryTrouble),
        (Reply(429, entry("5021", 429)), TooManyCalls),
        (Reply(429, HTML), TooManyCalls),
        (Reply(413, entry("5020", 413)), PayloadTooLarge),
        (Reply(413, HTML), PayloadTooLarge),
        (Reply(400, entry("2025", 400)), Refused),
        (Reply(404, entry("4001", 404)), Refused),
        (Reply(415), Refused),
        (Reply(403, entry("5002", 403)), NotAuthorised),
        (Reply(401), NotAuthorised),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{value.status}-{str(value.body)[:12]}",
)
def test_a_post(
    client: ProvisioningClient, server: ScriptedServer, reply: Reply, expected: type[ProvtjanstError]
) -> None:
    server.replies = [reply]
    with pytest.raises(ProvtjanstError) as caught:
        client.post_bulk("persons", b'{"data":[]}')
    assert type(caught.value) is expected
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert CIVIC_NUMBER not in sentence
    assert "hemlig-token" not in sentence + caught.value.body
    if not reply.drop and not reply.wait:
        assert caught.value.status_code == reply.status


def test_entries_and_codes_are_kept(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(400, entry("2025", 400))]
    with pytest.raises(Refused) as caught:
        client.post_bulk("groups", b"{}")
    assert [found.code for found in caught.value.entries] == ["2025"]
    assert "kod 2025" in str(caught.value)
    assert CIVIC_NUMBER in caught.value.body


def test_a_code_that_is_no_code_stays_out_of_the_sentence(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(400, entry(CIVIC_NUMBER, 400))]
    with pytest.raises(Refused) as caught:
        client.post_bulk("groups", b"{}")
    assert CIVIC_NUMBER not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "0.5"}, 0.5),
        ({"X-RateLimit-Reset": "1"}, 1.0),
        ({"Retry-After": "7", "X-RateLimit-Reset": "0.5"}, 7.0),
        ({"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"X-RateLimit-Reset": "-3"}, None),
        ({"X-RateLimit-Reset": "nan"}, None),
        ({}, None),
    ],
)
def test_429_says_when_to_come_back(
    client: ProvisioningClient, server: ScriptedServer, headers: dict[str, str], seconds: float | None
) -> None:
    server.replies = [Reply(429, entry("5021", 429), headers)]
    with pytest.raises(TooManyCalls) as caught:
        client.is_completed("persons", "a")
    assert caught.value.retry_after == seconds


def test_a_forgotten_job_is_told_from_a_missing_page(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(404, entry("4001", 404))]
    with pytest.raises(UnknownJob):
        client.is_completed("duties", "3fa85f64")
    with pytest.raises(UnknownJob):
        client.job("duties", "3fa85f64")
    server.replies = [Reply(404, HTML)]
    with pytest.raises(TemporaryTrouble):
        client.job("duties", "3fa85f64")


@pytest.mark.parametrize("body", [{"done": True}, "true", 1, None])
def test_is_completed_takes_only_true_or_false(
    client: ProvisioningClient, server: ScriptedServer, body: object
) -> None:
    server.replies = [Reply(body=body)]
    with pytest.raises(TemporaryTrouble):
        client.is_completed("persons", "a")


def test_a_job_answer_without_responses_is_trouble(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(body={"jobId": "a"})]
    with pytest.raises(TemporaryTrouble):
        client.job("persons", "a")


@pytest.mark.parametrize("job_id", ["", "../x", "a/b", "a?b", "å", "a" * 61])
def test_an_implausible_job_id_is_never_asked_for(
    client: ProvisioningClient, server: ScriptedServer, job_id: str
) -> None:
    with pytest.raises(ValueError, match="job id"):
        client.job("persons", job_id)
    assert server.seen == []


def test_nobody_listens() -> None:
    from provsluss.provtjanst.limits import CallLimits
    from provsluss.provtjanst.tokens import TokenSource
    from tests.fixtures.free_port import free_port

    nowhere = f"http://127.0.0.1:{free_port()}"
    tokens = TokenSource(f"{nowhere}/transaction", "x", None, nowhere)
    client = ProvisioningClient(nowhere, tokens, CallLimits())
    with pytest.raises(TemporaryTrouble, match="Behörighetsservern gick inte att nå"):
        client.post_bulk("persons", b"{}")
    assert client.alive() is False


def test_alive(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(200), Reply(503)]
    assert client.alive() is True
    assert client.alive() is False
    assert "authorization" not in server.seen[0].headers
