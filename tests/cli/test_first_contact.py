"""What can go wrong the first time ends in one Swedish sentence and status 2, never in a traceback."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.command import Command, run_command

ADD = ("organisation", "add", "2120009945", "Exempelkommunen")


def _refused(answer: object) -> str:
    text = answer.stderr + answer.stdout  # type: ignore[attr-defined]
    assert answer.returncode == 2, text  # type: ignore[attr-defined]
    assert "Traceback" not in text
    return str(text)


def test_a_wrong_setting(tmp_path: Path) -> None:
    told = _refused(run_command(tmp_path / "data", "organisation", "list", PROVSLUSS_PAYLOAD_DAYS="-3"))
    assert "PROVSLUSS_PAYLOAD_DAYS är ”-3”" in told


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert "PROVSLUSS_DATA_DIR" in _refused(run_command(tmp_path / "data", "organisation", "list"))


def test_a_new_directory_is_made_ready_by_the_first_command(tmp_path: Path) -> None:
    assert run_command(tmp_path / "ny" / "data", *ADD).returncode == 0
    data = tmp_path / "ny" / "data"
    assert [one.name for one in data.iterdir() if one.stat().st_mode & 0o077] == []


def test_a_database_that_is_none(provsluss: Command, tmp_path: Path) -> None:
    (tmp_path / "data" / "provsluss.sqlite3").write_bytes(b"ingen databas " * 100)
    assert "provsluss.sqlite3" in _refused(provsluss("organisation", "list"))


def test_a_database_of_a_newer_version(provsluss: Command, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "provsluss.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('transfers', '9999_later', '2030-01-01')"
        )
        database.commit()
    assert "nyare version" in _refused(provsluss("organisation", "list"))


@pytest.mark.parametrize(
    "url",
    ["postgresql://nobody:hemligt@127.0.0.1:9/provsluss", "postgresql://a:hemligt@finns.inte.invalid/provsluss"],
)
def test_a_server_that_does_not_answer(tmp_path: Path, url: str) -> None:
    told = _refused(run_command(tmp_path / "data", "organisation", "list", PROVSLUSS_DATABASE_URL=url))
    assert "hemligt" not in told


def test_an_address_that_this_computer_does_not_have(provsluss: Command) -> None:
    assert "--bind" in _refused(provsluss("web", "--bind", "203.0.113.7", "--port", "8765"))


def test_accounts(provsluss: Command) -> None:
    assert provsluss(*ADD).returncode == 0
    of = ("--organisation", "2120009945", "--password-stdin")
    password = "gran-sten-molnet-38"
    assert provsluss("user", "add", "Astrid", *of, stdin=password).returncode == 0
    assert "Astrid" in _refused(provsluss("user", "add", "astrid", *of, stdin=password))
    assert provsluss("user", "add", "Astrid", *of, "--email", "a@exempel.se", stdin=password).returncode == 0
    listed = provsluss("user", "list").stdout
    assert "a@exempel.se" in listed
    assert provsluss("user", "password", "Astrid", "--password-stdin", stdin="sten-gran-molnet-83").returncode == 0
    assert provsluss("user", "close", "Astrid").returncode == 0
    assert "stängt" in provsluss("user", "list").stdout
    assert "provsluss" in provsluss("--version").stdout.lower()
