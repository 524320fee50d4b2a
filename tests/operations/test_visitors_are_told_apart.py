"""`doctor` says whether visitors behind a proxy can be told apart."""

from typing import Any

import pytest

from provsluss.connection.check import Level
from provsluss.operations.visitors_checkup import check_visitors


@pytest.mark.parametrize(
    ("https", "proxies", "levels"), [(False, 0, []), (True, 0, [Level.WARNING]), (True, 1, [Level.OK])]
)
def test_a_proxy_is_known_of(settings: Any, https: bool, proxies: int, levels: list[Level]) -> None:
    settings.SECURE_COOKIES, settings.TRUSTED_PROXIES = https, proxies
    assert [check.level for check in check_visitors()] == levels
