"""What is checked of duties, groups and activities (rules.md 1.4-1.6)."""

import uuid
from typing import Any

import pytest

from tests.simulator.huvudman import NIL, UPPER_SECONDARY, Huvudman, activity, codes, duty, group, person, staff

NOWHERE = {"id": str(uuid.uuid4())}
CLOSED = {"id": str(uuid.uuid5(NIL, "90099901"))}


def outcome(huvudman: Huvudman, kind: str, wanted: dict[str, Any]) -> tuple[str, list[str]]:
    """Status and codes of one object."""
    [response] = huvudman.sent(kind, wanted)
    return response["status"], codes(response)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"person": NOWHERE}, "4006"),
        ({"dutyAt": NOWHERE}, "4005"),
        ({"dutyAt": CLOSED}, "3010"),
        ({"dutyRole": "Vaktmästare"}, "2012"),
        ({"dutyRole": None}, "3001"),
    ],
)
def test_duties(huvudman: Huvudman, changed: dict[str, Any], code: str) -> None:
    teacher = staff()
    huvudman.sent("persons", teacher)
    assert outcome(huvudman, "duties", duty(teacher, **changed)) == ("Error", [code])


def test_staff_without_an_email_get_no_duty(huvudman: Huvudman) -> None:
    teacher = person(enrolments=[])
    huvudman.sent("persons", teacher)
    assert outcome(huvudman, "duties", duty(teacher)) == ("Error", ["3033"])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"groupType": "Mentor"}, "3030"),
        ({"groupType": "Lag"}, "2012"),
        ({"organisation": NOWHERE}, "4005"),
        ({"schoolType": "GY"}, "3012"),
        ({"displayName": None}, "3001"),
    ],
)
def test_groups(huvudman: Huvudman, changed: dict[str, Any], code: str) -> None:
    assert outcome(huvudman, "groups", group(**changed)) == ("Error", [code])


def test_a_group_may_be_empty(huvudman: Huvudman) -> None:
    bare = group()
    del bare["groupMemberships"]
    assert outcome(huvudman, "groups", bare) == ("Success", [])


def test_unknown_pupils_are_left_out_of_a_group_with_a_warning(huvudman: Huvudman) -> None:
    known, unknown = person(), person()
    huvudman.sent("persons", known)
    team = group(known, unknown)
    [response] = huvudman.sent("groups", team)
    assert (response["status"], response["statusCode"], codes(response)) == ("Warning", 201, ["4016"])
    assert response["warnings"][0]["attributeValue"] == unknown["id"]
    assert huvudman.get(f"/groups/{team['id']}").json()["groupMemberships"] == [{"person": {"id": known["id"]}}]
    huvudman.sent("persons", unknown)
    assert outcome(huvudman, "groups", team) == ("Success", [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"activityType": "Provaktivitet"}, "3031"),
        ({"parentActivity": NOWHERE}, "4009"),
        ({"groups": [NOWHERE]}, "4008"),
        ({"groups": []}, "2012"),
        ({"teachers": [{"duty": NOWHERE}]}, "4007"),
        ({"organisation": NOWHERE}, "4005"),
    ],
)
def test_activities(huvudman: Huvudman, changed: dict[str, Any], code: str) -> None:
    team = group()
    huvudman.sent("groups", team)
    assert outcome(huvudman, "activities", activity(team, **changed)) == ("Error", [code])


def test_every_fault_of_an_object_is_told(huvudman: Huvudman) -> None:
    team = group(groupType="Mentor", organisation={"id": UPPER_SECONDARY})
    assert outcome(huvudman, "groups", team) == ("Error", ["3030", "3012"])
