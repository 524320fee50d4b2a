"""One call at a time to a register: patient with what passes, quick to say what does not, and never more than asked."""

import ssl
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx2

from provsluss.register.sources.refusal import SourceRefused
from provsluss.register.sources.ss12000 import trouble
from provsluss.register.sources.ss12000.addresses import demand_address
from provsluss.register.sources.ss12000.authentication import Authentication
from provsluss.register.sources.ss12000.secrets import secret_path
from provsluss.register.sources.ss12000.settings import Settings

LARGEST_ANSWER = 32_000_000
SECONDS = 30.0
"""For one answer, and between any two of its pieces."""
_WHOLE_ANSWER_SECONDS = 300.0
PAUSES = (1.0, 4.0, 15.0)
"""Before each further try of what may pass: 429, 503 and other faults of the server, no answer."""
_LONGEST_PAUSE = 120.0
Query = list[tuple[str, str]]
Parameters = dict[str, str | list[str]]


class Answer(NamedTuple):
    """What was answered: the status, the JSON (None where there is none) and the register's own time, in UTC."""

    status: int
    content: Any
    date: str


class TooLarge(Exception):
    """The answer is larger than we take: a smaller page may do."""


class RegisterClient:
    """Asks one register. Raises SourceRefused with a Swedish sentence where nothing more can be done."""

    def __init__(self, settings: Settings, pause: Callable[[float], None] = time.sleep) -> None:
        """`pause` waits for so many seconds."""
        demand_address(settings.url, settings.inner_allowed)
        if settings.token_url:
            demand_address(settings.token_url, settings.inner_allowed)
        self._url = settings.url.rstrip("/")
        self._pause = pause
        self._http = httpx2.Client(timeout=httpx2.Timeout(SECONDS), verify=_context(settings), follow_redirects=False)
        self._authentication = Authentication(settings, self._post)
        self.calls = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, parameters: Parameters) -> Answer:
        """GET `path` below the register's address. What comes back has status 200, 400, 404 or 410.

        Raises SourceRefused, and TooLarge.
        """
        return self._call("GET", path, params=_pairs(parameters))

    def post(self, path: str, body: object) -> Answer:
        """POST `body` as JSON; otherwise as `get`."""
        return self._call("POST", path, json=body)

    def _call(self, method: str, path: str, **arguments: Any) -> Answer:
        renewed = False
        for pause in (*PAUSES, None):
            status, headers, body = self._try(method, f"{self._url}{path}", arguments)
            if status == 401 and self._authentication.has_token and not renewed:
                renewed = True
                self._authentication.forget()
                status, headers, body = self._try(method, f"{self._url}{path}", arguments)
            if status == 429 or status >= 500:
                if status == 503 and b"too large" in body[:1000].lower():
                    raise TooLarge
                if pause is None:
                    break
                self._pause(_asked_for(headers, pause))
                continue
            return _checked(status, headers, body)
        if status == 599:
            raise SourceRefused(body.decode())
        raise SourceRefused(trouble.TOO_MANY_CALLS if status == 429 else trouble.AWAY)

    def _try(self, method: str, url: str, arguments: dict[str, Any]) -> tuple[int, httpx2.Headers, bytes]:
        """Status, headers and body; what passes on the way is a status of our own, 599, with the sentence as body."""
        self.calls += 1
        headers = {"Accept": "application/json", **self._authentication.headers()}
        try:
            with self._http.stream(method, url, headers=headers, **arguments) as response:
                return response.status_code, response.headers, _body_of(response)
        except httpx2.TimeoutException:
            return 599, httpx2.Headers(), trouble.TOO_SLOW.encode()
        except httpx2.RequestError as problem:
            if _is_certificate_trouble(problem):
                raise SourceRefused(trouble.NO_TLS) from None
            return 599, httpx2.Headers(), trouble.NO_ANSWER.encode()
        except (httpx2.InvalidURL, ValueError):
            raise SourceRefused(trouble.NO_SUCH_PLACE) from None

    def _post(self, url: str, **arguments: Any) -> tuple[int, bytes]:
        self.calls += 1
        try:
            with self._http.stream("POST", url, **arguments) as response:
                return response.status_code, _body_of(response)
        except (httpx2.RequestError, TooLarge):
            raise SourceRefused(trouble.NO_TOKEN) from None


def _context(settings: Settings) -> ssl.SSLContext:
    context = httpx2.create_ssl_context()
    if settings.certificate_file:
        try:
            context.load_cert_chain(secret_path(settings.certificate_file), secret_path(settings.key_file))
        except (OSError, ssl.SSLError):
            raise SourceRefused("Klientcertifikatet eller dess nyckel går inte att läsa.") from None
    return context


def _body_of(response: httpx2.Response) -> bytes:
    """The body, as long as it is no larger than we take and does not trickle for ever."""
    pieces, size, ends = [], 0, time.monotonic() + _WHOLE_ANSWER_SECONDS
    for piece in response.iter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise TooLarge
        if time.monotonic() > ends:
            raise httpx2.ReadTimeout("trickles")
        pieces.append(piece)
    return b"".join(pieces)


def _checked(status: int, headers: httpx2.Headers, body: bytes) -> Answer:
    if status in (401, 403):
        raise SourceRefused(trouble.NOT_ALLOWED)
    if 300 <= status < 400:
        raise SourceRefused(trouble.REDIRECTED)
    if status == 413:
        raise TooLarge
    date = _date_of(headers)
    if status in (400, 404, 405, 410, 422, 501):
        return Answer(400 if status == 422 else 404 if status in (405, 501) else status, None, date)
    if status != 200:
        raise SourceRefused(trouble.NOT_UNDERSTOOD)
    try:
        return Answer(200, httpx2.Response(200, content=body).json(), date)
    except (ValueError, RecursionError):
        raise SourceRefused(trouble.NO_JSON) from None


def _date_of(headers: httpx2.Headers) -> str:
    """The register's time as it says itself, as 2026-12-01T07:00:00Z; empty where it does not."""
    try:
        return f"{parsedate_to_datetime(headers.get('Date', '')):%Y-%m-%dT%H:%M:%SZ}"
    except (TypeError, ValueError):
        return ""


def _asked_for(headers: httpx2.Headers, pause: float) -> float:
    """How long to wait: as the server asks, within bounds."""
    asked = headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else pause


def _is_certificate_trouble(problem: BaseException | None) -> bool:
    while problem is not None:
        if isinstance(problem, ssl.SSLCertVerificationError):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _pairs(parameters: Parameters) -> Query:
    """Each value of a list as a parameter of its own, as SS 12000 has it."""
    pairs = []
    for name, value in parameters.items():
        pairs += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return pairs
