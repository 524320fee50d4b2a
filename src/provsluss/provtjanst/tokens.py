"""The token that opens the Provisioning API: asked for with GNAP, kept in memory until shortly before it ends.

Source: rules.md 6.3 and section 2 (token server errors). The token is never logged, stored or shown.
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

from provsluss.provtjanst.calls import Answer, call, new_http
from provsluss.provtjanst.certificates import CertificateFingerprint
from provsluss.provtjanst.errors import ProvtjanstError, TemporaryTrouble, TokenRefused, TooManyCalls
from provsluss.provtjanst.granted_tokens import GrantedToken, TokenFacts, read_grant
from provsluss.provtjanst.rate_headers import pause_asked_for

SERVER = "Behörighetsservern"

ClientKey = str | CertificateFingerprint
"""The entityID in a TLS federation, or the fingerprint of the certificate."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: the name of the client key, and the TLS context that shows its certificate (None for the simulator)."""

    key: ClientKey
    tls: ssl.SSLContext | None


WHERE_TO_LOOK = " Sidan Anslutning under Inställningar visar vad som är fel."
"""How a sentence ends whose reason only our own page can tell."""

# What the server writes → what it means. Compared in lower case; the first that is found counts.
_EXPLANATIONS = (
    (
        "no client key found",
        "Entitets-id:t finns inte i TLS-federationens metadata. Kontrollera det och registreringen i Moa.",
    ),
    ("does not match", "Klientcertifikatet hör inte ihop med den angivna klientnyckeln. Kontrollera certifikatet."),
    ("not signed by ca", "Klientcertifikatet är inte utfärdat av en utfärdare som Skolverket godtar."),
    ("revoked", "Klientcertifikatet är spärrat. Beställ ett nytt."),
    ("expired", "Klientcertifikatet har gått ut eller gäller inte ännu. Förnya det."),
    ("not yet valid", "Klientcertifikatet har gått ut eller gäller inte ännu. Förnya det."),
    ("organization id", "Klientcertifikatet saknar huvudmannens organisationsnummer. Beställ ett som har det."),
    ("permission denied", f"Behörighetsservern nekade utan att säga varför.{WHERE_TO_LOOK}"),
    ("invalid_client", "Behörighetsservern känner inte igen klienten. Kontrollera certifikat och klientnyckel."),
    ("request_denied", "Behörighetsservern nekade begäran. Kontrollera att huvudmannen är registrerad för överföring."),
)
_UNKNOWN = "Behörighetsservern gav ingen behörighet. Kontrollera certifikat och klientnyckel under Inställningar."


class TokenSource:
    """Gives tokens for one organisation in one environment. Thread-safe: many who wait cause one call, also in vain."""

    def __init__(
        self,
        token_url: str,
        client_key: ClientKey,
        ssl_context: ssl.SSLContext | None,
        provisioning_url: str,
    ) -> None:
        """`ssl_context` carries the client certificate (certificates.client_context); None for the simulator."""
        self._token_url = token_url
        self._provisioning_url = provisioning_url
        self._identify: Callable[[], Identity] = lambda: Identity(client_key, ssl_context)
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
        """A token that is good for a while yet. Raises TokenRefused, TemporaryTrouble or TooManyCalls."""
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
        """Ask with one name of the key; if that is denied and there is another, ask once more with the other."""
        identity = self._identify()
        names = _names(identity.key)
        first = self._form % len(names)
        denial: TokenRefused | None = None
        with new_http(tls=identity.tls) as http:
            for form in dict.fromkeys((first, *range(len(names)))):
                try:
                    granted = self._ask(http, names[form])
                except TokenRefused as refused:
                    if not _is_denial(refused):
                        raise
                    denial = denial or refused
                else:
                    self._form = form
                    return granted
        assert denial is not None  # every name was denied
        raise denial

    def _ask(self, http: httpx2.Client, key: object) -> GrantedToken:
        """One call to the token server."""
        access = {"type": "provisioning-api", "locations": [self._provisioning_url]}
        request = {"access_token": [{"access": [access], "flags": ["bearer"]}], "client": {"key": key}}
        answer = call(
            http,
            "POST",
            self._token_url,
            server=SERVER,
            headers={"Content-Type": "application/json"},
            content=json.dumps(request).encode(),
        )
        if not 200 <= answer.status_code < 300 or answer.is_html:
            raise _error_of(answer)
        granted = read_grant(answer.body)
        if granted is None:
            # The body could hold half a token: it is not kept.
            raise TokenRefused("Behörighetsserverns svar gick inte att läsa.", status_code=answer.status_code)
        return granted


def _names(key: ClientKey) -> list[object]:
    """How the key is written in the request. Skolverket's text has the fingerprint in standard base64 with padding,
    RFC 8705 in base64url without; older servers know only the former, newer ones will know only the latter."""
    if isinstance(key, str):
        return [key]
    return [{"proof": "mtls", "cert#S256": written} for written in (key.standard, key.url_safe)]


def _is_denial(refused: TokenRefused) -> bool:
    """Whether the server itself answered no, so that another name for the key may make a difference."""
    return refused.status_code in (400, 401, 403)


def _error_of(answer: Answer) -> ProvtjanstError:
    """What an answer other than success means."""
    status, text = answer.status_code, answer.text
    if status == 429:
        return TooManyCalls(
            "Behörighetsservern tar inte emot fler anrop just nu (429).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=text,
        )
    if status >= 500 or status < 400 or answer.is_html:
        return TemporaryTrouble(
            f"Behörighetsservern är inte tillgänglig just nu ({status}).",
            retry_after=pause_asked_for(answer.headers),
            status_code=status,
            body=text,
        )
    said = _said(answer)
    found = next((meaning for words, meaning in _EXPLANATIONS if words in said.lower()), _UNKNOWN)
    return TokenRefused(found, server_text=said, status_code=status, body=text)


def _said(answer: Answer) -> str:
    """The server's own words from either error shape, or its plain text."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return answer.text.strip()
    if isinstance(document, dict):
        error = document.get("error")
        if isinstance(error, dict):
            return " ".join(str(error[part]) for part in ("code", "description") if error.get(part))
        for part in (error, document.get("detail")):
            if part:
                return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False)
    return answer.text.strip()
