"""Who is let in: the ways in that registers have (SS 12000 only says how a token is shown)."""

import base64
import binascii
import json
import secrets
import time
from collections.abc import Mapping
from urllib.parse import parse_qs

from provsluss.simulator.school_register.options import RegisterOptions


class Door:
    """Gives tokens, and knows which are good."""

    def __init__(self, options: RegisterOptions) -> None:
        self._options = options
        self._tokens: dict[str, float] = {}

    def lets_in(self, headers: Mapping[str, str]) -> bool:
        """Whether a call with these headers is let in."""
        shown = headers.get("authorization", "").removeprefix("Bearer ")
        match self._options.auth:
            case "none":
                return True
            case "bearer":
                return secrets.compare_digest(shown, self._options.secret)
            case "header":
                return secrets.compare_digest(headers.get("x-api-key", ""), self._options.secret)
        return self._tokens.get(shown, 0.0) > time.monotonic()

    def token(self, headers: Mapping[str, str], body: bytes) -> dict[str, object] | None:
        """A new token for whoever shows the secret: as a form, in the header (Basic), or as SchoolSoft's JSON."""
        if self._options.secret not in self._shown(headers, body):
            return None
        token = secrets.token_urlsafe(16)
        self._tokens[token] = time.monotonic() + self._options.token_life
        name = "token" if self._options.auth == "schoolsoft" else "access_token"
        return {name: token, "token_type": "Bearer", "expires_in": int(self._options.token_life)}

    def end_tokens(self) -> None:
        """None that was given is good any more."""
        self._tokens.clear()

    def _shown(self, headers: Mapping[str, str], body: bytes) -> list[str]:
        if self._options.auth == "schoolsoft":
            try:
                wanted = json.loads(body)
            except ValueError:
                return []
            return (
                [str(wanted.get("secret"))] if isinstance(wanted, dict) and isinstance(wanted.get("orgId"), int) else []
            )
        form = parse_qs(body.decode(errors="replace"))
        if form.get("grant_type") != ["client_credentials"]:
            return []
        shown = form.get("client_secret", [])
        if headers.get("authorization", "").startswith("Basic "):
            try:
                both = base64.b64decode(headers["authorization"][6:], validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return shown
            shown = [*shown, both.partition(":")[2]]
        return shown
