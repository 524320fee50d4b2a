"""Puts the simulated register together and runs it on 127.0.0.1."""

import asyncio
import contextlib
import json
import random
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from provsluss.simulator.answers import json_answer
from provsluss.simulator.school_register.changes import CHANGES
from provsluss.simulator.school_register.dirt import DIRT, spread
from provsluss.simulator.school_register.door import Door
from provsluss.simulator.school_register.faults import FAULTS, Fault
from provsluss.simulator.school_register.lists import DEFAULT_LIMIT, BadQuestion, Lists, Replaced
from provsluss.simulator.school_register.options import RegisterOptions
from provsluss.simulator.school_register.school import KINDS, make_school
from provsluss.simulator.school_register.store import Store
from provsluss.simulator.server import HOST, listen

BASE = "/v2.0"
_HANGS = 3600.0
_HUGE = 33_000_000
_FITS = 50


class Register:
    """The register: what it holds, what goes wrong with it, and what has been asked of it."""

    def __init__(self, options: RegisterOptions) -> None:
        school = make_school(options.pupils, options.seed)
        spread(school, options.dirt, options.seed)
        self.options = options
        self.store = Store(school)
        self.lists = Lists(self.store)
        self.door = Door(options)
        self.fault = Fault(options.fault)
        self.dirt = list(options.dirt)
        self.calls: list[str] = []
        self.dice = random.Random(options.seed)  # noqa: S311 - repeatable on purpose, guards nothing


def create_app(options: RegisterOptions) -> FastAPI:
    """The whole register as an ASGI application."""
    register = Register(options)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.register = register

    @app.post("/token")
    @app.post(BASE + "/token")
    async def token(request: Request) -> Response:
        register.calls.append("POST token")
        given = register.door.token(request.headers, await request.body())
        return json_answer(200, given) if given else json_answer(401, {"error": "invalid_client"})

    @app.get(BASE + "/deletedEntities")
    async def deleted(request: Request) -> Response:
        return await _answered(register, request, lambda: _deleted(register, request))

    @app.post(BASE + "/{kind}/lookup")
    async def lookup(kind: str, request: Request) -> Response:
        wanted = json.loads(await request.body() or b"{}")
        ids = [str(one).lower() for one in wanted.get("ids", ())]
        found = [register.store.shown(kind, one) for one in ids] if kind in KINDS else []
        return await _answered(register, request, lambda: json_answer(200, [one for one in found if one]))

    @app.get(BASE + "/{kind}/{object_id}")
    async def one(kind: str, object_id: str, request: Request) -> Response:
        found = register.store.shown(kind, object_id.lower()) if kind in KINDS else None
        return await _answered(
            register, request, lambda: json_answer(200, found) if found else Response(status_code=404)
        )

    @app.get(BASE + "/{kind}")
    async def page(kind: str, request: Request) -> Response:
        return await _answered(register, request, lambda: _page(register, kind, request))

    _add_control(app, register)
    return app


def _page(register: Register, kind: str, request: Request) -> Response:
    if kind not in KINDS or kind in register.options.without:
        return Response(status_code=404)
    try:
        return json_answer(200, register.lists.page(kind, request.query_params))
    except BadQuestion as problem:
        return _error(400, "BAD_REQUEST", str(problem))
    except Replaced:
        return _error(410, "NEW_DATA_RESTART_FROM_FIRST_PAGE", "The data set was replaced")


def _deleted(register: Register, request: Request) -> Response:
    if "deletedEntities" in register.options.without:
        return Response(status_code=404)
    try:
        after = datetime.fromisoformat(request.query_params.get("after", "1970-01-01T00:00:00Z")).timestamp()
    except ValueError:
        return _error(400, "BAD_REQUEST", "after")
    kinds = [one for one in request.query_params.getlist("entities") if one in KINDS] or KINDS
    return json_answer(200, {"data": register.store.deleted_after(kinds, after), "pageToken": None})


def _error(status: int, code: str, message: str) -> Response:
    return json_answer(status, {"code": code, "message": message})


async def _answered(register: Register, request: Request, answer: Any) -> Response:
    """What a call is answered: by the door, by the fault in force, or as it should be."""
    query = request.url.query
    register.calls.append(f"{request.method} {request.url.path.removeprefix(BASE)}{f'?{query}' if query else ''}")
    name = register.fault.strikes(request.url.path)
    if name == "token-ends":
        register.door.end_tokens()
    if not register.door.lets_in(request.headers) or name == "refused":
        return _error(401, "UNAUTHORIZED", "Not let in")
    if name and (struck := await _struck(name, request, answer)):
        return struck
    response: Response = answer()
    return response


