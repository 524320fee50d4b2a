"""An installation on either database, which a test about the engine does its worst to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.installation import Installation


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def here(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    start_simulator: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:
    """An empty installation with small calls, so that much can happen between them. A worker is soon taken for dead."""
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "3000")
    monkeypatch.setenv("PROVSLUSS_TRANSFER_RATE", "40")
    monkeypatch.setenv("PROVSLUSS_WORKER_DEAD_AFTER", "2")
    url = request.getfixturevalue("migrated_postgresql_url") if request.param == "postgresql" else ""
    return Installation(tmp_path / "data", start_simulator("--delay", "0.2", "--transfer-rate", "0"), url)
