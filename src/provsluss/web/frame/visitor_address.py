"""Where a visitor comes from: the connection's other end, or whom our own proxies say that they were called by."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "okänd"
_IPV6_SITE = 64
"""A subscriber gets a whole network of so many bits, and can take any address in it."""


def visitor_address(request: HttpRequest) -> str:
    """The visitor's address (of IPv6 its network), UNKNOWN where there is none.

    Each proxy adds at the end of X-Forwarded-For who called it, so with settings.TRUSTED_PROXIES of them the visitor
    is that many from the end; everything before is the visitor's own invention. Without any, the header is not read.
    """
    proxies: int = settings.TRUSTED_PROXIES
    named = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < proxies <= len(named) and (address := _network(named[-proxies])):
        return address
    return _network(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def _network(text: str) -> str:
    """`text` as an address, without a port; empty when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, _IPV6_SITE), strict=False).network_address)
