"""Everything that can go wrong in a call to Skolverket.

    ProvtjanstError
    ├── TemporaryTrouble      503 and other 5xx, time-outs, broken connections, a proxy's HTML: try again later
    │   ├── TooManyCalls          429: try again after `retry_after`
    │   ├── NoToken               the token server answered 200, and no token was in it
    │   └── UntrustedServer       its certificate does not hold; nothing was sent to it
    ├── PayloadTooLarge       413: send less in one call
    ├── Refused               400 and other 4xx: the same call will be refused again
    ├── NotAuthorised         403, also with a fresh token
    ├── UnknownJob            404 for a job: Skolverket has forgotten it
    └── TokenRefused          the token server said no
        ├── WrongOwner            it gave us somebody else's token, which is not used
        ├── WrongServer           it is not the server that we know; nothing was sent to it
        └── CertificateRefused    it broke the TLS handshake because of our certificate

`str()` of each is a Swedish sentence for the page and the log. It never holds personal data, a token or what the server
wrote; that is in `body` and `entries`, which are for those who may see them.
"""

from collections.abc import Sequence

from provsluss.provtjanst.answers import LogEntry

BODY_LIMIT = 4000


class ProvtjanstError(Exception):
    """A call to Skolverket did not succeed."""

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        body: str = "",
        entries: Sequence[LogEntry] = (),
    ) -> None:
        """`message` is the Swedish sentence; `status_code` is None when no answer came at all."""
        super().__init__(message)
        self.message = message
        self.status_code = status_code
        self.body = body[:BODY_LIMIT]
        self.entries = list(entries)


class TemporaryTrouble(ProvtjanstError):
    """The call may well succeed later. `retry_after` is what the server asked for, in seconds, if it did."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        status_code: int | None = None,
        body: str = "",
        entries: Sequence[LogEntry] = (),
    ) -> None:
        super().__init__(message, status_code=status_code, body=body, entries=entries)
        self.retry_after = retry_after


class TooManyCalls(TemporaryTrouble):
    """429: the limit of calls a second was passed (rules.md T7)."""


class NoToken(TemporaryTrouble):
    """What answered as the token server gave no token: a proxy, another service, or a server in disorder."""


class UntrustedServer(TemporaryTrouble):
    """The server's certificate does not hold. Temporary, because whoever runs the server can mend it without us.

    `issuer_unknown`: it is only that nobody whom we trust vouches for it.
    """

    def __init__(self, message: str, *, issuer_unknown: bool = False) -> None:
        super().__init__(message)
        self.issuer_unknown = issuer_unknown


class PayloadTooLarge(ProvtjanstError):
    """413: more than Skolverket takes in one call (rules.md T6)."""


class Refused(ProvtjanstError):
    """The call itself was wrong; `entries` say how."""


class NotAuthorised(ProvtjanstError):
    """The token is not accepted, not even a fresh one (5002)."""


class UnknownJob(ProvtjanstError):
    """Skolverket does not know the job id."""


class TokenRefused(ProvtjanstError):
    """The token server gave no token. `server_text` is its own words.

    `says_it_all`: the message says for certain what is wrong and what to do, so that nobody need look further.
    """

    def __init__(
        self,
        message: str,
        *,
        server_text: str = "",
        status_code: int | None = None,
        body: str = "",
        says_it_all: bool = False,
    ) -> None:
        super().__init__(message, status_code=status_code, body=body)
        self.server_text = server_text[:BODY_LIMIT]
        self.says_it_all = says_it_all


class WrongOwner(TokenRefused):
    """The token names another organisation than the one that asked for it: nothing may be sent with it."""


class WrongServer(TokenRefused):
    """What answers is not the server that is trusted: its key is another, or nobody says which key it should have."""


class CertificateRefused(TokenRefused):
    """The server ended the TLS handshake because of the client certificate."""
