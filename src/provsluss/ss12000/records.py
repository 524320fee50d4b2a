"""The four kinds of object as Skolverket's Provisioning API 1.3.2 takes them: a subset of SS 12000:2020.

Field names in Python are SS 12000's; `to_json` gives exactly the bytes that are sent. Fields without a value are left
out, because the API has no null. Sources: rules.md 1.2–1.6.
"""

import uuid
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from provsluss.ss12000.code_lists import (
    EDUID_CONTEXT,
    ActivityType,
    DutyRole,
    EmailType,
    GroupType,
    SchoolType,
    SecurityMarking,
)


class Record(BaseModel):
    """Common ground: camelCase in JSON, snake_case in Python, nothing unknown, nothing changed after it is made."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    def to_json(self) -> bytes:
        """The object as compact UTF-8 JSON, the same bytes for the same content."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


class Reference(Record):
    id: uuid.UUID


class CivicNo(Record):
    value: str
    nationality: str = "SE"


class Email(Record):
    value: str
    type: EmailType


class ExternalIdentifier(Record):
    """The staff member's eduID (rules.md P21)."""

    value: str
    context: str = EDUID_CONTEXT
    globally_unique: bool = True


class Enrolment(Record):
    enroled_at: Reference
    school_type: SchoolType
    school_year: Annotated[int, Field(ge=1, le=10)] | None = None
    education_code: str | None = None
    cancelled: bool | None = None


class Person(Record):
    id: uuid.UUID
    given_name: Annotated[str, Field(min_length=1)]
    middle_name: str | None = None
    family_name: Annotated[str, Field(min_length=1)]
    edu_person_principal_names: Annotated[list[str], Field(min_length=1, max_length=1)]
    external_identifiers: Annotated[list[ExternalIdentifier], Field(max_length=1)] | None = None
    security_marking: SecurityMarking = "Ingen"
    civic_no: CivicNo
    emails: list[Email] | None = None
    enrolments: list[Enrolment] | None = None


class Duty(Record):
    id: uuid.UUID
    person: Reference
    duty_at: Reference
    duty_role: DutyRole


class GroupMembership(Record):
    person: Reference


class Group(Record):
    id: uuid.UUID
    display_name: Annotated[str, Field(min_length=1)]
    group_type: GroupType
    school_type: SchoolType
    organisation: Reference
    group_memberships: list[GroupMembership] = []


class DutyAssignment(Record):
    duty: Reference


class Activity(Record):
    id: uuid.UUID
    display_name: Annotated[str, Field(min_length=1)]
    activity_type: ActivityType = "Undervisning"
    groups: Annotated[list[Reference], Field(min_length=1)]
    teachers: list[DutyAssignment] = []
    organisation: Reference
    parent_activity: Reference
