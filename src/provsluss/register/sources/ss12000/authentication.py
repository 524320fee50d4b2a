"""How a register is told who asks: the header of each call, and where its token is got."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000 import trouble
from provsluss.register.sources.ss12000.secrets import read_secret
from provsluss.register.sources.ss12000.settings import Settings

Post = Callable[..., tuple[int, bytes]]
"""Sends a POST to an address with the arguments of httpx2 and gives status and body. Raises SourceRefused."""
_TOKEN_NAMES = ("access_token", "accessToken", "token", "apiToken")


class Authentication:
    """Gives the header of each call; a token is fetched once, and again where the register no longer takes it."""

    def __init__(self, settings: Settings, post: Post) -> None:
        self._settings = settings
        self._post = post
        self._token = ""

    @property
    def has_token(self) -> bool:
        """Whether a new token could help where a call was not let in."""
        return self._settings.auth in ("client-credentials", "schoolsoft")

    def headers(self) -> Mapping[str, str]:
        """The headers that show who asks. Raises SourceRefused if the secret or the token cannot be had."""
        match self._settings.auth:
            case "none":
                return {}
            case "bearer":
                return {"Authorization": f"Bearer {read_secret(self._settings.secret_file)}"}
            case "header":
                return {self._settings.header: read_secret(self._settings.secret_file)}
            case "client-credentials":
                self._token = self._token or self._by_client_credentials()
            case "schoolsoft":
                self._token = self._token or self._by_schoolsoft()
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """The token is not taken any more."""
        self._token = ""

    def _by_client_credentials(self) -> str:
        """RFC 6749 section 4.4: the credentials in the form, and in the header for those who only take that."""
        settings, secret = self._settings, read_secret(self._settings.secret_file)
        form = {"grant_type": "client_credentials"} | ({"scope": settings.scope} if settings.scope else {})
        both = form | {"client_id": settings.client_id, "client_secret": secret}
        status, body = self._post(settings.token_url, data=both)
        if status in (400, 401, 403, 422):
            status, body = self._post(settings.token_url, data=form, auth=(settings.client_id, secret))
        return _token_in(status, body)

    def _by_schoolsoft(self) -> str:
        settings = self._settings
        wanted = {"secret": read_secret(settings.secret_file), "orgId": int(settings.organisation)}
        status, body = self._post(settings.token_url or f"{settings.url}/token", json=wanted)
        return _token_in(status, body)


def _token_in(status: int, body: bytes) -> str:
    """The token in an answer. What an error says is never read: it may echo the secret."""
    if status != 200:
        raise SourceRefused(trouble.NO_TOKEN)
    text = body.decode("utf-8", errors="replace").strip()
    try:
        answer: Any = json.loads(text)
    except ValueError:
        answer = text
    if isinstance(answer, dict):
        answer = next((answer[name] for name in _TOKEN_NAMES if isinstance(answer.get(name), str)), "")
    if not isinstance(answer, str) or not answer.isascii() or not answer or any(sign in answer for sign in " <>\r\n"):
        raise SourceRefused(trouble.NO_TOKEN)
    return answer
