"""What must never be found where it does not belong, and looking for it in everything that a run leaves behind."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from tests.engine.installation import Installation


def forms_of_civic_number(number: str) -> list[str]:
    """All ways to write a personnummer of twelve digits."""
    return [number, number[2:], f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}"]


def secrets_of_persons(here: Installation) -> dict[str, str]:
    """Everything in the register that says who somebody is: secret → what it is."""
    found: dict[str, str] = {}
    for civic_number, eppn, given, family, email in here.rows(
        "SELECT civic_number, eppn, given_name, family_name, email FROM register_person"
    ):
        found |= dict.fromkeys(forms_of_civic_number(civic_number), "personnummer")
        found |= {eppn: "EPPN", f"{given} {family}": "name", f"{family} {given}": "name", f"{family}, {given}": "name"}
        if email:
            found[email] = "e-mail"
    return found


def leaks(places: dict[str, str], secrets: dict[str, str]) -> list[str]:
    """`what in where` for each secret that stands in a place, as it is or as JSON writes it."""
    return sorted(
        {
            f"{what} in {place}"
            for place, text in places.items()
            for secret, what in secrets.items()
            if secret in text or _in_json(secret) in text
        }
    )


def engine_tables(here: Installation) -> str:
    """Everything in the engine's own tables: the whole file with what is in its -wal only, or PostgreSQL's schema."""
    if here.database_url:
        return "\n".join(_rows_of_schema(here.database_url, "dbos"))
    files = sorted(here.data_dir.glob("engine.sqlite3*"))
    return "".join(file.read_bytes().decode("utf-8", errors="ignore") for file in files)


def plant_in_engine_tables(here: Installation, secret: str) -> None:
    """Write a secret where none may be, to see that it is found."""
    if here.database_url:
        with psycopg.connect(here.database_url) as connection:
            connection.execute("CREATE TABLE dbos.planted (what text)")
            connection.execute("INSERT INTO dbos.planted VALUES (%s)", [secret])
        return
    with sqlite3.connect(here.data_dir / "engine.sqlite3", timeout=30) as database:
        database.execute("CREATE TABLE planted (what text)")
        database.execute("INSERT INTO planted VALUES (?)", [secret])
    assert secret.encode() not in (here.data_dir / "engine.sqlite3").read_bytes(), "it is in the -wal and only there"


def texts_in(directory: Path) -> str:
    """All files of a directory, one after the other."""
    return "\n".join(file.read_text("utf-8") for file in sorted(directory.iterdir()))


def _rows_of_schema(url: str, schema: str) -> Iterable[str]:
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
        for (table,) in tables:
            rows = sql.SQL("SELECT whole::text FROM {} AS whole").format(sql.Identifier(schema, table))
            yield from (row for (row,) in connection.execute(rows))


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]
