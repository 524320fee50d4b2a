"""What the authorisation server answers when it says yes: a token, and what the token says about itself.

The token is a JWT that only Skolverket needs to verify; we read its claims to know how long it lives and whose it is.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provsluss.provtjanst.token_owner import TokenOwner, claims_of, owner_of

# For a server that does not say how long its token lives.
UNSTATED_LIFE = 300.0


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What may be shown of a token. `life` is in seconds."""

    life: float
    owner: TokenOwner


@dataclass(frozen=True, slots=True)
class GrantedToken:
    """A token and its facts. The value is in no repr."""

    value: str = field(repr=False)
    facts: TokenFacts


def read_grant(body: bytes) -> GrantedToken | None:
    """The token in an answer; None when there is none that can be used.

    A list of tokens is as good as one (RFC 9635); ours asks for one. Members that are not known are passed over.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    granted = document.get("access_token") if isinstance(document, dict) else None
    if isinstance(granted, list):
        granted = granted[0] if granted else None
    value = granted.get("value") if isinstance(granted, dict) else None
    if not isinstance(granted, dict) or not isinstance(value, str) or not _is_header_safe(value):
        return None
    claims = claims_of(value)
    # `expires_in` has been documented as ten days for tokens whose own claims say ten hours: the shorter counts.
    stated = [life for life in (_seconds(granted.get("expires_in")), _life_of(claims)) if life is not None]
    return GrantedToken(value, TokenFacts(min(stated, default=UNSTATED_LIFE), owner_of(claims)))


def _is_header_safe(value: str) -> bool:
    return bool(value) and value.isascii() and value.isprintable() and " " not in value


def _life_of(claims: Mapping[str, Any]) -> float | None:
    """Seconds from issue to end, both by the server's clock, so that a wrong one here does no harm."""
    ends, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if ends is None or issued is None or ends <= issued:
        return None
    return ends - issued


def _seconds(value: object) -> float | None:
    """A number that is finite and not negative, also when it is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return max(number, 0.0) if math.isfinite(number) else None
