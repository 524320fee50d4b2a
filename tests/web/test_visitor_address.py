"""Where a visitor comes from, with and without proxies of our own."""

from typing import Any

import pytest
from django.test import RequestFactory

from provsluss.web.frame.visitor_address import UNKNOWN, visitor_address


@pytest.mark.parametrize(
    ("proxies", "connection", "named", "address"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (1, "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "127.0.0.1", "6.6.6.6,203.0.113.9 , 198.51.100.7", "203.0.113.9"),
        (2, "192.0.2.1", "198.51.100.7", "192.0.2.1"),  # somebody who came past one of the proxies
        (1, "127.0.0.1", None, "127.0.0.1"),
        (1, "127.0.0.1", "skräp", "127.0.0.1"),
        (1, "127.0.0.1", "", "127.0.0.1"),
        (1, "127.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        (1, "127.0.0.1", "[2001:db8:1:2::5]:443", "2001:db8:1:2::"),
        (1, "127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        (0, "fe80::1%eth0", None, "fe80::"),
        (0, "", None, UNKNOWN),
    ],
)
def test_whom_we_believe(settings: Any, proxies: int, connection: str, named: str | None, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {} if named is None else {"X-Forwarded-For": named}
    assert visitor_address(RequestFactory(REMOTE_ADDR=connection).get("/", headers=headers)) == address
