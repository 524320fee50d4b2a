"""What Skolverket answers, read tolerantly: unknown fields are ignored, missing or odd ones become empty.

The shapes are LogEntry and AsynchronousResponse of the Provisioning API (rules.md section 2 and T12). A field that
breaks the published contract must never lose the objects beside it, so each part falls back to "nothing" on its own.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from provsluss.ss12000.ids import as_uuid


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _number_or_none(value: object, validate: ValidatorFunctionWrapHandler) -> int | None:
    try:
        number: int | None = validate(value)
    except ValidationError:
        return None
    return number


def _only_objects(value: object) -> list[object]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


Text = Annotated[str, BeforeValidator(_text)]
LowerText = Annotated[str, BeforeValidator(lambda value: _text(value).lower())]
Number = Annotated[int | None, WrapValidator(_number_or_none)]


class LogEntry(BaseModel):
    """One of Skolverket's error or warning messages. `value` is whatever JSON value was sent back."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    code: Text = Field(default="", alias="id")
    status_code: Number = Field(default=None, alias="statusCode")
    message_type: Text = Field(default="", alias="messageType")
    message: Text = ""
    parameter: Text = Field(default="", alias="parameterName")
    parameter_value: Any = Field(default=None, alias="parameterValue")
    resource_type: Text = Field(default="", alias="resourceType")
    resource_id: LowerText = Field(default="", alias="resourceId")
    attribute: Text = Field(default="", alias="attributeName")
    value: Any = Field(default=None, alias="attributeValue")
    severity: Text = Field(default="", alias="severityLevel")


Entries = Annotated[list[LogEntry], BeforeValidator(_only_objects)]


class _Item(BaseModel):
    """One element of `responses`, with what lies inside `response` lifted up."""

    model_config = ConfigDict(extra="ignore")

    id: LowerText = ""
    status: Text = Field(default="", validation_alias=AliasPath("response", "status"))
    status_code: Number = Field(default=None, validation_alias=AliasPath("response", "statusCode"))
    errors: Entries = Field(default=[], validation_alias=AliasPath("response", "errors"))
    warnings: Entries = Field(default=[], validation_alias=AliasPath("response", "warnings"))


@dataclass(frozen=True, slots=True)
class JobItem:
    """One object's fate in a job. `status` is Pending, Success, Error, Warning, TemporaryError or something new."""

    object_id: str
    status: str
    status_code: int | None
    entries: list[LogEntry]


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """A job's whole answer: as it came, and read."""

    raw: bytes
    items: list[JobItem]


_ENTRIES: TypeAdapter[list[LogEntry]] = TypeAdapter(Entries)


def log_entries(document: object) -> list[LogEntry]:
    """The LogEntry array of a refused call; a single object counts as an array of one, anything else as none."""
    return _ENTRIES.validate_python([document] if isinstance(document, dict) else document)


def job_items(document: object) -> list[JobItem] | None:
    """The items of an AsynchronousResponse; None if the document is not one. Items without an id are left out.

    A missing severity is filled in from the list that the entry stood in. A missing status is "Pending", as the OpenAPI
    says.
    """
    responses = document.get("responses") if isinstance(document, dict) else None
    if not isinstance(responses, list):
        return None
    items = []
    for part in _only_objects(responses):
        item = _Item.model_validate(part)
        if not item.id:
            continue
        entries = [_with_severity(entry, "Error") for entry in item.errors]
        entries += [_with_severity(entry, "Warning") for entry in item.warnings]
        items.append(JobItem(item.id, item.status or "Pending", item.status_code, entries))
    return items


def _with_severity(entry: LogEntry, severity: str) -> LogEntry:
    return entry if entry.severity else entry.model_copy(update={"severity": severity})


def fates(items: Iterable[JobItem]) -> dict[uuid.UUID, JobItem]:
    """What has become of each object; those that are only pending are left out.

    Should an answer speak of an object twice, the worst counts, with everything that was said: an object that may have
    been refused must not be shown as received, and sending it once more is harmless.
    """
    found: dict[uuid.UUID, JobItem] = {}
    for item in items:
        object_id = as_uuid(item.object_id)
        if object_id is None or item.status == "Pending":
            continue
        earlier = found.get(object_id)
        found[object_id] = item if earlier is None else _worst_of(earlier, item)
    return found


_FROM_GOOD_TO_BAD = ("Success", "Warning", "TemporaryError", "Error")


def _worst_of(one: JobItem, other: JobItem) -> JobItem:
    worst = max(one, other, key=_gravity)
    entries = [*one.entries, *(entry for entry in other.entries if entry not in one.entries)]
    return JobItem(worst.object_id, worst.status, worst.status_code, entries)


def _gravity(item: JobItem) -> int:
    """A status that we do not know is as bad as an error."""
    known = item.status in _FROM_GOOD_TO_BAD
    return _FROM_GOOD_TO_BAD.index(item.status) if known else len(_FROM_GOOD_TO_BAD) - 1
