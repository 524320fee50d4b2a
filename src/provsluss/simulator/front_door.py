"""What happens to a call before it reaches a route: counting, faults, limits and the token."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provsluss.simulator.answers import json_answer
from provsluss.simulator.errors import log_entry
from provsluss.simulator.limits import Quota
from provsluss.simulator.opendata import open_data_error
from provsluss.simulator.shapes import KINDS
from provsluss.simulator.world import World

PROVISIONING = "/provisioning/v1"
OPEN_DATA = "/open-data/v1"
_HTML = b"<!DOCTYPE html><html><head><title>Driftstopp</title></head><body><h1>Ett fel uppstod</h1></body></html>"


class FrontDoor:
    """ASGI middleware around all routes."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        """`app` answers what is let through."""
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets one call through, or answers it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        world, path = self._world, scope["path"]
        world.log.called(scope["method"], path)
        counted = self._counting(send)
        world.jobs.run_due()
        if path.startswith(PROVISIONING + "/"):
            with world.log.under_way():
                await self._provisioning(scope, receive, counted)
        elif world.dice.is_down() and path.startswith(OPEN_DATA):
            await _answer(scope, receive, counted, 503, open_data_error(503, "Service unavailable"))
        elif world.dice.is_down() and path == "/transaction":
            await _answer(scope, receive, counted, 503, {"detail": "service unavailable"})
        else:
            await self._app(scope, receive, counted)

    async def _provisioning(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The Provisioning API's own order: down, limits, faults, token."""
        world = self._world
        faults = world.dice.faults
        quota = self._quota(scope)
        send = _slowed(_with_headers(send, quota.headers(faults.fractional_reset)), faults.answer_delay)
        if world.dice.is_down():
            await _refuse(scope, receive, send, "5022")
        elif world.dice.is_storming() or not quota.allowed:
            await _refuse(scope, receive, send, "5021")
        elif world.dice.happens(faults.drop_share):
            await self._drop(scope, receive, send)
        elif world.dice.happens(faults.fail_share):
            await _refuse(scope, receive, send, "5022")
        elif world.dice.happens(faults.html_share):
            await _html(receive, send, 200 if world.dice.happens(0.5) else 502)
        else:
            await self._with_token(scope, receive, send)

    async def _with_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A call without a valid token is refused with 403 (not 401); `/alive` needs none."""
        if scope["path"] != PROVISIONING + "/alive":
            authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
            owner = self._world.tokens.owner_of(authorization)
            if owner is None:
                await _refuse(scope, receive, send, "5002")
                return
            scope.setdefault("state", {})["owner"] = owner
        await self._app(scope, receive, send)

    def _quota(self, scope: Scope) -> Quota:
        """Counts the call against its limit: transfers and job status, or reads; other paths are free."""
        client = scope["client"][0] if scope.get("client") else ""
        faults = self._world.dice.faults
        parts = scope["path"][len(PROVISIONING) + 1 :].split("/")
        if parts[0] not in KINDS:
            return self._world.limits.take(client, "free", 0)
        if parts[1:2] == ["bulk"]:
            return self._world.limits.take(client, "transfer", faults.transfer_rate)
        return self._world.limits.take(client, "read", faults.read_rate)

    async def _drop(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Breaks the connection, half of the times after carrying the call out: the client cannot know which."""
        transport: asyncio.Transport | None = scope.get("state", {}).get("transport")
        if transport is None:
            await _refuse(scope, receive, send, "5022")
            return
        if self._world.dice.happens(0.5):
            await self._with_token(scope, receive, _swallow)
        self._world.log.dropped()
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass

    def _counting(self, send: Send) -> Send:
        """Sends on, and counts the status."""

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._world.log.answered(message["status"])
            await send(message)

        return counted


async def _swallow(message: Message) -> None:
    """Takes an answer that nobody will get."""


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    """Sends on, with headers added."""

    async def extended(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return extended


def _slowed(send: Send, seconds: float) -> Send:
    """Sends on after so many seconds. The call has been counted and carried out when it came."""

    async def slowed(message: Message) -> None:
        if message["type"] == "http.response.start" and seconds:
            await asyncio.sleep(seconds)
        await send(message)

    return slowed


async def _drain(receive: Receive) -> None:
    """Reads the body away, so that the connection can be used again."""
    while (await receive()).get("more_body", False):
        pass


async def _answer(scope: Scope, receive: Receive, send: Send, status: int, body: object) -> None:
    """Answers a call here."""
    await _drain(receive)
    await json_answer(status, body)(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send, code: str) -> None:
    """Answers with one LogEntry."""
    entry = log_entry(code)
    await _answer(scope, receive, send, entry["statusCode"], [entry])


async def _html(receive: Receive, send: Send, status: int) -> None:
    """Answers with a page, as a gateway in front of a service does."""
    await _drain(receive)
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(_HTML)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": _HTML})
