"""The metadata of a TLS federation (Moa): who is a member, and with which keys and issuers.

A JWS in JSON form, general or flattened, signed with ES256; `exp` stands in the protected header and `cache_ttl` in the
content. The layout is that of MATF (Mutually Authenticating TLS in the context of Federations).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, deserialize_json
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from provsluss.provtjanst.pinned_tls import TrustedServer

# For metadata that does not say how long it may be kept before it is asked for again.
UNSTATED_CACHE_TTL = 3600.0


class MetadataProblem(Exception):
    """The federation's metadata cannot be used; the text is a Swedish sentence that says why."""


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
    """What the federation says. `cache_ttl` is how many seconds to wait before it is asked for again."""

    entities: dict[str, Entity]
    expires_at: datetime
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


class _Registry(JWSRegistry):
    """joserfc's own limits are for tokens; a federation has hundreds of members with their certificates."""

    max_header_length = 16_000
    max_payload_length = 40_000_000


def read_keys(file: Path) -> KeySet:
    """The federation's public keys, from a file with a JWKS. Raises MetadataProblem."""
    try:
        return KeySet.import_key_set(json.loads(file.read_bytes()))
    except OSError as problem:
        raise MetadataProblem(
            f"Filen med federationens nycklar ({file.name}) gick inte att läsa. Kontrollera PROVSLUSS_MOA_KEYS_FILE."
        ) from problem
    except (ValueError, KeyError, TypeError, AttributeError, JoseError) as problem:
        raise MetadataProblem(
            f"Filen med federationens nycklar ({file.name}) är ingen JWKS. Kontrollera PROVSLUSS_MOA_KEYS_FILE."
        ) from problem


def read_metadata(signed: bytes, keys: KeySet) -> Metadata:
    """The content of signed metadata, if one of `keys` has signed it. Whether it has expired is the caller's to ask.

    Raises MetadataProblem.
    """
    try:
        document = json.loads(signed)
    except (ValueError, RecursionError) as problem:
        raise MetadataProblem("Federationens metadata gick inte att läsa (inte JSON).") from problem
    header, payload = _verified(document, keys)
    ends = header.get("exp")
    if isinstance(ends, bool) or not isinstance(ends, int | float):
        raise MetadataProblem("Federationens metadata säger inte hur länge de gäller.")
    try:
        content = json.loads(payload)
        expires_at = datetime.fromtimestamp(ends, UTC)
    except (ValueError, OverflowError, OSError, RecursionError) as problem:
        raise MetadataProblem("Federationens metadata gick inte att läsa.") from problem
    if not isinstance(content, dict) or not isinstance(content.get("entities"), list):
        raise MetadataProblem("Federationens metadata innehåller inga medlemmar.")
    return Metadata(_entities(content["entities"]), expires_at, _cache_ttl(content.get("cache_ttl")))


def _verified(document: Any, keys: KeySet) -> tuple[dict[str, Any], bytes]:
    """Protected header and payload of the first signature that one of our keys has made.

    While a federation changes keys there are several signatures, of which we may know one.
    """
    registry = _Registry(strict_check_header=False, algorithms=["ES256"])
    for signature in _signatures(document):
        try:
            verified = deserialize_json(signature, keys, registry=registry)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            continue  # not by a key of ours, or no signature at all; the next may be
        return dict(verified.members[0].protected or {}), verified.payload or b""
    raise MetadataProblem("Signaturen på federationens metadata är inte gjord med någon av federationens nycklar.")


def _signatures(document: Any) -> list[Any]:
    """Each signature with the payload, in flattened form."""
    if not isinstance(document, dict):
        return []
    if "signatures" not in document:
        return [document]
    return [{**signature, "payload": document.get("payload")} for signature in _objects(document["signatures"])]


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
