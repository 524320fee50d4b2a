"""`provsluss doctor`: every link with its level and what to do, for people and for machines."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.certificates import Authority
from tests.fixtures.command import Command


@pytest.fixture
def organisation(provsluss: Command) -> str:
    """Exempelkommunen, with the simulator as its environment."""
    assert (
        provsluss("organisation", "add", "2120009945", "Exempelkommunen", "--environment", "simulator").returncode == 0
    )
    return "2120009945"


def test_the_way_to_the_simulator(provsluss: Command, organisation: str, start_simulator: Callable[..., str]) -> None:
    base = start_simulator("--delay", "0")
    done = provsluss("doctor", "--json", PROVSLUSS_SIMULATOR_URL=base)

    checks = {check["title"]: check for check in json.loads(done.stdout)["checks"]}
    for title in ("Databas", "Certifikat", "Behörighet", "Skolverkets tjänst", "Tillgång till tjänsten", "Klocka"):
        assert checks[title]["level"] == "ok", checks[title]
        assert checks[title]["ok"] is True
    assert checks["Arbetsprocess"]["level"] == "fel"
    assert checks["Arbetsprocess"]["remedy"] == "Starta med: provsluss serve"
    assert checks["Behörighet"]["about"] == "Exempelkommunen, Simulator"
    assert done.returncode == 1


def test_what_is_wrong_and_what_to_do_in_words(provsluss: Command, organisation: str, tmp_path: Path) -> None:
    issued = Authority(tmp_path).issue("huvudman", ends=10, serial_number="SE2120009945-1")
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        database.execute(
            "UPDATE organisations_organisation SET environment = 'produktion', certificate_file = ?, "
            "private_key_file = ?",
            (str(issued.certificate_file), str(issued.key_file)),
        )
    nowhere = "https://127.0.0.1:9"
    done = provsluss("doctor", PROVSLUSS_PRODUCTION_URL=nowhere, PROVSLUSS_TOKEN_URL=f"{nowhere}/transaction")

    assert done.returncode == 1
    assert "Exempelkommunen, Produktion:" in done.stdout
    assert "✓ ok       Privat nyckel: huvudman.key går att läsa och hör till certifikatet." in done.stdout
    assert "! varning  Giltighet: Certifikatet gäller till" in done.stdout
    assert "! varning  Behörighetsserverns nyckel: Kontrolleras inte." in done.stdout
    assert "→ Ange nyckeln som Skolverket publicerar i PROVSLUSS_TOKEN_PINS" in done.stdout
    assert "✗ fel      Behörighet: Behörighetsservern gick inte att nå." in done.stdout
    assert "Fingeravtryck, base64url (RFC 8705): " in done.stdout
    assert "PRIVATE KEY" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_simulator_that_is_not_started(provsluss: Command, organisation: str) -> None:
    silent = "http://127.0.0.1:9"
    advice = f"Simulatorn på {silent} svarar inte. Starta den, eller ange adressen i PROVSLUSS_SIMULATOR_URL."

    done = provsluss("doctor", PROVSLUSS_SIMULATOR_URL=silent)

    assert advice in done.stdout
    assert "driftinformation" not in done.stdout
