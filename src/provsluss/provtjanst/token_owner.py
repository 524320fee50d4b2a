"""Whose a token is, by its own claims (rules.md 6.3: `organization_id`, e.g. SE2021004185).

The claims are read as they may come, because the production server's configuration is not public: under other
spellings of the name, within other claims, and with the number in any of its forms. What cannot be read says nothing.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provsluss.provtjanst.organisation_numbers import numbers_in
from provsluss.ss12000.ids import as_uuid, skolverket_id

DOCUMENTED = "organization_id"
_ORGANISATION = re.compile(r"(?:client)?(?:org|organi[sz]ations?)(?:id|identifier|identity|number|nr|no|nummer)?")
_NOT_OF_THE_HOLDER = {
    "act", "mayact", "azp", "iss", "issuer", "aud", "audience", "source", "origins", "access", "requestedaccess",
}  # fmt: skip
"""Claims that speak of others than the one whose token it is, or of what it is for."""
_DEEPEST = 6
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """What a token says of whose it is: `said` as it stands there ("" where nothing does), and the numbers in it."""

    said: str = ""
    numbers: tuple[str, ...] = ()

    def is_of(self, number: str) -> bool | None:
        """Whether the token is of the organisation with `number` (ten digits); None where that cannot be told."""
        if number in self.numbers or as_uuid(self.said) == skolverket_id(number):
            return True
        return False if self.numbers else None


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a JWT, also of one within another (RFC 7519 5.2); empty for a token of another kind."""
    for _ in range(_DEEPEST):
        parts = token.split(".")
        if len(parts) != 3:
            return {}
        try:
            payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
            claims = json.loads(payload)
        except (binascii.Error, ValueError, RecursionError):
            claims = _as_text(parts[1])
        if not isinstance(claims, str):
            return claims if isinstance(claims, dict) else {}
        token = claims  # a JWT within the JWT
    return {}


def owner_of(claims: Mapping[str, Any]) -> TokenOwner:
    """Whose the token with these claims is. The documented claim decides; otherwise the outermost that can be read."""
    documented = list(_texts(claims.get(DOCUMENTED)))
    first = _read(documented)
    if first.numbers or as_uuid(first.said):
        return first
    for texts in _by_depth(claims):
        owner = _read(texts)
        if owner.numbers or as_uuid(owner.said):
            return owner
        first = first if first.said else owner
    return first


def _read(texts: list[str]) -> TokenOwner:
    """What these values say together."""
    numbers = [number for text in texts if as_uuid(text) is None for number in numbers_in(text)]
    return TokenOwner(_shown(texts), tuple(dict.fromkeys(numbers)))


def _by_depth(claims: Mapping[str, Any]) -> Iterator[list[str]]:
    """The values of claims that name an organisation, the outermost first."""
    level: list[Any] = [claims]
    for _ in range(_DEEPEST):
        named: list[str] = []
        below: list[Any] = []
        for part in level:
            items = part.items() if isinstance(part, Mapping) else enumerate(part)
            for name, value in items:
                plain = _plain(name)
                if plain in _NOT_OF_THE_HOLDER:
                    continue
                if _ORGANISATION.fullmatch(plain):
                    named += _texts(value)
                elif isinstance(value, Mapping | list):
                    below.append(value)
        yield named
        level = below


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """The texts and numbers in a claim that names an organisation, whatever shape it has."""
    if isinstance(value, Mapping | list):
        for part in (value.values() if isinstance(value, Mapping) else value) if depth < _DEEPEST else ():
            yield from _texts(part, depth + 1)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value).strip().removeprefix("urn:uuid:")


def _plain(name: object) -> str:
    """The last part of a claim's name (which may be a URI), its letters alone."""
    return re.sub(r"[^a-z]", "", re.split(r"[/:#]", str(name).rstrip("/"))[-1].lower())


def _as_text(payload: str) -> str:
    """A payload that is no JSON, as text; "" when it is none."""
    try:
        return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode("ascii").strip()
    except (binascii.Error, ValueError):
        return ""


def _shown(texts: list[str]) -> str:
    """What may stand in a sentence of ours."""
    said = ", ".join(text for text in dict.fromkeys(texts) if text.isprintable())
    return said if len(said) <= _LONGEST_SHOWN else f"{said[:_LONGEST_SHOWN]}…"
