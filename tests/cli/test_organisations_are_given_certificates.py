"""`provsluss organisation certificate`: the operator's way to files anywhere on the server."""

import sqlite3
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.fixtures.certificates import Authority, Issued
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


def test_another_huvudmans_certificate_is_refused(provsluss: Command, authority: Authority, tmp_path: Path) -> None:
    """Everything would be sent in its name. Warnings are given at once, and change nothing."""
    provsluss("organisation", "add", NUMBER, "Exempelkommunen")
    provsluss("organisation", "add", "5567044267", "Grannskolan")

    def give(number: str, issued: Issued, *more: str) -> CompletedProcess[str]:
        files = ("--certificate", issued.certificate_file, "--key", issued.key_file)
        return provsluss("organisation", "certificate", number, *files, *more)

    ours = authority.issue("kommun", serial_number="SE2120009945-1", ends=-1)
    expired = give(NUMBER, ours)
    assert expired.returncode == 0
    assert "Varning: Certifikatet gick ut" in expired.stderr

    for more in ((), ("--entity-id", "https://granne.example")):
        refused = give("5567044267", ours, *more)
        assert refused.returncode == 2
        said = " ".join(refused.stderr.split())
        assert "Certifikatet är utfärdat till SE2120009945, men Grannskolan har SE5567044267." in said
    assert _stored(tmp_path, "5567044267") == ("", "", "fingerprint", "")

    early = give("5567044267", authority.issue("granne", begins=1, serial_number="SE5567044267-1"))
    assert early.returncode == 0
    assert "Varning: Certifikatet börjar gälla först" in early.stderr
