"""`provsluss address`: where each environment is and has been, and that the same service has moved."""

import json
import sqlite3
from pathlib import Path

from tests.fixtures.command import Command

OLD, NEW = "http://127.0.0.1:8100/provisioning/v1", "http://127.0.0.1:8200/provisioning/v1"


def test_what_was_sent_to_an_old_address_can_be_moved(provsluss: Command, tmp_path: Path) -> None:
    provsluss("organisation", "add", "2120009945", "Exempelkommunen", "--environment", "simulator")
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        (organisation,) = database.execute("SELECT id FROM organisations_organisation").fetchone()
        for number in range(3):
            database.execute(
                "INSERT INTO transfers_accepted (organisation_id, environment, address, kind, object_id, payload_hash, "
                "payload, accepted_at, with_warning, perhaps, login_hash) "
                "VALUES (?, 'simulator', ?, 'persons', ?, 'x', '{}', '2026-11-01', 0, 0, '')",
                (organisation, OLD, f"{number:032x}"),
            )

    def run(*arguments: str) -> str:
        return provsluss(*arguments, PROVSLUSS_SIMULATOR_URL="http://127.0.0.1:8200").stdout

    listed = json.loads(run("address", "list", "--json"))["addresses"]
    assert {"environment": "simulator", "address": OLD, "objects": 3, "is_todays": False} in listed
    assert {"environment": "simulator", "address": NEW, "objects": 0, "is_todays": True} in listed
    assert f"det som skickats till {OLD} (3 objekt) räknas inte hit" in run("doctor")
    assert f"simulator: 3 uppgifter som skickades till {OLD} räknas nu på {NEW}." in run("address", "moved", OLD + "/")
    assert "räknas inte hit" not in run("doctor")
    assert f"används nu         3  {NEW}" in run("address", "list")

    again = provsluss("address", "moved", OLD, PROVSLUSS_SIMULATOR_URL="http://127.0.0.1:8200")
    assert again.returncode == 2
    assert "provsluss address list" in again.stderr.replace("\n", " ")
