"""Pins: the SHA-256 of a server's key (its SPKI form) in base64, which curl calls --pinnedpubkey."""

import base64
import re

PINNED = "sha256//"
"""What curl writes before a pin; we take pins with and without it."""
_BYTES = 32


def read_pins(text: str) -> frozenset[str]:
    """Pins written after each other, with or without `sha256//`, with commas, semicolons or spaces between.

    Raises ValueError for anything that is not the base64 form of 32 bytes.
    """
    pins = [part.removeprefix(PINNED) for part in re.split(r"[\s,;]+", text) if part]
    for pin in pins:
        try:
            digest = base64.b64decode(pin, validate=True)
        except ValueError as problem:
            raise ValueError("a pin is not base64") from problem
        if len(digest) != _BYTES:
            raise ValueError("a pin is not the base64 form of 32 bytes")
    return frozenset(pins)
