"""Puts the simulator together and runs it on 127.0.0.1."""

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from uvicorn.protocols.http.h11_impl import H11Protocol

from provsluss.simulator.answers import json_answer
from provsluss.simulator.control import control_routes
from provsluss.simulator.errors import Refused, log_entry
from provsluss.simulator.front_door import OPEN_DATA, PROVISIONING, FrontDoor
from provsluss.simulator.methods import KnownMethods
from provsluss.simulator.neighbour import NEIGHBOUR, neighbour_pupils
from provsluss.simulator.opendata import open_data_error, open_data_routes
from provsluss.simulator.options import SimulatorOptions
from provsluss.simulator.provisioning import provisioning_routes
from provsluss.simulator.state_file import StateError, StateFile
from provsluss.simulator.tokens import token_routes
from provsluss.simulator.world import World, new_world

HOST = "127.0.0.1"
_TICK = 0.05


def create_app(options: SimulatorOptions) -> FastAPI:
    """The whole simulator as an ASGI application. Raises StateError when the state file cannot be used."""
    world = new_world(options)
    for pupil in neighbour_pupils():
        world.store.put(NEIGHBOUR, "persons", pupil, time.time())
    state = StateFile(Path(options.state), world) if options.state else None
    if state:
        state.load()

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        ticking = asyncio.create_task(_tick(world, state))
        yield
        ticking.cancel()
        if state:
            state.save()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(provisioning_routes(world), prefix=PROVISIONING)
    app.include_router(open_data_routes(), prefix=OPEN_DATA)
    app.include_router(token_routes(world.tokens))
    app.include_router(control_routes(world))
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(Exception, _unknown_fault)
    app.add_middleware(KnownMethods, api=app, refuse=_no_such)
    app.add_middleware(FrontDoor, world=world)
    return app


async def _tick(world: World, state: StateFile | None) -> None:
    """Carries out jobs and saves the state also when nobody calls."""
    while True:
        await asyncio.sleep(_TICK)
        world.jobs.run_due()
        if state:
            state.save_if_changed()


async def _refused(_request: Request, fault: Exception) -> Response:
    """A call that a route refused."""
    refused = cast(Refused, fault)
    return json_answer(refused.status, refused.entries)


async def _no_route(request: Request, fault: Exception) -> Response:
    """An unknown path."""
    return _no_such(request.url.path, cast(HTTPException, fault).status_code, {})


def _no_such(path: str, status: int, headers: dict[str, str]) -> Response:
    """An unknown path or method, in the error shape of the API it was meant for."""
    if path.startswith(PROVISIONING):
        return json_answer(status, [log_entry({404: "4002", 405: "5005"}.get(status, "5004"))], headers)
    if path.startswith(OPEN_DATA):
        what = "Not found" if status == 404 else "Method not allowed"
        return json_answer(status, open_data_error(status, what), headers)
    return json_answer(status, {"message": "Adressen eller metoden finns inte i simulatorn."}, headers)


async def _unknown_fault(request: Request, _fault: Exception) -> Response:
    """A fault of the simulator's own; uvicorn prints it."""
    if request.url.path.startswith(OPEN_DATA):
        return json_answer(500, open_data_error(500, "Unknown error"))
    return json_answer(500, [log_entry("5004")])


class _AbortableProtocol(H11Protocol):
    """Gives each call its connection, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remembers the connection in what uvicorn hands to every request."""
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


def run(options: SimulatorOptions) -> None:
    """Runs until it is told to stop. Exits with status 2 and a Swedish message when it cannot start."""
    try:
        app = create_app(options)
        listener = listen(options.port)
    except StateError as fault:
        sys.exit(_complain(str(fault)))
    except OSError as fault:
        sys.exit(
            _complain(f"Det går inte att lyssna på {HOST}:{options.port} ({fault.strerror}). Välj en annan --port.")
        )
    config = uvicorn.Config(
        app, http=_AbortableProtocol, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=75
    )
    print(f"Simulatorn lyssnar på http://{HOST}:{listener.getsockname()[1]}", flush=True)  # noqa: T201 - promised to whoever started it
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """A listening socket. Raises OSError when the port is taken.

    The protocol is named because asyncio switches Nagle's delay (40 ms an answer) off only for sockets that do.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _complain(message: str) -> int:
    """Prints why the simulator cannot start; returns the exit status."""
    sys.stderr.write(message + "\n")
    return 2
