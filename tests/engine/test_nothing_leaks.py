"""After a full run with faults, neither the log nor the engine's own tables hold anything of anybody."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start


def test_logs_and_engine_tables_hold_no_personal_data_and_no_token(
    tmp_path: Path, start_simulator: Callable[..., str], start_process: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROVSLUSS_MAX_PAYLOAD_BYTES", "20000")
    monkeypatch.setenv("PROVSLUSS_TRANSFER_RATE", "0")
    monkeypatch.setenv("PROVSLUSS_LOG_LEVEL", "DEBUG")
    faults = ("--fail-share", "0.1", "--drop-share", "0.1", "--temporary-share", "0.1", "--html-share", "0.1")
    here = Installation(tmp_path / "data", start_simulator("--delay", "0.1", "--transfer-rate", "0", *faults))
    here.add_school(pupils=120)
    worker = start_process("-m", "provsluss", "worker", environment=here.environment)
    transfer = here.json("send", "--organisation", ORGANISATION)["transfer"]
    deadline = time.monotonic() + 90
    while not here.rows("SELECT finished_at FROM transfers_transfer WHERE id = ?", transfer)[0][0]:
        assert time.monotonic() < deadline
        time.sleep(0.3)
    worker.end()

    log = worker.output()
    assert "next try in" in log, "the faults have left their traces, so there was something to leak"
    engine = (here.data_dir / "engine.sqlite3").read_bytes().decode("utf-8", errors="ignore")
    for civic_number, eppn, given_name, family_name in here.rows(
        "SELECT civic_number, eppn, given_name, family_name FROM register_person"
    ):
        for secret in (civic_number, civic_number[2:], eppn, f"{given_name} {family_name}"):
            assert secret not in log
            assert secret not in engine
    for text in (log, engine):
        assert "bearer" not in text.lower()
        assert "access_token" not in text
