"""A call that cannot be understood is refused with Skolverket's error shape, never with 422 (rules.md section 2)."""

import json
import uuid
from typing import Any

import httpx2
import pytest

from tests.simulator.huvudman import PROVISIONING, Huvudman, person

REQUIRED = {"id", "statusCode", "message", "severityLevel", "timeOfOccurance"}


def the_entry(answer: httpx2.Response) -> dict[str, Any]:
    """The one LogEntry of an answer."""
    [entry] = answer.json()
    assert set(entry) >= REQUIRED
    assert entry["statusCode"] == answer.status_code
    return dict(entry)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"{'data': []}"])
def test_a_body_that_is_no_json(huvudman: Huvudman, body: bytes) -> None:
    answer = huvudman.http.post(f"{PROVISIONING}/persons/bulk", content=body)
    assert (answer.status_code, the_entry(answer)["id"]) == (400, "2001")


@pytest.mark.parametrize("body", [[], 1, None, {}, {"data": {}}, {"data": [1]}, {"data": None}, {"data": [[]]}])
@pytest.mark.parametrize("path", ["/persons/bulk", "/duties/bulk", "/groups/bulk/delete"])
def test_a_body_of_another_shape(huvudman: Huvudman, path: str, body: object) -> None:
    answer = huvudman.http.post(PROVISIONING + path, content=json.dumps(body).encode())
    assert (answer.status_code, the_entry(answer)["id"]) in {(400, "2002"), (400, "2010")}


def test_an_object_without_a_uuid_refuses_the_call(huvudman: Huvudman) -> None:
    answer = huvudman.post("persons", person(), person(id="not-a-uuid"))
    assert (answer.status_code, the_entry(answer)["id"]) == (400, "2010")


def test_lookup_of_what_is_no_uuid(huvudman: Huvudman) -> None:
    answer = huvudman.http.post(f"{PROVISIONING}/persons/lookup", json={"ids": ["xxxxx"]})
    entry = the_entry(answer)
    assert (entry["id"], entry["parameterName"], entry["parameterValue"]) == ("2010", "ids", "xxxxx")


@pytest.mark.parametrize("path", ["/persons/xxx", "/persons/bulk/jobs/xxx", "/groups/bulk/jobs/xxx/isCompleted"])
def test_a_path_id_that_is_no_uuid(huvudman: Huvudman, path: str) -> None:
    entry = the_entry(huvudman.get(path))
    assert (entry["id"], entry["statusCode"], entry["parameterValue"]) == ("2011", 400, "xxx")


def test_an_id_that_nobody_has(huvudman: Huvudman) -> None:
    entry = the_entry(huvudman.get(f"/duties/{uuid.UUID(int=17)}"))
    assert (entry["id"], entry["statusCode"], entry["resourceType"]) == ("4001", 404, "Duty")


def test_a_boolean_that_is_none(huvudman: Huvudman) -> None:
    answer = huvudman.http.post(f"{PROVISIONING}/persons/bulk?updateIfExists=ja", json={"data": []})
    entry = the_entry(answer)
    assert (entry["id"], entry["parameterName"]) == ("2025", "updateIfExists")
    assert the_entry(huvudman.get(f"/persons/bulk/jobs/{uuid.UUID(int=17)}", showOnlyError="nej"))["id"] == "2025"


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1.5", "٣"])
def test_a_limit_outside_1_to_100(huvudman: Huvudman, limit: str) -> None:
    entry = the_entry(huvudman.get("/persons", limit=limit))
    assert (entry["id"], entry["statusCode"]) == ("3085", 400)


@pytest.mark.parametrize("token", ["x", "e30=", "åäö", "W10="])
def test_a_page_token_that_was_not_given(huvudman: Huvudman, token: str) -> None:
    assert the_entry(huvudman.get("/persons", pageToken=token))["id"] == "2026"


def test_unknown_paths_and_methods(huvudman: Huvudman) -> None:
    assert the_entry(huvudman.get("/pupils"))["statusCode"] == 404
    assert the_entry(huvudman.get("/persons/"))["statusCode"] == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/persons/bulk", "POST, PUT"),
        ("GET", "/persons/bulk", "POST, PUT"),
        ("HEAD", "/duties/bulk", "POST, PUT"),
        ("PATCH", "/groups/bulk", "POST, PUT"),
        ("MKCOL", "/activities/bulk", "POST, PUT"),
        ("GET", "/groups/bulk/delete", "POST"),
        ("GET", "/activities/lookup", "POST"),
        ("POST", "/persons", "GET"),
        ("PUT", f"/persons/{uuid.UUID(int=17)}", "GET"),
        ("DELETE", f"/duties/bulk/jobs/{uuid.UUID(int=17)}", "GET"),
        ("POST", f"/duties/bulk/jobs/{uuid.UUID(int=17)}/isCompleted", "GET"),
        ("OPTIONS", "/alive", "GET"),
    ],
)
def test_a_method_that_an_address_does_not_have(huvudman: Huvudman, method: str, path: str, allowed: str) -> None:
    answer = huvudman.http.request(method, PROVISIONING + path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert method == "HEAD" or the_entry(answer)["id"] == "5005"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/transaction", "POST"),
        ("POST", "/open-data/v1/activities", "GET"),
        ("DELETE", "/open-data/v1/schoolUnits/code/90000011", "GET"),
        ("PUT", "/faults", "GET, POST"),
    ],
)
def test_so_do_the_simulators_other_addresses(huvudman: Huvudman, method: str, path: str, allowed: str) -> None:
    answer = huvudman.http.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_without_a_token_that_is_what_is_said(quick_simulator: str) -> None:
    answer = httpx2.get(f"{quick_simulator}{PROVISIONING}/persons/bulk", trust_env=False)
    assert (answer.status_code, the_entry(answer)["id"]) == (403, "5002")


def test_half_a_surrogate_in_a_name_is_an_error_of_that_person(huvudman: Huvudman) -> None:
    body = json.dumps({"data": [person(givenName="\ud800"), person()]}).encode("ascii")
    accepted = huvudman.http.post(f"{PROVISIONING}/persons/bulk", content=body)
    assert [item["response"]["status"] for item in huvudman.finished(accepted)] == ["Error", "Success"]
