"""405 with `Allow` (RFC 9110 15.5.6) for a method that an address does not have.

Before the routes are asked: `GET /persons/bulk` would otherwise be taken for a person whose id is "bulk".
"""

import re
from collections.abc import Callable

from fastapi import FastAPI, Response
from fastapi.routing import iter_route_contexts
from starlette.types import ASGIApp, Receive, Scope, Send

_PARAMETER = re.compile(r"\\\{\w+\\\}")


class KnownMethods:
    """ASGI middleware before the routes of `api`, all of which have been added."""

    def __init__(self, app: ASGIApp, api: FastAPI, refuse: Callable[[str, int, dict[str, str]], Response]) -> None:
        """`app` answers what is let through; `refuse` makes the answer from path, status and headers."""
        self._app, self._refuse = app, refuse
        methods: dict[str, set[str]] = {}
        for route in iter_route_contexts(api.routes):
            methods.setdefault(route.path or "", set()).update(route.methods or ())
        # Fixed addresses before those with an id in the same place.
        self._allowed = [
            (re.compile(_PARAMETER.sub("[^/]+", re.escape(path))), sorted(methods[path]))
            for path in sorted(methods, key=lambda path: path.count("{"))
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a call through, or refuses it here."""
        if scope["type"] == "http":
            allowed = next((methods for path, methods in self._allowed if path.fullmatch(scope["path"])), None)
            if allowed is not None and scope["method"] not in allowed:
                refusal = self._refuse(scope["path"], 405, {"Allow": ", ".join(allowed)})
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)
