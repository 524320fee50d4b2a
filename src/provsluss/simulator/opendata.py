"""The open-data API: organisers, school units, programmes, national tests (rules.md O1-O3). No token, no limits."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from fastapi import APIRouter, Request, Response

from provsluss.simulator.answers import json_answer
from provsluss.simulator.national_tests import NATIONAL_TESTS
from provsluss.simulator.programmes import PROGRAMMES
from provsluss.simulator.shapes import UUID_PATTERN
from provsluss.simulator.sweden import ORGANISATIONS, SCHOOL_UNITS, Organisation

_UUID = re.compile(UUID_PATTERN)
_ORGANISATIONS_BY_ID = {organisation.id: organisation for organisation in ORGANISATIONS.values()}
_UNITS_BY_CODE = {unit.code: unit for unit in SCHOOL_UNITS.values()}
_PROGRAMMES_BY_ID = {programme.id: programme for programme in PROGRAMMES.values()}


class _Shown(Protocol):
    """Something the API can show."""

    def as_json(self) -> dict[str, Any]: ...


def open_data_error(code: int, message: str) -> dict[str, object]:
    """The API's error shape, which differs from the Provisioning API's (rules.md O3)."""
    return {"code": code, "message": message, "timeStamp": datetime.now(UTC).isoformat(timespec="seconds")}


def _found(known: Mapping[str, _Shown], key: str, name: str, *, is_id: bool) -> Response:
    """The object under a key, 404 when there is none, 400 when an id is no UUID."""
    if is_id and not _UUID.fullmatch(key):
        return json_answer(400, open_data_error(400, "Invalid parameter: id"))
    thing = known.get(key.lower() if is_id else key)
    if thing is None:
        return json_answer(404, open_data_error(404, f"{name} not found"))
    return json_answer(200, thing.as_json())


def _organisation(request: Request, known: Mapping[str, Organisation], key: str, *, is_id: bool) -> Response:
    """An organisation, with its school units when the query asks for them."""
    expand = request.query_params.get("expandSchoolUnits", "false")
    if expand not in ("true", "false"):
        return json_answer(400, open_data_error(400, "Invalid parameter: expandSchoolUnits"))
    if is_id and not _UUID.fullmatch(key):
        return json_answer(400, open_data_error(400, "Invalid parameter: id"))
    organisation = known.get(key.lower() if is_id else key)
    if organisation is None:
        return json_answer(404, open_data_error(404, "Organisation not found"))
    return json_answer(200, organisation.as_json(expand == "true"))


def open_data_routes() -> APIRouter:
    """Every endpoint of the open-data API."""
    router = APIRouter()

    @router.get("/alive")
    async def alive() -> Response:
        return Response(status_code=200)

    @router.get("/organisations/code/{code}")
    async def organisation_by_code(request: Request, code: str) -> Response:
        return _organisation(request, ORGANISATIONS, code, is_id=False)

    @router.get("/organisations/{key}")
    async def organisation_by_id(request: Request, key: str) -> Response:
        return _organisation(request, _ORGANISATIONS_BY_ID, key, is_id=True)

    @router.get("/schoolUnits/code/{code}")
    async def school_unit_by_code(code: str) -> Response:
        return _found(_UNITS_BY_CODE, code, "School unit", is_id=False)

    @router.get("/schoolUnits/{key}")
    async def school_unit_by_id(key: str) -> Response:
        return _found(SCHOOL_UNITS, key, "School unit", is_id=True)

    @router.get("/programmes")
    async def programmes() -> Response:
        return json_answer(200, [programme.as_json() for programme in PROGRAMMES.values()])

    @router.get("/programmes/code/{code}")
    async def programme_by_code(code: str) -> Response:
        return _found(PROGRAMMES, code, "Programme", is_id=False)

    @router.get("/programmes/{key}")
    async def programme_by_id(key: str) -> Response:
        return _found(_PROGRAMMES_BY_ID, key, "Programme", is_id=True)

    @router.get("/activities")
    async def activities() -> Response:
        return json_answer(200, [test.as_json() for test in NATIONAL_TESTS.values()])

    @router.get("/activities/{key}")
    async def activity_by_id(key: str) -> Response:
        return _found(NATIONAL_TESTS, key, "Activity", is_id=True)

    return router
