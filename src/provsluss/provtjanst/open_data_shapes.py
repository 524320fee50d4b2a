"""What the open-data API's answers hold, read tolerantly: only ids and codes must be there (rules.md 1.8)."""

import uuid
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel


def _none_if_odd(value: object, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(value)
    except ValidationError:
        return None


Maybe = WrapValidator(_none_if_odd)
"""For a field that may be missing or odd without making the rest worthless."""


class OpenData(BaseModel):
    """Common ground: camelCase outside, unknown fields ignored."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


def objects(value: object) -> list[object]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


class SchoolYear(OpenData):
    school_year: Annotated[int | None, Maybe] = None
    dnp_status: Annotated[bool | None, Maybe] = None


class SchoolTypeAtUnit(OpenData):
    school_type: Annotated[str | None, Maybe] = None
    dnp_status: Annotated[bool | None, Maybe] = None
    school_years: Annotated[list[SchoolYear], BeforeValidator(objects)] = []


class ParentOrganisation(OpenData):
    organisation_number: Annotated[str | None, Maybe] = None


class SchoolUnit(OpenData):
    """A skolenhet. `dnp_status`: whether it exists in provtjänsten (rules.md O2)."""

    id: uuid.UUID
    school_unit_code: str
    display_name: Annotated[str | None, Maybe] = None
    status: Annotated[str | None, Maybe] = None
    dnp_status: Annotated[bool | None, Maybe] = None
    school_types: Annotated[list[SchoolTypeAtUnit], BeforeValidator(objects)] = []
    municipality_name: Annotated[str | None, Maybe] = None
    parent_organisation: Annotated[ParentOrganisation | None, Maybe] = None


class Organisation(OpenData):
    """A huvudman, with its school units when they were asked for (`school_units` is read one by one, see below)."""

    id: uuid.UUID
    organisation_number: str
    display_name: Annotated[str | None, Maybe] = None
    status: Annotated[str | None, Maybe] = None
    school_units: Annotated[list[SchoolUnit], BeforeValidator(lambda value: readable(SchoolUnit, value))] = []


class Programme(OpenData):
    """A studieväg (rules.md E4)."""

    id: uuid.UUID
    education_code: str
    display_name: Annotated[str | None, Maybe] = None
    school_type: Annotated[str | None, Maybe] = None
    status: Annotated[str | None, Maybe] = None
    valid_from: Annotated[datetime | None, Maybe] = None


class NationalTest(OpenData):
    """A national test or bedömningsstöd, called Activity in this API (rules.md section 3)."""

    id: uuid.UUID
    display_name: Annotated[str, Field(min_length=1)]
    school_type: Annotated[str | None, Maybe] = None
    school_year: Annotated[int | None, Maybe] = None
    comment: Annotated[str | None, Maybe] = None


T = TypeVar("T", bound=OpenData)


def readable(shape: type[T], value: object) -> list[T]:
    """Those elements of a JSON array that have the shape; one odd element must not hide the others."""
    found = []
    for part in objects(value):
        try:
            found.append(shape.model_validate(part))
        except ValidationError:
            continue
    return found
