"""The authorisation server, and calls without a valid token (rules.md 6.3, code 5002)."""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.simulator.huvudman import PROVISIONING, Huvudman, person

ACCESS = [{"type": "provisioning-api", "locations": ["https://api.example/provisioning/v1"]}]


def ask(base: str, **changed: Any) -> httpx2.Response:
    """A token request."""
    body = {"access_token": [{"access": ACCESS, "flags": ["bearer"]}], "client": {"key": "https://a.example"}}
    return httpx2.post(f"{base}/transaction", json=body | changed)


def status_with(base: str, authorization: str | None) -> int:
    """The status of a list with an Authorization header."""
    headers = {"authorization": authorization} if authorization is not None else {}
    answer = httpx2.get(f"{base}{PROVISIONING}/persons", headers=headers)
    if answer.status_code == 403:
        assert [entry["id"] for entry in answer.json()] == ["5002"]
        assert "x-ratelimit-limit" in answer.headers
    return answer.status_code


@pytest.mark.parametrize(
    "key",
    [
        "https://a.example",
        {"proof": "mtls", "cert#S256": "Ct4nIeRScfjAT6ZMn41bWuMEg5Dv7nmg170O8tG1PhI="},
        {"proof": {"method": "mtls"}, "cert#S256": "Ct4nIeRScfjAT6ZMn41bWuMEg5Dv7nmg170O8tG1PhI="},
    ],
)
def test_both_forms_of_client_key_get_a_token(quick_simulator: str, key: object) -> None:
    answer = ask(quick_simulator, client={"key": key})
    granted = answer.json()["access_token"]
    assert answer.status_code == 200
    assert (granted["access"], granted["expires_in"], granted["flags"]) == (ACCESS, 36_000, ["bearer"])
    assert status_with(quick_simulator, f"Bearer {granted['value']}") == 200


def test_a_single_token_request_that_is_no_list(quick_simulator: str) -> None:
    assert ask(quick_simulator, access_token={"access": ACCESS, "flags": ["bearer"]}).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"client": {}}, 400),
        ({"client": None}, 400),
        ({"client": {"key": {"proof": "httpsig", "cert#S256": "x"}}}, 400),
        ({"client": {"key": "https://grannkommunen.example"}}, 401),
        ({"access_token": []}, 400),
        ({"access_token": [{"access": [{"type": "everything"}]}]}, 400),
        ({"access_token": [{"access": ["provisioning-api"]}]}, 400),
    ],
)
def test_what_is_no_token_request(quick_simulator: str, changed: dict[str, Any], status: int) -> None:
    answer = ask(quick_simulator, **changed)
    assert (answer.status_code, list(answer.json())) == (status, ["detail"])


def test_a_token_request_that_is_no_json(quick_simulator: str) -> None:
    assert httpx2.post(f"{quick_simulator}/transaction", content=b"{").status_code == 400


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x.y.z", "Basic eDp5"])
def test_without_a_valid_token_the_answer_is_403(quick_simulator: str, authorization: str | None) -> None:
    assert status_with(quick_simulator, authorization) == 403


def test_a_token_for_another_service_is_not_enough(quick_simulator: str) -> None:
    wanted = [{"access": [{"type": "ss12000-client"}], "flags": ["bearer"]}]
    token = ask(quick_simulator, access_token=wanted).json()["access_token"]["value"]
    assert status_with(quick_simulator, f"Bearer {token}") == 403


def test_a_token_ends(start_simulator: Callable[..., str]) -> None:
    base = start_simulator("--token-life", "0.5")
    answer = ask(base).json()["access_token"]
    assert status_with(base, f"Bearer {answer['value']}") == 200
    time.sleep(0.6)
    assert status_with(base, f"Bearer {answer['value']}") == 403


def test_the_same_key_is_the_same_huvudman(quick_simulator: str) -> None:
    pupil = person()
    Huvudman(quick_simulator, "https://same.example").sent("persons", pupil)
    assert Huvudman(quick_simulator, "https://same.example").get(f"/persons/{pupil['id']}").status_code == 200


def test_alive_needs_no_token(quick_simulator: str) -> None:
    assert httpx2.get(f"{quick_simulator}{PROVISIONING}/alive").status_code == 200
    assert httpx2.get(f"{quick_simulator}/open-data/v1/alive").status_code == 200
