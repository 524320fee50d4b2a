"""The routes of the Provisioning API 1.3.2, the same eight for each of the four kinds."""

import time
from typing import Any

from fastapi import APIRouter, Request, Response

from provsluss.simulator import bodies
from provsluss.simulator.answers import json_answer
from provsluss.simulator.errors import refusal
from provsluss.simulator.jobs import Job, Operation
from provsluss.simulator.shapes import KINDS, RESOURCE, Kind
from provsluss.simulator.store import Stored
from provsluss.simulator.world import World

_ACCEPTED = (
    "Anropet har tagits emot. Återkoppling görs asynkront. Kontrollera status av asynkrona processen genom att följa "
    "URL-adressen i ’Location’-header."
)


def provisioning_routes(world: World) -> APIRouter:
    """Every endpoint, for all kinds."""
    router = APIRouter()

    @router.get("/alive")
    async def alive() -> Response:
        return Response(status_code=200)

    for kind in KINDS:
        router.include_router(_bulk_routes(world, kind), prefix=f"/{kind}")
        router.include_router(_read_routes(world, kind), prefix=f"/{kind}")
    return router


def _bulk_routes(world: World, kind: Kind) -> APIRouter:
    """Transfers and their job status; must come before the routes with an id in the same place."""
    router = APIRouter()

    async def accept(request: Request, operation: Operation) -> Response:
        body = await bodies.read_object(request, world.dice.faults.max_bytes)
        objects: list[dict[str, Any]]
        if operation == "delete":
            objects = [{"id": key} for key in bodies.ids_in(body, "data", kind, required=True)]
        else:
            objects = bodies.objects_in(body, kind)
        place = f"{request.base_url}provisioning/v1/{kind}"
        job = world.jobs.add(request.state.owner, kind, operation, objects, place)
        headers = {"Location": f"{place}/bulk/jobs/{job.id}"}
        return json_answer(202, {"jobId": job.id, "message": _ACCEPTED}, headers)

    def find(request: Request, key: str) -> Job:
        job_id = bodies.path_id(key, kind)
        job = world.jobs.find(request.state.owner, kind, job_id)
        if job is None:
            raise refusal("4001", parameter="id", parameter_value=job_id, resource=RESOURCE[kind])
        return job

    @router.post("/bulk")
    async def add(request: Request) -> Response:
        return await accept(request, "upsert" if bodies.boolean(request, "updateIfExists") else "create")

    @router.put("/bulk")
    async def update(request: Request) -> Response:
        return await accept(request, "update")

    @router.post("/bulk/delete")
    async def delete(request: Request) -> Response:
        return await accept(request, "delete")

    @router.get("/bulk/jobs/{key}")
    async def job_status(request: Request, key: str) -> Response:
        only_errors = bodies.boolean(request, "showOnlyError")
        return json_answer(200, world.jobs.answer(find(request, key), only_errors))

    @router.get("/bulk/jobs/{key}/isCompleted")
    async def is_completed(request: Request, key: str) -> Response:
        return json_answer(200, find(request, key).items is not None)

    return router


def _read_routes(world: World, kind: Kind) -> APIRouter:
    """List, lookup and by id."""
    router = APIRouter()

    def shown(owner: str, stored: Stored, *, subset: bool = False) -> dict[str, Any]:
        return world.store.shown(owner, kind, stored, time.time(), world.dice.faults.provision_delay, subset=subset)

    @router.get("")
    async def page(request: Request) -> Response:
        owner = request.state.owner
        limit, after = bodies.limit(request), bodies.place_after(request)
        found, place = world.store.page(owner, kind, limit, after)
        token = bodies.page_token(place) if place else None
        return json_answer(200, {"data": [shown(owner, stored, subset=True) for stored in found], "pageToken": token})

    @router.post("/lookup")
    async def lookup(request: Request) -> Response:
        owner = request.state.owner
        body = await bodies.read_object(request, world.dice.faults.max_bytes)
        ids = bodies.ids_in(body, "ids", kind, required=False)
        if kind == "persons":
            civic_numbers, eppns = bodies.texts_in(body, "civicNos"), bodies.texts_in(body, "eduPersonPrincipalNames")
            found = world.store.find_persons(owner, ids, civic_numbers, eppns)
        else:
            named = (world.store.get(owner, kind, key) for key in dict.fromkeys(ids))
            found = [stored for stored in named if stored is not None]
        return json_answer(200, [shown(owner, stored) for stored in found])

    @router.get("/{key}")
    async def by_id(request: Request, key: str) -> Response:
        object_id = bodies.path_id(key, kind)
        stored = world.store.get(request.state.owner, kind, object_id)
        if stored is None:
            raise refusal("4001", parameter="id", parameter_value=object_id, resource=RESOURCE[kind])
        return json_answer(200, shown(request.state.owner, stored))

    return router
