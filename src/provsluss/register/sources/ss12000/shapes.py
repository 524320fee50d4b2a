"""What we keep of each object: guardians, addresses, telephone numbers and photographs are dropped while it is read.

Lenient where registers differ from the standard, and each name as SS 12000:2020 has it.
"""

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field


def _as_text(value: Any) -> Any:
    return "" if value is None else str(value).strip() if isinstance(value, str | int | float) else value


def _as_id(value: Any) -> Any:
    """A reference is {"id": …}, or the id itself. Upper-case ids are the same ids."""
    if isinstance(value, dict):
        value = value.get("id")
    return _as_text(value).lower() if isinstance(value, str | int | None) else value


def _as_list(value: Any) -> Any:
    return [] if value is None else value if isinstance(value, list) else [value]


def _as_day(value: Any) -> Any:
    return str(value)[:10] if value else ""


Text = Annotated[str, BeforeValidator(_as_text)]
Id = Annotated[str, BeforeValidator(_as_id)]
Day = Annotated[str, BeforeValidator(_as_day)]
"""YYYY-MM-DD, empty for none: such are compared as texts."""
Ids = Annotated[list[Id], BeforeValidator(_as_list)]


class Shape(BaseModel):
    """What is not named is not kept."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Dated(Shape):
    """What holds from one day to another, both included; empty is open."""

    startDate: Day = ""
    endDate: Day = ""


class Named(Shape):
    """One object of a list."""

    id: Id = Field(min_length=1)


class Organisation(Named):
    """A school, a school unit or something above them."""

    displayName: Text = ""
    organisationType: Text = ""
    schoolUnitCode: Text = ""
    parentOrganisation: Id = ""
    schoolTypes: Annotated[list[Text], BeforeValidator(_as_list)] = []


class Enrolment(Dated):
    """A pupil's place."""

    enroledAt: Id = Field("", validation_alias=AliasChoices("enroledAt", "enrolledAt"))
    schoolType: Text = ""
    schoolYear: int | None = None
    educationCode: Text = ""
    programme: Id = ""
    cancelled: bool | None = None


class Email(Shape):
    value: Text = ""
    type: Text = ""


class CivicNo(Shape):
    value: Text = ""


class Identifier(Shape):
    value: Text = ""
    context: Text = ""


class Person(Named):
    """A pupil, a member of staff, or somebody who is neither."""

    givenName: Text = ""
    middleName: Text = ""
    familyName: Text = ""
    civicNo: CivicNo | None = None
    birthDate: Day = ""
    eduPersonPrincipalNames: Annotated[list[Text], BeforeValidator(_as_list)] = []
    externalIdentifiers: Annotated[list[Identifier], BeforeValidator(_as_list)] = []
    emails: Annotated[list[Email], BeforeValidator(_as_list)] = []
    personStatus: Text = ""
    securityMarking: Text = ""
    enrolments: Annotated[list[Enrolment], BeforeValidator(_as_list)] = []


class Duty(Named, Dated):
    """A person's work at a school unit."""

    person: Id = ""
    dutyAt: Id = ""
    dutyRole: Text = ""
    description: Text = ""


class Membership(Dated):
    person: Id = ""


class Group(Named, Dated):
    """A class or a teaching group, with its members."""

    displayName: Text = ""
    groupType: Text = ""
    schoolType: Text = ""
    organisation: Id = ""
    groupMemberships: Annotated[list[Membership], BeforeValidator(_as_list)] = []


class Teacher(Dated):
    duty: Id = ""
    person: Id = ""


class Activity(Named, Dated):
    """That teachers teach groups a subject."""

    displayName: Text = ""
    activityType: Text = ""
    organisation: Id = ""
    groups: Ids = []
    teachers: Annotated[list[Teacher], BeforeValidator(_as_list)] = []
    syllabus: Id = ""
    parentActivity: Id = ""
    subject: dict[str, Any] | None = None


class Syllabus(Named):
    """A subject or a course."""

    subjectCode: Text = ""
    subjectName: Text = ""
    courseCode: Text = ""
    courseName: Text = ""
    subjectDesignation: Text = ""
    languageCode: Text = ""
    startSchoolYear: int | None = None
    endSchoolYear: int | None = None


class Programme(Named):
    """What is studied; its code is the studievägskod."""

    code: Text = ""


SHAPES: dict[str, type[Named]] = {
    "organisations": Organisation,
    "programmes": Programme,
    "syllabuses": Syllabus,
    "persons": Person,
    "duties": Duty,
    "groups": Group,
    "activities": Activity,
}
"""The lists that are read, in that order."""
NEEDED = ("organisations", "persons", "duties", "groups")
"""Without one of them there is nothing to read; the others need not be there (SS 12000: no provider must have all)."""
