"""A school organiser as the simulator meets it: a token of its own, calls, and objects that are right by default."""

import itertools
import time
import uuid
from typing import Any

import httpx2

PROVISIONING = "/provisioning/v1"
NIL = uuid.UUID(int=0)
UNIT = str(uuid.uuid5(NIL, "90000011"))
"""Exempelkommunen's unit number 0, years 1-9."""
UPPER_SECONDARY = str(uuid.uuid5(NIL, str(90000000 + 37 * 4 + 11)))
NATIONAL_TEST = str(uuid.uuid5(NIL, "GRGRMAT01_6"))

_numbers = itertools.count()


def luhn_digit(nine_digits: str) -> str:
    """The check digit of a personnummer's first nine digits."""
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(nine_digits))
    return str(-sum(product // 10 + product % 10 for product in doubled) % 10)


def civic_number() -> str:
    """A personnummer that no other test has."""
    number = next(_numbers)
    nine = f"{10 + number // 336000:02d}{1 + number // 28000 % 12:02d}{1 + number // 1000 % 28:02d}{number % 1000:03d}"
    return f"20{nine}{luhn_digit(nine)}"


def enrolment(**changed: Any) -> dict[str, Any]:
    """An enrolment in year 6."""
    return {"enroledAt": {"id": UNIT}, "schoolType": "GR", "schoolYear": 6} | changed


def person(**changed: Any) -> dict[str, Any]:
    """A pupil."""
    return {
        "id": str(uuid.uuid4()),
        "givenName": "Yngve",
        "familyName": "Övergård",
        "civicNo": {"value": civic_number(), "nationality": "SE"},
        "eduPersonPrincipalNames": [f"{uuid.uuid4()}@edu.exempelkommunen.se"],
        "enrolments": [enrolment()],
    } | changed


def staff() -> dict[str, Any]:
    """A member of staff."""
    return person(enrolments=[], emails=[{"value": "yngve@exempel.se", "type": "Skola personal"}])


def duty(holder: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A teacher's duty."""
    return {
        "id": str(uuid.uuid4()),
        "person": {"id": holder["id"]},
        "dutyAt": {"id": UNIT},
        "dutyRole": "Lärare",
    } | changed


def group(*members: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A teaching group."""
    return {
        "id": str(uuid.uuid4()),
        "displayName": "6A matematik",
        "groupType": "Undervisning",
        "schoolType": "GR",
        "organisation": {"id": UNIT},
        "groupMemberships": [{"person": {"id": member["id"]}} for member in members],
    } | changed


def activity(*groups: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """An activity for a national test."""
    return {
        "id": str(uuid.uuid4()),
        "displayName": "6A GRGRMAT01_6",
        "activityType": "Undervisning",
        "groups": [{"id": each["id"]} for each in groups],
        "organisation": {"id": UNIT},
        "parentActivity": {"id": NATIONAL_TEST},
    } | changed


class Huvudman:
    """Calls the simulator with a client key that nobody else uses."""

    def __init__(self, base: str, key: str | None = None) -> None:
        """Fetches a token at once."""
        self.base = base
        # Plain HTTP: reading the machine's certificates would be a tenth of a second for nothing.
        self.http = httpx2.Client(base_url=base, timeout=20, verify=False)
        asked = {
            "access_token": [{"access": [{"type": "provisioning-api"}], "flags": ["bearer"]}],
            "client": {"key": key or f"https://{uuid.uuid4()}.example"},
        }
        self.token = self.http.post("/transaction", json=asked).json()["access_token"]["value"]
        self.http.headers["authorization"] = f"Bearer {self.token}"

    def post(self, kind: str, *objects: dict[str, Any], update: bool = True) -> httpx2.Response:
        """A bulk POST."""
        params = {"updateIfExists": "true"} if update else {}
        return self.http.post(f"{PROVISIONING}/{kind}/bulk", json={"data": list(objects)}, params=params)

    def finished(self, accepted: httpx2.Response) -> list[dict[str, Any]]:
        """Waits for the job of an accepted call; its items."""
        assert accepted.status_code == 202, accepted.text
        place = accepted.headers["location"]
        deadline = time.monotonic() + 10
        while not self.http.get(f"{place}/isCompleted").json():
            assert time.monotonic() < deadline, "the job never ended"
            time.sleep(0.02)
        items: list[dict[str, Any]] = self.http.get(place).json()["responses"]
        return items

    def sent(self, kind: str, *objects: dict[str, Any], update: bool = True) -> list[dict[str, Any]]:
        """Sends, waits, and gives each object's response."""
        return [item["response"] for item in self.finished(self.post(kind, *objects, update=update))]

    def put(self, kind: str, *objects: dict[str, Any]) -> list[dict[str, Any]]:
        """Updates, waits, and gives each object's response."""
        accepted = self.http.put(f"{PROVISIONING}/{kind}/bulk", json={"data": list(objects)})
        return [item["response"] for item in self.finished(accepted)]

    def delete(self, kind: str, *objects: dict[str, Any]) -> list[dict[str, Any]]:
        """Deletes, waits, and gives each object's response."""
        ids = [each["id"] for each in objects]
        accepted = self.http.post(f"{PROVISIONING}/{kind}/bulk/delete", json={"data": ids})
        return [item["response"] for item in self.finished(accepted)]

    def get(self, path: str, **params: Any) -> httpx2.Response:
        """A GET under the Provisioning API."""
        return self.http.get(PROVISIONING + path, params=params)


def codes(response: dict[str, Any]) -> list[str]:
    """The codes of a response's errors and warnings."""
    return [entry["id"] for entry in response.get("errors", []) + response.get("warnings", [])]
