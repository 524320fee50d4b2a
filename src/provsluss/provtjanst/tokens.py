"""The token that opens the Provisioning API: asked for with GNAP, kept in memory until shortly before it ends.

Source: rules.md 6.3. The token is never logged, stored or shown.
"""

import copy
import json
import math
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from provsluss.provtjanst.calls import call, new_http
from provsluss.provtjanst.certificates import CertificateFingerprint
from provsluss.provtjanst.errors import CertificateRefused, ProvtjanstError, TokenRefused, UntrustedServer
from provsluss.provtjanst.granted_tokens import GrantedToken, TokenFacts, read_grant
from provsluss.provtjanst.token_refusals import SERVER, error_of, most_telling, no_token, untrusted, wrong_owner

ClientKey = str | CertificateFingerprint
"""The entityID in a TLS federation, or the fingerprint of the certificate."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: the name of the client key, and the TLS context that shows its certificate (None for the simulator).

    `number` is the organisation number that a token must not contradict ("" where nobody is to be compared with).
    """

    key: ClientKey
    tls: ssl.SSLContext | None
    number: str = ""


class TokenSource:
    """Gives tokens for one organisation in one environment. Thread-safe: many who wait cause one call, also in vain."""

    def __init__(
        self,
        token_url: str,
        client_key: ClientKey,
        ssl_context: ssl.SSLContext | None,
        provisioning_url: str,
        number: str = "",
    ) -> None:
        """`ssl_context` carries the client certificate (certificates.client_context); None for the simulator."""
        self._token_url = token_url
        self._provisioning_url = provisioning_url
        self._identify: Callable[[], Identity] = lambda: Identity(client_key, ssl_context, number)
        self._lock = threading.Lock()
        self._granted: GrantedToken | None = None
        self._good_until = -math.inf
        self._failures, self._failure = 0, ProvtjanstError("")
        # Which form of the fingerprint the server took last time.
        self._form = 0

    @classmethod
    def identified_by(cls, token_url: str, identify: Callable[[], Identity], provisioning_url: str) -> "TokenSource":
        """A source that asks `identify` before every fetch, so that a renewed certificate or pin counts at once.

        What `identify` raises comes out of `token`.
        """
        source = cls(token_url, "", None, provisioning_url)
        source._identify = identify
        return source

    def __repr__(self) -> str:
        return f"TokenSource({self._token_url!r})"

    def token(self) -> str:
        """A token that is good for a while yet. Raises TokenRefused (WrongOwner: it is somebody else's) and
        TemporaryTrouble."""
        return self._current().value

    def facts(self) -> TokenFacts:
        """What the token says about itself, for those who check the connection. Raises as `token` does."""
        return self._current().facts

    def forget(self, token: str | None = None) -> None:
        """Do not give this token again (None: whichever it is). A newer one that another thread has got stays."""
        with self._lock:
            if self._granted is not None and token in (None, self._granted.value):
                self._good_until = -math.inf

    def close(self) -> None:
        """Nothing is held open between fetches; for symmetry with the clients that use it."""

    def _current(self) -> GrantedToken:
        failures = self._failures
        with self._lock:
            if self._granted is None or time.monotonic() >= self._good_until:
                if self._failures != failures:
                    # Another thread has asked in vain while this one waited: the answer would be the same.
                    raise copy.copy(self._failure)
                self._granted = None
                asked_at = time.monotonic()
                try:
                    self._granted = self._fetch()
                except ProvtjanstError as problem:
                    self._failures, self._failure = self._failures + 1, copy.copy(problem)
                    raise
                life = self._granted.facts.life
                self._good_until = asked_at + life - min(life * 0.1, 60.0)
            return self._granted

    def _fetch(self) -> GrantedToken:
        """Ask with one name of the key; if that is denied and there is another, ask once more with the other.

        Every token is compared with whose it should be before anybody gets to use it.
        """
        identity = self._identify()
        names = _names(identity.key)
        first = self._form % len(names)
        denials: list[TokenRefused] = []
        with new_http(tls=identity.tls) as http:
            for form in dict.fromkeys((first, *range(len(names)))):
                try:
                    granted = self._ask(http, names[form])
                except TokenRefused as refused:
                    if not _is_denial(refused):
                        raise
                    denials.append(refused)
                else:
                    self._form = form
                    owner = granted.facts.owner
                    if identity.number and owner.is_of(identity.number) is False:
                        raise wrong_owner(owner, identity.number)
                    return granted
        raise most_telling(denials)

    def _ask(self, http: httpx2.Client, key: object) -> GrantedToken:
        """One call to the token server."""
        access = {"type": "provisioning-api", "locations": [self._provisioning_url]}
        request = {"access_token": [{"access": [access], "flags": ["bearer"]}], "client": {"key": key}}
        try:
            answer = call(
                http,
                "POST",
                self._token_url,
                server=SERVER,
                headers={"Content-Type": "application/json"},
                content=json.dumps(request).encode(),
            )
        except UntrustedServer as problem:
            raise untrusted(problem) from problem
        if not 200 <= answer.status_code < 300:
            raise error_of(answer)
        granted = read_grant(answer.body)
        if granted is None:
            raise no_token(answer)
        return granted


def _names(key: ClientKey) -> list[object]:
    """How the key is written in the request, in the order in which the names are tried. RFC 8705 has the fingerprint in
    base64url without padding, Skolverket's text in standard base64 with it; newer servers will know only the former,
    older ones know only the latter."""
    if isinstance(key, str):
        return [key]
    return [{"proof": "mtls", "cert#S256": written} for written in (key.url_safe, key.standard)]


def _is_denial(refused: TokenRefused) -> bool:
    """Whether the server itself answered no, so that another name for the key may make a difference."""
    return refused.status_code is not None and not isinstance(refused, CertificateRefused)
