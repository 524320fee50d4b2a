"""The signature on a federation's metadata: a JWS in JSON form, general or flattened, made with ES256 (RFC 9932)."""

import json
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from joserfc.errors import (
    BadSignatureError,
    InvalidKeyCurveError,
    InvalidKeyTypeError,
    JoseError,
    KeyParameterError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, deserialize_json
from joserfc.util import json_b64decode

_ALGORITHM = "ES256"
_UNDERSTOOD = frozenset({"alg", "kid", "typ", "cty", "iat", "exp", "iss", "crit"})
"""What a critical header (RFC 7515 4.1.11) may name, because we heed it. `iat` and `exp` stood in the protected header
before RFC 9932 moved them into the payload."""


class MetadataProblem(Exception):
    """The federation's metadata cannot be used; the text is a Swedish sentence that says why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What one of our keys has signed."""

    header: dict[str, Any]
    payload: bytes


class _Fault(IntEnum):
    """What is wrong with a signature, from what says least to what says most."""

    FORM = 0
    SIGNATURE = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class _Refused:
    fault: _Fault
    sentence: str


_WRONG_FORM = _Refused(
    _Fault.FORM,
    "Federationens metadata har inte den form som de ska ha (en JWS i JSON-form, RFC 9932). Kontrollera "
    "PROVSLUSS_MOA_METADATA_URL.",
)


class _Registry(JWSRegistry):
    """joserfc's own limits are for tokens; a federation has hundreds of members with their certificates."""

    max_header_length = 16_000
    max_payload_length = 40_000_000

    def check_header(self, header: dict[str, Any]) -> None:
        """Critical headers have been looked at already, and others may be there."""
        super().check_header({name: value for name, value in header.items() if name != "crit"})


def read_keys(file: Path) -> KeySet:
    """The federation's public keys, from a file with a JWKS. Raises MetadataProblem."""
    try:
        return KeySet.import_key_set(json.loads(file.read_bytes()))
    except OSError as problem:
        raise MetadataProblem(
            f"Filen med federationens nycklar ({file.name}) gick inte att läsa. Kontrollera PROVSLUSS_MOA_KEYS_FILE."
        ) from problem
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, JoseError) as problem:
        raise MetadataProblem(
            f"Filen med federationens nycklar ({file.name}) är ingen JWKS. Kontrollera PROVSLUSS_MOA_KEYS_FILE."
        ) from problem


def verified(signed: bytes, keys: KeySet) -> Verified:
    """Protected header and payload of the first signature that one of our keys has made. Raises MetadataProblem.

    While a federation changes keys there are several signatures, of which we may know one.
    """
    try:
        document = json.loads(signed)
    except (ValueError, RecursionError) as problem:
        raise MetadataProblem(
            "Federationens metadata gick inte att läsa (inte JSON). Kontrollera PROVSLUSS_MOA_METADATA_URL."
        ) from problem
    refused = [_WRONG_FORM]
    for signature in _signatures(document):
        found = _look_at(signature, keys)
        if isinstance(found, Verified):
            return found
        refused.append(found)
    raise MetadataProblem(max(refused, key=lambda one: one.fault).sentence)


def _signatures(document: Any) -> list[dict[str, Any]]:
    """Each signature with the payload, in flattened form."""
    if not isinstance(document, dict):
        return []
    if "signatures" not in document:
        return [document]
    listed = document["signatures"] if isinstance(document["signatures"], list) else []
    return [{**one, "payload": document.get("payload")} for one in listed if isinstance(one, dict)]


def _look_at(signature: dict[str, Any], keys: KeySet) -> Verified | _Refused:
    """One signature, with whichever of our keys it may have been made."""
    try:
        header = json_b64decode(signature["protected"].encode())
        unprotected = signature.get("header") or {}
        parts = (signature["payload"], signature["signature"], header.get("alg"))
    except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _WRONG_FORM
    if not all(isinstance(part, str) for part in parts) or not isinstance(unprotected, dict):
        return _WRONG_FORM
    if "crit" in header or "crit" in unprotected:
        named = header.get("crit")
        if not isinstance(named, list) or not named or not all(isinstance(name, str) for name in named):
            return _WRONG_FORM
        if strange := [name for name in named if name not in _UNDERSTOOD or name not in header]:
            return _Refused(
                _Fault.CRITICAL,
                f"Federationens metadata kräver något som Provsluss inte förstår (crit: {_shown(', '.join(strange))}), "
                "och används därför inte. Uppdatera Provsluss.",
            )
    return _checked(signature, header, keys)


def _checked(signature: dict[str, Any], header: dict[str, Any], keys: KeySet) -> Verified | _Refused:
    registry = _Registry(strict_check_header=False, algorithms=[_ALGORITHM])
    named = [key for key in keys.keys if key.kid == header.get("kid")]
    # A name can be missing on either side (joserfc gives a key without one its thumbprint): then each is tried.
    for key in named or keys.keys:
        try:
            found = deserialize_json(signature, key, registry=registry)  # type: ignore[call-overload]
        except UnsupportedAlgorithmError:
            return _Refused(
                _Fault.SIGNATURE,
                f"Signaturen på federationens metadata är gjord på ett sätt som Provsluss inte godtar "
                f"({_shown(str(header['alg']))}, inte {_ALGORITHM}). De används därför inte.",
            )
        except (BadSignatureError, InvalidKeyTypeError, InvalidKeyCurveError, KeyParameterError):
            continue  # not by this key; there can be keys of other sorts among ours
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            return _WRONG_FORM
        return Verified(header, found.payload or b"")
    if named:
        return _Refused(
            _Fault.SIGNATURE,
            "Signaturen på federationens metadata stämmer inte: de är ändrade på vägen, eller signerade med en annan "
            "nyckel än den i PROVSLUSS_MOA_KEYS_FILE. De används därför inte.",
        )
    return _Refused(
        _Fault.SIGNATURE,
        "Signaturen på federationens metadata är inte gjord med någon av federationens nycklar. Har federationen bytt "
        "nyckel: hämta dem på nytt till PROVSLUSS_MOA_KEYS_FILE.",
    )


def _shown(text: str) -> str:
    """What may stand in a sentence of ours; it comes from somebody whom we do not know."""
    return "".join(letter for letter in text if letter.isprintable())[:60]
