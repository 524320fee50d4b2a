"""The fingerprint by which two payloads of an object are compared."""

import hashlib


def payload_hash(payload: bytes) -> str:
    """The fingerprint by which two payloads of an object are compared."""
    return hashlib.sha256(payload).hexdigest()