async def _struck(name: str, request: Request, answer: Any) -> Response | None:
    """The answer that the fault gives; None where the call is answered as it should be."""
    query = request.query_params
    match name:
        case "bad-filter":
            return _error(400, "BAD_FILTER", "Unknown filter") if "meta.modified.after" in query else None
        case "bad-request":
            return _error(400, "BAD_REQUEST", "No")
        case "missing":
            return Response(status_code=404)
        case "replaced":
            return _error(410, "NEW_DATA_RESTART_FROM_FIRST_PAGE", "Replaced") if "pageToken" in query else None
        case "busy":
            return json_answer(429, {"code": "TOO_MANY", "message": "Slow down"}, {"Retry-After": "1"})
        case "down":
            return _error(503, "source_unavailable", "Down")
        case "too-large":
            asked = (
                len((await request.json())["ids"])
                if request.method == "POST"
                else int(query.get("limit", DEFAULT_LIMIT))
            )
            return _error(503, "TOO_LARGE", "Answer too large") if asked > _FITS else None
        case "forbidden":
            return _error(403, "FORBIDDEN", "Not that part")
        case "same-page":
            if query.get("pageToken") == "again":
                return json_answer(200, {"data": [], "pageToken": "again"})
            return json_answer(200, json.loads(bytes(answer().body)) | {"pageToken": "again"})
        case "endless":
            return json_answer(200, {"data": [], "pageToken": f"page-{random.random()}"})  # noqa: S311 - any other
        case "no-json":
            return Response("<!DOCTYPE html><title>Driftstopp</title>", media_type="text/html")
        case "other-json":
            return json_answer(200, {"message": "välkommen"})
        case "huge":
            return StreamingResponse(_huge(), media_type="application/json")
        case "redirect":
            return RedirectResponse("https://example.com/", 302)
        case "hang":
            await asyncio.sleep(_HANGS)
        case "drop":
            return StreamingResponse(_broken(), media_type="application/json", headers={"Content-Length": "1000"})
        case "empty":
            return json_answer(200, {"data": [], "pageToken": None})
        case "strange-objects":
            content = json.loads(bytes(answer().body))
            return json_answer(200, content | {"data": [*content["data"], "text", {"id": None}, {"namn": "utan id"}]})
    return None


async def _huge() -> AsyncIterator[bytes]:
    yield b'{"data": ["'
    for _ in range(_HUGE // 1_000_000):
        yield b"x" * 1_000_000
    yield b'"]}'


async def _broken() -> AsyncIterator[bytes]:
    yield b'{"data": ['
    raise ConnectionResetError


def _add_control(app: FastAPI, register: Register) -> None:
    """The simulator's own calls: what it holds, dirt, faults and changes."""

    @app.get("/control")
    async def control() -> Response:
        held = {kind: len(objects) for kind, objects in register.store.school.objects.items()}
        return json_answer(
            200, {"objects": held, "dirt": register.dirt, "fault": register.fault.as_json(), "calls": register.calls}
        )

    @app.post("/control/reset")
    async def reset() -> Response:
        register.calls.clear()
        register.fault = Fault()
        return json_answer(200, {})

    @app.post("/control/fault")
    async def fault(request: Request) -> Response:
        wanted = await request.json()
        if not isinstance(wanted, dict) or wanted.get("name", "") not in ("", *FAULTS):
            return json_answer(400, {"message": "Okänt fel."})
        register.fault = Fault(**wanted)
        return json_answer(200, register.fault.as_json())

    @app.post("/control/dirt")
    async def dirt(request: Request) -> Response:
        wanted = await request.json()
        if not isinstance(wanted, list) or any(one not in DIRT for one in wanted):
            return json_answer(400, {"message": "Okänt slag av smuts."})
        spread(register.store.school, wanted, register.options.seed)
        register.store.touch_all()
        register.dirt += wanted
        return json_answer(200, register.dirt)

    @app.post("/control/change")
    async def change(request: Request) -> Response:
        wanted = await request.json()
        if not isinstance(wanted, dict) or wanted.get("name") not in CHANGES:
            return json_answer(400, {"message": "Okänd ändring."})
        changed = CHANGES[wanted["name"]](register.store, register.dice, int(wanted.get("count", 1)))
        return json_answer(200, {"changed": changed})


def run(options: RegisterOptions) -> None:
    """Runs until it is told to stop. Exits with status 2 and a Swedish message when it cannot start."""
    try:
        listener = listen(options.port)
    except OSError as fault:
        sys.stderr.write(
            f"Det går inte att lyssna på {HOST}:{options.port} ({fault.strerror}). Välj en annan --port.\n"
        )
        sys.exit(2)
    config = uvicorn.Config(create_app(options), log_level="critical", access_log=False, server_header=False)
    address = f"http://{HOST}:{listener.getsockname()[1]}{BASE}"
    print(f"Elevregistret svarar på {address}", flush=True)  # noqa: T201 - promised to whoever started it
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
