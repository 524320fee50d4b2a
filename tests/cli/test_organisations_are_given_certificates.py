"""`provsluss organisation certificate`: the operator's way to files anywhere on the server."""

import sqlite3
from pathlib import Path

import pytest

from tests.fixtures.certificates import Authority
from tests.fixtures.command import Command

NUMBER = "2120009945"
COLUMNS = "certificate_file, private_key_file, client_key, entity_id"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def _stored(tmp_path: Path, number: str = NUMBER) -> tuple[str, ...]:
    with sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3") as database:
        query = f"SELECT {COLUMNS} FROM organisations_organisation WHERE number = ?"
        return tuple(database.execute(query, (number,)).fetchone())


def test_certificate_and_key_are_set(provsluss: Command, authority: Authority, tmp_path: Path) -> None:
    issued = authority.issue("kommun")
    provsluss("organisation", "add", NUMBER, "Exempelkommunen")
    files = ("--certificate", issued.certificate_file, "--key", issued.key_file)

    done = provsluss("organisation", "certificate", "212000-9945", *files)

    assert done.returncode == 0, done.stderr
    assert "Exempelkommunen använder nu kommun.crt" in done.stdout
    paths = (str(issued.certificate_file), str(issued.key_file))
    assert _stored(tmp_path) == (*paths, "fingerprint", "")

    assert provsluss("organisation", "certificate", NUMBER, *files, "--entity-id", "https://a.example").returncode == 0
    assert _stored(tmp_path) == (*paths, "entity_id", "https://a.example")

    provsluss("organisation", "add", "2120000829", "Grannkommunen")
    refused = provsluss("organisation", "certificate", "2120000829", *files, "--entity-id", "https://a.example")
    assert refused.returncode == 2
    assert "En annan huvudman har redan entitets-id https://a.example." in refused.stderr
    assert _stored(tmp_path, "2120000829") == ("", "", "fingerprint", "")


def test_files_that_cannot_be_used_are_refused(provsluss: Command, authority: Authority, tmp_path: Path) -> None:
    issued, other = authority.issue("kommun"), authority.issue("annan")
    provsluss("organisation", "add", NUMBER, "Exempelkommunen")

    for key in (other.key_file, tmp_path / "saknas.key"):
        arguments = ("--certificate", issued.certificate_file, "--key", key)
        refused = provsluss("organisation", "certificate", NUMBER, *arguments)
        assert refused.returncode == 2
        assert key.name in refused.stderr.replace("\n", "")
    assert _stored(tmp_path) == ("", "", "fingerprint", "")
