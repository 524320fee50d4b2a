"""The metadata of a TLS federation (Moa): who is a member, and with which keys and issuers.

The layout is that of MATF (Mutually Authenticating TLS in the Context of Federations, RFC 9932), or of the drafts
before it. How it is signed is the matter of moa_signature.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from joserfc.jwk import KeySet
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from provsluss.provtjanst.moa_signature import MetadataProblem, verified
from provsluss.provtjanst.pinned_tls import TrustedServer

# For metadata that does not say how long it may be kept before it is asked for again.
UNSTATED_CACHE_TTL = 3600.0


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


def _objects(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


class _Pin(_Part):
    alg: str = ""
    digest: str = ""


class _Issuer(_Part):
    x509certificate: str = ""


class Endpoint(_Part):
    """A server or a client of a member."""

    base_uri: str | None = None
    pins: Annotated[list[_Pin], BeforeValidator(_objects)] = []

    @property
    def key_pins(self) -> frozenset[str]:
        """The pins of its keys, of the one sort that there is."""
        return frozenset(pin.digest for pin in self.pins if pin.alg == "sha256" and pin.digest)


class Entity(_Part):
    """A member's entity."""

    entity_id: str
    organization_id: str | None = None
    issuers: Annotated[list[_Issuer], BeforeValidator(_objects)] = []
    servers: Annotated[list[Endpoint], BeforeValidator(_objects)] = []
    clients: Annotated[list[Endpoint], BeforeValidator(_objects)] = []


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the federation says, and when it said so if it tells that.

    `cache_ttl` is how many seconds to wait before it is asked for again.
    """

    entities: dict[str, Entity]
    expires_at: datetime
    issued_at: datetime | None
    cache_ttl: float

    def server(self, url: str) -> TrustedServer | None:
        """What the server behind `url` has to show; None when no member has it with keys and issuers."""
        wanted = _place(url)
        for entity in self.entities.values():
            for endpoint in entity.servers:
                issuers = "\n".join(issuer.x509certificate for issuer in entity.issuers if issuer.x509certificate)
                if endpoint.base_uri and _place(endpoint.base_uri) == wanted and endpoint.key_pins and issuers:
                    return TrustedServer(endpoint.key_pins, issuers)
        return None


def read_metadata(signed: bytes, keys: KeySet) -> Metadata:
    """The content of signed metadata, if one of `keys` has signed it. Whether it has expired is the caller's to ask.

    Raises MetadataProblem.
    """
    found = verified(signed, keys)
    try:
        content = json.loads(found.payload)
    except (ValueError, RecursionError) as problem:
        raise MetadataProblem("Federationens metadata gick inte att läsa.") from problem
    if not isinstance(content, dict) or not isinstance(content.get("entities"), list):
        raise MetadataProblem("Federationens metadata innehåller inga medlemmar.")
    # RFC 9932 has the times in the content; before it they stood in the protected header. Of both, the stricter.
    said = (content, found.header)
    ends, issued = _times(said, "exp"), [time for time in _times(said, "iat") if time is not None]
    if not ends:
        raise MetadataProblem("Federationens metadata säger inte hur länge de gäller.")
    possible = [time for time in ends if time is not None]
    if len(possible) < len(ends):
        raise MetadataProblem("Federationens metadata säger att de gäller till en tid som inte finns (exp).")
    return Metadata(
        _entities(content["entities"]), min(possible), min(issued, default=None), _cache_ttl(content.get("cache_ttl"))
    )


def _times(said: Iterable[dict[str, Any]], name: str) -> list[datetime | None]:
    """The times under `name` in each that has one (NumericDate, RFC 7519); None for one that does not exist."""
    written = [one[name] for one in said if name in one]
    return [_time(number) for number in written if isinstance(number, int | float) and not isinstance(number, bool)]


def _time(number: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _entities(listed: list[Any]) -> dict[str, Entity]:
    """The entities that can be read. One member's mistake must not shut the others out."""
    found: dict[str, Entity] = {}
    for one in listed:
        try:
            entity = Entity.model_validate(one)
        except ValidationError:
            continue
        found[entity.entity_id] = entity
    return found


def _cache_ttl(value: object) -> float:
    is_usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**9
    return float(value) if is_usable else UNSTATED_CACHE_TTL  # type: ignore[arg-type]


def _place(url: str) -> tuple[str, int] | None:
    """Host and port of an https address."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "", parts.port or 443) if parts.scheme == "https" else None
    except ValueError:
        return None
