"""The calls as they leave: address, headers, body; and the receipt."""

import httpx2
import pytest

from provsluss import __version__
from provsluss.provtjanst.client import ProvisioningClient
from tests.provtjanst.scripted_server import Reply, ScriptedServer

JOB = "3fa85f64-5717-4562-b3fc-2c963f66afa7"


def test_post_bulk(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(202, {"jobId": JOB, "message": "ok"}, {"Set-Cookie": "a=b", "X-RateLimit-Remaining": "4"})]
    posted = client.post_bulk("activities", '{"data":[{"id":"å"}]}'.encode())
    call = server.seen[-1]
    assert (call.method, call.path) == ("POST", "/activities/bulk?updateIfExists=true")
    assert call.body == '{"data":[{"id":"å"}]}'.encode()
    assert call.headers["content-type"] == "application/json"
    assert call.headers["authorization"] == "Bearer hemlig-token-1"
    assert call.headers["user-agent"] == f"Provsluss/{__version__}"
    assert (posted.job_id, posted.status_code) == (JOB, 202)
    assert posted.url == f"{server.address}/activities/bulk?updateIfExists=true"
    assert posted.headers["x-ratelimit-remaining"] == "4"
    assert "set-cookie" not in {name.lower() for name in posted.headers}
    assert "hemlig" not in repr(posted)


def test_delete_bulk(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(202, {"jobId": JOB})]
    assert client.delete_bulk("persons", b'{"data":["a"]}').job_id == JOB
    assert (server.seen[-1].method, server.seen[-1].path) == ("POST", "/persons/bulk/delete")


def test_the_job_id_can_stand_in_location_alone(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(202, {}, {"Location": f"https://gammal.example/dnp/persons/bulk/jobs/{JOB}"})]
    assert client.post_bulk("persons", b"{}").job_id == JOB


def test_job_and_lookup(client: ProvisioningClient, server: ScriptedServer) -> None:
    server.replies = [Reply(body=True), Reply(body={"responses": []}), Reply(body=[{"id": "a"}, None])]
    assert client.is_completed("groups", JOB) is True
    answer = client.job("groups", JOB)
    assert (answer.raw, answer.items) == (b'{"responses": []}', [])
    assert client.lookup("persons", ["a", "b"]) == [{"id": "a"}]
    calls = [(call.method, call.path) for call in server.seen if call.path != "/transaction"]
    assert calls == [
        ("GET", f"/groups/bulk/jobs/{JOB}/isCompleted"),
        ("GET", f"/groups/bulk/jobs/{JOB}"),
        ("POST", "/persons/lookup"),
    ]
    assert server.seen[-1].body == b'{"ids":["a","b"]}'


def test_no_proxy_is_taken_from_the_environment(
    client: ProvisioningClient, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from provsluss.provtjanst.calls import new_http

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with new_http() as http:
        assert isinstance(http, httpx2.Client)
        assert http.get(server.address).status_code == 200
