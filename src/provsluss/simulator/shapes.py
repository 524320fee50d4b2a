"""The four kinds of objects as the Provisioning API describes them: attributes, types and code lists.

Attributes that only the server sets (meta, provisioningStatus) and unknown ones are ignored, as the schema allows.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from provsluss.simulator.errors import LogEntry, log_entry

UUID_PATTERN = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"

Kind = Literal["persons", "duties", "groups", "activities"]
KINDS: tuple[Kind, ...] = ("persons", "duties", "groups", "activities")
RESOURCE: dict[Kind, str] = {"persons": "Person", "duties": "Duty", "groups": "Group", "activities": "Activity"}

Id = Annotated[str, StringConstraints(pattern=UUID_PATTERN), AfterValidator(str.lower)]
Text = Annotated[str, StringConstraints(min_length=1)]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
SchoolType = Literal["GR", "SP", "SAM", "GY", "VUXGY"]


class Shape(BaseModel):
    """An object of the API; types are taken literally, so "6" is no school year."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Reference(Shape):
    """A reference to another object."""

    id: Id


class CivicNo(Shape):
    """Personnummer, samordningsnummer or temporary number; the value is checked in checks.py."""

    value: str
    nationality: str = "SE"


class ExternalIdentifier(Shape):
    """The eduID name of a member of staff (rules.md P21)."""

    value: Text
    context: Literal["https://eduid.se"]
    globallyUnique: bool = True


class Email(Shape):
    """One e-mail address."""

    value: Address
    type: Literal["Privat", "Skola elev", "Skola personal", "Arbete övrigt"] | None = None


class Enrolment(Shape):
    """One enrolment (rules.md E1-E4)."""

    enroledAt: Reference
    schoolType: SchoolType
    schoolYear: Annotated[int, Field(ge=1, le=10)] | None = None
    educationCode: str | None = None
    cancelled: bool = False


class Person(Shape):
    """Person (rules.md P1)."""

    id: Id
    givenName: Text
    middleName: str | None = None
    familyName: Text
    eduPersonPrincipalNames: list[str]
    civicNo: CivicNo
    externalIdentifiers: Annotated[list[ExternalIdentifier], Field(max_length=1)] | None = None
    securityMarking: Literal["Ingen", "Sekretessmarkering", "Skyddad folkbokföring"] | None = None
    emails: list[Email] | None = None
    enrolments: list[Enrolment] | None = None


class Duty(Shape):
    """Duty (rules.md D1, D3)."""

    id: Id
    person: Reference
    dutyAt: Reference
    dutyRole: Literal[
        "Rektor",
        "Lärare",
        "Förskollärare",
        "Barnskötare",
        "Bibliotekarie",
        "Lärarassistent",
        "Fritidspedagog",
        "Annan personal",
        "Studie- och yrkesvägledare",
        "Förstelärare",
        "Kurator",
        "Skolsköterska",
        "Skolläkare",
        "Skolpsykolog",
        "Speciallärare/specialpedagog",
        "Skoladministratör",
        "Övrig arbetsledning",
    ]


class GroupMembership(Shape):
    """One pupil in a group."""

    person: Reference


class Group(Shape):
    """Group (rules.md G1)."""

    id: Id
    displayName: Text
    groupType: Literal["Undervisning", "Klass", "Mentor", "Provgrupp", "Schema", "Avdelning", "Personalgrupp", "Övrigt"]
    schoolType: SchoolType
    organisation: Reference
    groupMemberships: list[GroupMembership] | None = None


class DutyAssignment(Shape):
    """One teacher of an activity."""

    duty: Reference


class Activity(Shape):
    """Activity (rules.md A1)."""

    id: Id
    displayName: Text
    activityType: Literal["Undervisning", "Elevaktivitet", "Provaktivitet", "Läraraktivitet", "Övrigt"]
    groups: Annotated[list[Reference], Field(min_length=1)]
    teachers: list[DutyAssignment] | None = None
    organisation: Reference
    parentActivity: Reference


def shape_faults(fault: ValidationError, kind: Kind, object_id: str) -> list[LogEntry]:
    """What is missing or malformed in an object, one LogEntry per attribute, named like `Enrolment.schoolYear`."""
    entries = []
    for error in fault.errors(include_url=False):
        missing = error["type"] == "missing" or error["input"] is None
        entries.append(
            log_entry(
                "3001" if missing else "2012",
                resource=RESOURCE[kind],
                resource_id=object_id,
                attribute=_attribute_name(error["loc"], RESOURCE[kind]),
                attribute_value=None if missing else _short(error["input"]),
            )
        )
    return entries


def _attribute_name(location: tuple[int | str, ...], resource: str) -> str:
    """`("enrolments", 0, "schoolYear")` as `Enrolment.schoolYear`, `("dutyRole",)` as `Duty.dutyRole`."""
    names = [part for part in location if isinstance(part, str)]
    if names and names[0] == "enrolments":
        return ".".join(["Enrolment", *names[1:]])
    return ".".join([resource, *names])


def _short(value: Any) -> str:
    """A value as text, cut so that an answer stays small."""
    return str(value)[:100]
