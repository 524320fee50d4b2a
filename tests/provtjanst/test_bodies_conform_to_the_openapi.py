"""What we send is what Skolverket's OpenAPI describes, and the calls we make are ones it has."""

import json
import uuid
from pathlib import Path
from typing import Any

import jsonschema_rs  # comes with schemathesis
import pytest
import yaml

from provsluss.provtjanst.packing import body_of
from provsluss.ss12000.code_lists import DUTY_ROLES, KINDS
from provsluss.ss12000.records import (
    Activity,
    CivicNo,
    Duty,
    DutyAssignment,
    Email,
    Enrolment,
    ExternalIdentifier,
    Group,
    GroupMembership,
    Person,
    Record,
    Reference,
)

pytestmark = pytest.mark.shared


def reference() -> Reference:
    return Reference(id=uuid.uuid4())


def person(**more: object) -> Person:
    return Person.model_validate(
        {
            "id": uuid.uuid4(),
            "given_name": "Åsa",
            "family_name": "Öberg",
            "edu_person_principal_names": ["a1@edu.example"],
            "civic_no": CivicNo(value="20090101TF12"),
            **more,
        }
    )


RECORDS: dict[str, list[Record]] = {
    "persons": [
        person(),
        person(
            middle_name="Maria",
            security_marking="Skyddad folkbokföring",
            emails=[Email(value="a@edu.example", type="Skola personal")],
            external_identifiers=[ExternalIdentifier(value="movip-eiral@eduid.se")],
        ),
        person(
            enrolments=[
                Enrolment(enroled_at=reference(), school_type="GR", school_year=6, cancelled=False),
                Enrolment(enroled_at=reference(), school_type="GY", education_code="EKJURV"),
            ]
        ),
    ],
    "duties": [
        Duty.model_validate({"id": uuid.uuid4(), "person": reference(), "duty_at": reference(), "duty_role": role})
        for role in DUTY_ROLES
    ],
    "groups": [
        Group(
            id=uuid.uuid4(),
            display_name="6A",
            group_type=group_type,
            school_type="SAM",
            organisation=reference(),
            group_memberships=members,
        )
        for group_type, members in (("Klass", []), ("Undervisning", [GroupMembership(person=reference())]))
    ],
    "activities": [
        Activity(
            id=uuid.uuid4(),
            display_name="6A matematik",
            groups=[reference()],
            teachers=[DutyAssignment(duty=reference())],
            organisation=reference(),
            parent_activity=reference(),
        )
    ],
}


@pytest.fixture(scope="module")
def openapi(shared: Path) -> dict[str, Any]:
    return yaml.safe_load((shared / "skolverket" / "dnp-provisioning-api.yaml").read_text(encoding="utf-8"))


def check(openapi: dict[str, Any], path: str, body: bytes) -> None:
    """Validate a body against the schema of POST `path`."""
    schema = openapi["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": openapi["components"]}
    jsonschema_rs.Draft4Validator(whole, validate_formats=True).validate(json.loads(body))


@pytest.mark.parametrize("kind", KINDS)
def test_bulk_bodies(openapi: dict[str, Any], kind: str) -> None:
    check(openapi, f"/{kind}/bulk", body_of(record.to_json() for record in RECORDS[kind]))
    check(openapi, f"/{kind}/bulk/delete", body_of([f'"{uuid.uuid4()}"'.encode()]))
    check(openapi, f"/{kind}/lookup", b'{"ids":["%s"]}' % str(uuid.uuid4()).encode())


def _properties(openapi: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        schema = openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema.get("properties", {}))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_sent_that_the_schema_does_not_know(openapi: dict[str, Any], kind: str) -> None:
    name = {"persons": "Person", "duties": "Duty", "groups": "Group", "activities": "Activity"}[kind]
    schema = openapi["components"]["schemas"][name]
    known = {field for part in [schema, *schema.get("allOf", [])] for field in _properties(openapi, part)}
    for record in RECORDS[kind]:
        assert set(json.loads(record.to_json())) <= known


def test_the_check_itself_can_fail(openapi: dict[str, Any]) -> None:
    with pytest.raises(jsonschema_rs.ValidationError):
        check(openapi, "/persons/bulk", b'{"data":[{"id":"x"}]}')


@pytest.mark.parametrize("kind", KINDS)
def test_the_calls_exist(openapi: dict[str, Any], kind: str) -> None:
    paths = openapi["paths"]
    assert "updateIfExists" in json.dumps(openapi["components"]["parameters"]["UpdateIfExists"])
    assert {"$ref": "#/components/parameters/UpdateIfExists"} in paths[f"/{kind}/bulk"]["post"]["parameters"]
    for path in (f"/{kind}/bulk/jobs/{{id}}", f"/{kind}/bulk/jobs/{{id}}/isCompleted"):
        assert "get" in paths[path]
