"""P13, P21, T6 and what the records themselves refuse: the last gate before Skolverket."""

import uuid
from typing import Any

import pytest
from pydantic import ValidationError

from provsluss.rules.finished_payloads import check_payload
from provsluss.ss12000 import records
from tests.rules.examples import codes


def a_person(**changes: Any) -> records.Person:
    fields: dict[str, Any] = {
        "id": uuid.uuid4(),
        "given_name": "Pippi",
        "family_name": "Långstrump",
        "edu_person_principal_names": ["717e28a83b@exempel.se"],
        "civic_no": {"value": "200901272385"},
    }
    return records.Person.model_validate(fields | changes)


def checked(record: records.Record, max_bytes: int = 200_000) -> list[tuple[str, str]]:
    return codes(check_payload(record, record.to_json(), max_bytes))


def test_a_finished_person_passes() -> None:
    identifier = {"value": "movip-eiral@eduid.se"}
    assert checked(a_person(external_identifiers=[identifier])) == []


def test_another_nationality_than_se_is_an_error() -> None:
    person = a_person(civic_no={"value": "200901272385", "nationality": "SWE"})
    assert checked(person) == [("P13", "error")]


def test_another_context_than_eduid_is_an_error() -> None:
    person = a_person(external_identifiers=[{"value": "x@y.se", "context": "https://exempel.se"}])
    assert checked(person) == [("P21", "error")]


def test_an_object_that_fits_in_no_call_is_an_error() -> None:
    person = a_person()
    exactly = len(b'{"data":[' + person.to_json() + b"]}")
    assert checked(person, exactly) == []
    assert checked(person, exactly - 1) == [("T6", "error")]


def test_the_records_refuse_email_types_and_activity_types_that_skolverket_does_not_support() -> None:
    assert a_person(emails=[{"value": "a@b.se", "type": "Skola elev"}]).emails
    with pytest.raises(ValidationError):
        a_person(emails=[{"value": "a@b.se", "type": "Privat"}])
    reference = {"id": uuid.uuid4()}
    fields = {"id": uuid.uuid4(), "display_name": "Ma", "groups": [reference]}
    fields |= {"organisation": reference, "parent_activity": reference}
    assert records.Activity.model_validate(fields)
    with pytest.raises(ValidationError):
        records.Activity.model_validate(fields | {"activity_type": "Provaktivitet"})
