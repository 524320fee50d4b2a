"""One HTTP call: sent, read to its end in bounded time, and every way it can break turned into an error of ours."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from provsluss import __version__
from provsluss.provtjanst.errors import (
    CertificateRefused,
    ProvtjanstError,
    TemporaryTrouble,
    UntrustedServer,
    WrongServer,
)
from provsluss.provtjanst.pinned_tls import WrongServerKey

# A whole answer must have come within this time, however slowly its bytes drip in.
WHOLE_ANSWER_SECONDS = 120.0
# A job of 200 KB is answered with well under a megabyte; more than this is not Skolverket's provtjänst.
MAX_ANSWER_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one call, whatever its status."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 become replacement characters."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def is_html(self) -> bool:
        """Whether it is a web page, which provtjänsten never sends: a proxy or gateway answered instead."""
        return "html" in self.headers.get("content-type", "").lower() or self.body.lstrip()[:1] == b"<"

    def json(self) -> object:
        """The body as JSON. Raises TemporaryTrouble when it is none."""
        try:
            return json.loads(self.body)
        except ValueError as problem:
            raise TemporaryTrouble(
                f"Svaret från Skolverket gick inte att läsa (status {self.status_code}, inte JSON).",
                status_code=self.status_code,
                body=self.text,
            ) from problem


def new_http(
    connect_timeout: float = 5.0, read_timeout: float = 30.0, tls: ssl.SSLContext | None = None
) -> httpx2.Client:
    """A client that keeps connections alive, follows no redirects and takes no proxy from the environment.

    `tls` is for a client certificate; without it the machine's own trusted authorities count.
    """
    return httpx2.Client(
        timeout=httpx2.Timeout(read_timeout, connect=connect_timeout),
        verify=tls or ssl.create_default_context(),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": f"Provsluss/{__version__}", "Accept": "application/json"},
    )


class Sending:
    """Notes when a whole request has been handed to the network, however long it took to get there: a thread can be
    kept waiting by others, and a new connection takes its time. Called with each event of httpcore2's trace."""

    def __init__(self) -> None:
        """For one call."""
        self.ended_at: float | None = None
        """By time.monotonic; None as long as the request is not known to have been sent."""

    def __call__(self, event: str, _: object) -> None:
        """Something has happened to the request."""
        if event.endswith(".send_request_body.complete"):
            self.ended_at = time.monotonic()


def call(
    http: httpx2.Client,
    method: str,
    url: str,
    *,
    server: str,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    sending: Sending | None = None,
) -> Answer:
    """Make one call and read the whole answer. `server` is its name in the sentence that says it could not be reached.
    `sending` is told when the request is sent, for those who want to know.

    Raises TemporaryTrouble when no whole answer came (UntrustedServer when its certificate does not hold), WrongServer
    when the server's key is not the pinned one, and CertificateRefused when the server does not take the client
    certificate.
    """
    ends = time.monotonic() + WHOLE_ANSWER_SECONDS
    body = bytearray()
    extensions = {"trace": sending} if sending is not None else {}
    try:
        with http.stream(method, url, headers=dict(headers or {}), content=content, extensions=extensions) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise TemporaryTrouble(f"{server} skickade ett orimligt stort svar.")
                if time.monotonic() > ends:
                    raise TemporaryTrouble(f"{server} svarade för långsamt.")
            return Answer(response.status_code, response.headers, bytes(body), str(response.request.url))
    except httpx2.RequestError as problem:
        raise _error_of(problem, server) from problem


# How OpenSSL's names of the alerts end with which a server turns a client certificate down → what that means.
_CERTIFICATE_ALERTS = {
    "CERTIFICATE_REQUIRED": "kräver ett klientcertifikat, och inget visades. Kontrollera certifikatet.",
    "UNSUPPORTED_CERTIFICATE": "godtar inte den sortens klientcertifikat. Kontrollera certifikatet.",
    "BAD_CERTIFICATE": "godtar inte klientcertifikatet. Kontrollera certifikatet.",
    "CERTIFICATE_REVOKED": "säger att klientcertifikatet är spärrat. Beställ ett nytt, och ange det i inställningarna.",
    "CERTIFICATE_EXPIRED": "säger att klientcertifikatet har gått ut. Beställ ett nytt.",
    "CERTIFICATE_UNKNOWN": "godtar inte klientcertifikatet. Kontrollera certifikatet.",
    "UNKNOWN_CA": "känner inte till klientcertifikatets utfärdare. Kontrollera certifikatet.",
    "ACCESS_DENIED": "släpper inte in klientcertifikatet. Kontrollera certifikatet.",
}
# OpenSSL's numbers for why it does not trust a server's certificate (X509_V_ERR_…) where it is not the issuer → what
# that means.
_UNTRUSTED = {
    9: "serverns certifikat gäller inte ännu. Kontrollera den här datorns klocka.",
    10: "serverns certifikat har gått ut. Kontrollera den här datorns klocka; går den rätt är felet serverns.",
    62: "serverns certifikat gäller en annan adress. Kontrollera adressen i inställningarna.",
    64: "serverns certifikat gäller en annan adress. Kontrollera adressen i inställningarna.",
}


def _error_of(problem: httpx2.RequestError, server: str) -> ProvtjanstError:
    """Why no answer came, without anything of the address or the content."""
    tls = _tls_failure(problem)
    if isinstance(tls, WrongServerKey):
        return WrongServer(
            f"{server} visade en annan nyckel än den som är angiven, så ingenting skickades. Ta reda på om servern har "
            "bytt nyckel innan du ändrar den angivna."
        )
    reason = (tls.reason or "") if tls is not None else ""
    for alert, meaning in _CERTIFICATE_ALERTS.items():
        if "ALERT" in reason and reason.endswith(alert):
            return CertificateRefused(f"{server} {meaning}", says_it_all=alert == "CERTIFICATE_REVOKED")
    if isinstance(tls, ssl.SSLCertVerificationError):
        why = _UNTRUSTED.get(tls.verify_code)
        return UntrustedServer(
            f"Den säkra förbindelsen (TLS) till {server} kunde inte upprättas: "
            + (why or "serverns certifikat är inte betrott. Kontrollera vilka utfärdare den här datorn litar på."),
            issuer_unknown=why is None,
        )
    return TemporaryTrouble(_sentence(problem, server, tls))


def _sentence(problem: httpx2.RequestError, server: str, tls: ssl.SSLError | None) -> str:
    if isinstance(problem, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return f"{server} gick inte att nå i tid."
    if isinstance(problem, httpx2.TimeoutException):
        return f"{server} svarade inte i tid."
    if tls is not None:
        return f"Den säkra förbindelsen (TLS) till {server} kunde inte upprättas."
    if isinstance(problem, httpx2.ConnectError):
        return f"{server} gick inte att nå."
    return f"Förbindelsen till {server} bröts innan hela svaret hade kommit."


def _tls_failure(problem: BaseException | None) -> ssl.SSLError | None:
    """The TLS failure among the causes, if there is one."""
    seen = 0
    while problem is not None and seen < 10:
        if isinstance(problem, ssl.SSLError):
            return problem
        problem = problem.__cause__ or problem.__context__
        seen += 1
    return None
