"""The simulator's own pages, which Skolverket does not have: faults, counters and what is stored."""

import hashlib
import json
import time
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from provsluss.simulator.answers import json_answer
from provsluss.simulator.neighbour import NEIGHBOUR
from provsluss.simulator.shapes import KINDS, Kind
from provsluss.simulator.world import World


def control_routes(world: World) -> APIRouter:
    """`/faults`, `/log`, `/log/reset` and `/stored`; no token, since only the own machine can call."""
    router = APIRouter()

    @router.get("/faults")
    async def faults() -> Response:
        return json_answer(200, world.dice.shown())

    @router.post("/faults")
    async def change_faults(request: Request) -> Response:
        try:
            wanted = json.loads(await request.body())
            if not isinstance(wanted, dict):
                return json_answer(400, {"message": "Innehållet ska vara ett JSON-objekt med växlar."})
            world.dice.change(wanted)
        except ValidationError as fault:
            names = ", ".join(".".join(str(part) for part in error["loc"]) for error in fault.errors())
            return json_answer(400, {"message": f"Okänd växel eller otillåtet värde: {names}."})
        except (ValueError, RecursionError):
            return json_answer(400, {"message": "Innehållet är inte JSON."})
        return json_answer(200, world.dice.shown())

    @router.get("/log")
    async def log() -> Response:
        return json_answer(200, {**world.log.shown(), "finished": dict(world.jobs.finished)})

    @router.post("/log/reset")
    async def reset_log() -> Response:
        world.log.reset()
        world.jobs.finished.clear()
        return json_answer(200, {"message": "Räknarna är nollställda."})

    @router.get("/stored")
    async def stored() -> Response:
        counts = {kind: _count(world, kind) for kind in KINDS}
        digests = {kind: _digest(world, kind) for kind in KINDS}
        return json_answer(200, {**counts, "provisioned": _arrived(world), "digests": digests})

    return router


def _count(world: World, kind: Kind) -> int:
    """How many objects clients have stored; the made-up neighbour's are not counted."""
    return sum(len(owner.objects[kind]) for name, owner in world.store.owners.items() if name != NEIGHBOUR)


def _digest(world: World, kind: Kind) -> str:
    """A fingerprint of what clients have stored of a kind, whatever the order and times it came in."""
    objects = sorted(
        json.dumps(stored.data, sort_keys=True)
        for name, owner in world.store.owners.items()
        if name != NEIGHBOUR
        for stored in owner.objects[kind].values()
    )
    return hashlib.sha256("\n".join(objects).encode()).hexdigest()


def _arrived(world: World) -> dict[str, Any]:
    """How many of them are in the test platform by now."""
    now, delay = time.time(), world.dice.faults.provision_delay
    return {
        kind: sum(
            world.store.is_provisioned(name, kind, stored, now, delay)
            for name, owner in tuple(world.store.owners.items())
            if name != NEIGHBOUR
            for stored in owner.objects[kind].values()
        )
        for kind in KINDS
    }
