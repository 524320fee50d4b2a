"""The token that opens the Provisioning API: asked for with GNAP, kept in memory until shortly before it ends.

Source: rules.md 6.3 and section 2 (token server errors). The token is never logged, stored or shown.
"""

import json
import math
import ssl
import threading
import time
from dataclasses import dataclass

import httpx2

from provsluss.provtjanst.calls import Answer, call, new_http
from provsluss.provtjanst.errors import ProvtjanstError, TemporaryTrouble, TokenRefused, TooManyCalls
from provsluss.provtjanst.limits import pause_asked_for

SERVER = "Behörighetsservern"
# For a server that does not say how long its token lives.
UNSTATED_LIFE = 300.0


@dataclass(frozen=True, slots=True)
class CertificateFingerprint:
    """SHA-256 of the client certificate (DER) in standard base64: how SITHS, EFOS and Expisoft holders are named."""

    value: str


ClientKey = str | CertificateFingerprint
"""The entityID in a TLS federation, or the fingerprint of the certificate."""

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
    ("invalid_client", "Behörighetsservern känner inte igen klienten. Kontrollera certifikat och klientnyckel."),
    ("request_denied", "Behörighetsservern nekade begäran. Kontrollera att huvudmannen är registrerad för överföring."),
)
_UNKNOWN = "Behörighetsservern gav ingen behörighet. Kontrollera certifikat och klientnyckel under Inställningar."


class TokenSource:
    """Gives tokens for one organisation in one environment. Thread-safe: many who wait cause one call."""

    def __init__(
        self,
        token_url: str,
        client_key: ClientKey,
        ssl_context: ssl.SSLContext | None,
        provisioning_url: str,
        http: httpx2.Client | None = None,
    ) -> None:
        """`ssl_context` carries the client certificate (certificates.client_context); None for the simulator."""
        self._token_url = token_url
        self._client_key = client_key
        self._provisioning_url = provisioning_url
        self._http = http or new_http(tls=ssl_context)
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = -math.inf

    def __repr__(self) -> str:
        return f"TokenSource({self._token_url!r})"

    def token(self) -> str:
        """A token that is good for a while yet. Raises TokenRefused, TemporaryTrouble or TooManyCalls."""
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._fetch()
            return self._token

    def forget(self, token: str | None = None) -> None:
        """Do not give this token again (None: whichever it is). A newer one that another thread has got stays."""
        with self._lock:
            if token is None or token == self._token:
                self._good_until = -math.inf

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _fetch(self) -> None:
        asked_at = time.monotonic()
        answer = call(
            self._http,
            "POST",
            self._token_url,
            server=SERVER,
            headers={"Content-Type": "application/json"},
            content=json.dumps(self._request()).encode(),
        )
        if not 200 <= answer.status_code < 300 or answer.is_html:
            raise _error_of(answer)
        self._token, life = _read(answer)
        self._good_until = asked_at + life - min(life * 0.1, 60.0)

    def _request(self) -> dict[str, object]:
        """The GNAP grant request."""
        key: object = self._client_key
        if isinstance(self._client_key, CertificateFingerprint):
            key = {"proof": "mtls", "cert#S256": self._client_key.value}
        access = {"type": "provisioning-api", "locations": [self._provisioning_url]}
        return {"access_token": [{"access": [access], "flags": ["bearer"]}], "client": {"key": key}}


def _read(answer: Answer) -> tuple[str, float]:
    """The token and how many seconds it lives. A list of tokens is as good as one (RFC 9635); ours asks for one."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        document = None
    granted = document.get("access_token") if isinstance(document, dict) else None
    if isinstance(granted, list):
        granted = granted[0] if granted else None
    value = granted.get("value") if isinstance(granted, dict) else None
    if not isinstance(granted, dict) or not isinstance(value, str) or not _is_header_safe(value):
        # The body could hold half a token: it is not kept.
        raise TokenRefused("Behörighetsserverns svar gick inte att läsa.", status_code=answer.status_code)
    life = granted.get("expires_in")
    try:
        seconds = float(life) if isinstance(life, int | float | str) else UNSTATED_LIFE
    except ValueError:
        seconds = UNSTATED_LIFE
    return value, max(seconds, 0.0) if math.isfinite(seconds) else UNSTATED_LIFE


def _is_header_safe(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable() and " " not in value


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
