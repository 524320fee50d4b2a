"""Where a register may be asked: https out in the open; an inner address or http only where an operator has said so."""

import ipaddress
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import urlsplit

from provsluss.register.sources.refusal import SourceRefused

NO_ADDRESS = "Adressen ska börja med https:// och ett värdnamn, till exempel https://register.exempel.se/ss12000/v2.0."
NO_TLS = (
    "Adressen börjar inte med https://, och då kan elevernas uppgifter läsas på vägen. Den som driver Provsluss kan "
    "tillåta det: provsluss source add på servern."
)
INNER = (
    "Adressen leder till en dator på insidan av nätet. Den som driver Provsluss kan tillåta det: provsluss source add "
    "på servern."
)


def demand_address(url: str, inner_allowed: bool) -> None:
    """Raises SourceRefused with a sentence if `url` may not be asked. Asks the name server where a name leads."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise SourceRefused(NO_ADDRESS)
    if inner_allowed:
        return
    if parts.scheme != "https":
        raise SourceRefused(NO_TLS)
    try:
        port = parts.port or 443
        found = getaddrinfo(parts.hostname, port, type=SOCK_STREAM)
    except (OSError, ValueError):
        raise SourceRefused(f"Värdnamnet {parts.hostname} finns inte. Kontrollera adressen.") from None
    if any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found):
        raise SourceRefused(INNER)
