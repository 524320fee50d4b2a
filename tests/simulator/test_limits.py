"""Size and pace of calls (rules.md T6, T7)."""

import json
import time
import uuid
from collections.abc import Callable

import httpx2
import pytest

from tests.simulator.huvudman import PROVISIONING, Huvudman, person


def filled(size: int) -> bytes:
    """A bulk body of exactly `size` bytes."""
    empty = json.dumps({"data": [], "padding": ""}).encode()
    return json.dumps({"data": [], "padding": "x" * (size - len(empty))}).encode()


def test_200_000_bytes_are_accepted_and_one_more_is_too_many(huvudman: Huvudman) -> None:
    assert huvudman.http.post(f"{PROVISIONING}/groups/bulk", content=filled(200_000)).status_code == 202
    for path in ("/groups/bulk", "/persons/lookup"):
        answer = huvudman.http.post(PROVISIONING + path, content=filled(200_001))
        assert (answer.status_code, answer.json()[0]["id"]) == (413, "5020")


def test_a_very_large_body_still_gets_its_answer(huvudman: Huvudman) -> None:
    assert huvudman.http.post(f"{PROVISIONING}/persons/bulk", content=b"x" * 20_000_000).status_code == 413


@pytest.fixture(scope="module")
def limited_simulator(start_simulator: Callable[..., str]) -> str:
    """A simulator with Skolverket's limits."""
    return start_simulator("--delay", "0")


@pytest.fixture
def limited(limited_simulator: str) -> Huvudman:
    """A school organiser whose last call was more than a second ago."""
    time.sleep(1.05)
    return Huvudman(limited_simulator)


def test_five_transfers_and_status_calls_a_second(limited: Huvudman) -> None:
    answers = [limited.post("persons", person()) for _ in range(3)]
    job = answers[0].json()["jobId"]
    answers += [limited.get(f"/persons/bulk/jobs/{job}") for _ in range(2)]
    over = limited.get(f"/duties/bulk/jobs/{uuid.uuid4()}")
    assert [each.status_code for each in answers] == [202, 202, 202, 200, 200]
    assert [each.headers["x-ratelimit-remaining"] for each in answers] == ["4", "3", "2", "1", "0"]
    assert (over.status_code, over.json()[0]["id"], over.headers["x-ratelimit-limit"]) == (429, "5021", "5")
    assert 0 < float(over.headers["x-ratelimit-reset"]) <= 1
    assert limited.get("/persons").status_code == 200, "reading has a limit of its own"
    time.sleep(float(over.headers["x-ratelimit-reset"]) + 0.02)
    assert limited.get(f"/persons/bulk/jobs/{job}").status_code == 200


def test_ten_reads_a_second(limited: Huvudman) -> None:
    statuses = [limited.get("/groups").status_code for _ in range(9)]
    statuses += [limited.http.post(f"{PROVISIONING}/groups/lookup", json={}).status_code for _ in range(2)]
    assert statuses == [200] * 10 + [429]
    assert limited.get("/alive").status_code == 200


def test_the_limit_is_per_address_and_not_per_huvudman(limited: Huvudman, limited_simulator: str) -> None:
    for _ in range(10):
        limited.get("/groups")
    assert Huvudman(limited_simulator).get("/groups").status_code == 429
    elsewhere = httpx2.HTTPTransport(local_address="127.0.0.2")
    with httpx2.Client(base_url=limited_simulator, transport=elsewhere, headers=limited.http.headers) as client:
        assert client.get(f"{PROVISIONING}/groups").status_code == 200


def test_reset_is_a_whole_number_when_asked_for(huvudman: Huvudman) -> None:
    huvudman.http.post("/faults", json={"fractional_reset": False, "read_rate": 10})
    try:
        assert huvudman.get("/groups").headers["x-ratelimit-reset"] == "1"
    finally:
        huvudman.http.post("/faults", json={"fractional_reset": True, "read_rate": 0})
