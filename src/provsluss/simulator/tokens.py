"""The authorisation server: `POST /transaction` gives a bearer token to whoever names a client key (rules.md 6.3).

Over plain HTTP on the own machine no client certificate is asked for; the key alone says which school organiser it is.
"""

import base64
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from provsluss.simulator.answers import json_answer
from provsluss.simulator.faults import Dice
from provsluss.simulator.neighbour import NEIGHBOUR

PROVISIONING = "provisioning-api"
_KNOWN_TYPES = (PROVISIONING, "ss12000-client", "ss12000-api")


class GrantRefused(Exception):
    """The token request cannot be granted; carries status and the server's English detail text."""

    def __init__(self, status: int, detail: str) -> None:
        """Status and text of the answer."""
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True)
class _Grant:
    """What a token stands for."""

    owner: str
    types: frozenset[str]
    expires: float


class Tokens:
    """Tokens issued since the start. A restart forgets them, as an expired one would be."""

    def __init__(self, dice: Dice) -> None:
        """The life of new tokens is a live setting of `dice`."""
        self._dice = dice
        self._grants: dict[str, _Grant] = {}

    def issue(self, body: Any) -> dict[str, Any]:
        """Answers a GNAP request. Raises GrantRefused when it is not one, or asks for what is not given."""
        owner = _client_key(body)
        access = _access(body)
        life = self._dice.faults.token_life
        now = time.time()
        value = _jwt(owner, access, now, life)
        self._grants = {token: grant for token, grant in self._grants.items() if grant.expires > now}
        self._grants[value] = _Grant(owner, frozenset(item["type"] for item in access), now + life)
        return {"access_token": {"value": value, "access": access, "expires_in": int(life), "flags": ["bearer"]}}

    def owner_of(self, authorization: str) -> str | None:
        """Whose token a header carries; None unless it is issued here, alive and meant for provisioning."""
        scheme, _, value = authorization.partition(" ")
        grant = self._grants.get(value.strip())
        if (
            scheme.lower() != "bearer"
            or grant is None
            or grant.expires <= time.time()
            or PROVISIONING not in grant.types
        ):
            return None
        return grant.owner


def _client_key(body: Any) -> str:
    """The name of the client: an entityID, or the fingerprint of a certificate."""
    client = body.get("client") if isinstance(body, dict) else None
    key = client.get("key") if isinstance(client, dict) else None
    if isinstance(key, dict):
        if key.get("proof") not in ("mtls", {"method": "mtls"}):
            raise GrantRefused(400, "unsupported proof method")
        key = key.get("cert#S256")
    if not isinstance(key, str) or not key:
        raise GrantRefused(400, "no client key in request")
    if key == NEIGHBOUR:
        raise GrantRefused(401, f"no client key found for {key}")
    return key


def _access(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The access asked for; `access_token` is one request or, as in Skolverket's examples, a list of one."""
    wanted = body.get("access_token")
    if isinstance(wanted, list):
        wanted = wanted[0] if len(wanted) == 1 else None
    access = wanted.get("access") if isinstance(wanted, dict) else None
    if not isinstance(access, list) or not access:
        raise GrantRefused(400, "no access requested")
    if not all(isinstance(item, dict) and item.get("type") in _KNOWN_TYPES for item in access):
        raise GrantRefused(400, "unknown access type")
    return access


def _jwt(owner: str, access: list[dict[str, Any]], now: float, life: float) -> str:
    """A token that looks like the real server's; the signature is random, the simulator knows its own tokens."""
    header = {"typ": "JWT", "alg": "ES256", "kid": "simulator"}
    claims = {
        "iss": "simulator",
        "aud": "nutid",
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now + life),
        "entity_id": owner,
        "requested_access": access,
        "version": 1,
    }
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), secrets.token_bytes(64)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def token_routes(tokens: Tokens) -> APIRouter:
    """The one route of the authorisation server."""
    router = APIRouter()

    @router.post("/transaction")
    async def transaction(request: Request) -> Response:
        """Issues a token, or says why not."""
        try:
            return json_answer(200, tokens.issue(json.loads(await request.body())))
        except GrantRefused as refused:
            return json_answer(refused.status, {"detail": refused.detail})
        except (ValueError, RecursionError):
            return json_answer(400, {"detail": "request body is not JSON"})

    return router
