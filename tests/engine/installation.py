"""An installation of its own for a test: a data directory, the `provsluss` command, and a look into the tables."""

import json
import sqlite3
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.fixtures import python
from tests.fixtures.migrated import put_tables_into

PREPARED = ("--confirm", "fullmakt", "--confirm", "epost", "--confirm", "metod")
"""All that must be confirmed before protected persons are sent."""
ORGANISATION = "2120009945"
"""Exempelkommunen."""


@dataclass(frozen=True)
class Installation:
    """A data directory and the simulator it sends to."""

    data_dir: Path
    simulator: str
    database_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables for a process on this installation."""
        return {
            "PROVSLUSS_DATA_DIR": str(self.data_dir),
            "PROVSLUSS_SIMULATOR_URL": self.simulator,
            "PROVSLUSS_DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "provsluss.settings",
        }

    def run(self, *arguments: object, status: int | None = 0) -> str:
        """Run `provsluss …`, check its exit status (None: any) and return what it printed."""
        done = python.run("-m", "provsluss", *arguments, environment=self.environment)
        assert status is None or done.returncode == status, f"status {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *arguments: object, status: int | None = 0) -> Any:
        """The JSON object that `provsluss … --json` prints."""
        return json.loads(self.run(*arguments, "--json", status=status))

    def refusal(self, *arguments: object) -> str:
        """What `provsluss …` says on standard error when it ends with status 2."""
        done = python.run("-m", "provsluss", *arguments, environment=self.environment, timeout=60)
        assert done.returncode == 2, f"status {done.returncode}:\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def posts(self) -> int:
        """How many bulk calls the simulator has seen."""
        with urllib.request.urlopen(f"{self.simulator}/log", timeout=10) as answer:
            calls = json.load(answer)["calls"]
        return sum(count for call, count in calls.items() if call.startswith("POST") and call.endswith("/bulk"))

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Read the database; `?` stands for a parameter."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(query.replace("?", "%s"), parameters).fetchall()
        with sqlite3.connect(self.data_dir / "provsluss.sqlite3", timeout=30) as database:
            return database.execute(query, parameters).fetchall()

    def execute(self, statement: str, *parameters: object) -> None:
        """Change the database; `?` stands for a parameter."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                connection.execute(statement.replace("?", "%s"), parameters)  # type: ignore[call-overload]
            return
        with sqlite3.connect(self.data_dir / "provsluss.sqlite3", timeout=30) as database:
            database.execute(statement, parameters)

    def demand_tables(self) -> None:
        """Make the tables, unless they are there."""
        if self.database_url:
            if self.rows("SELECT to_regclass('django_migrations')") == [(None,)]:
                self.run("migrate")
        elif not (self.data_dir / "provsluss.sqlite3").exists():
            put_tables_into(self.data_dir)

    def add_school(self, pupils: int, schools: int = 1) -> None:
        """Exempelkommunen with an imported, faultless example school."""
        workbook = self.data_dir.parent / "school.xlsx"
        self.demand_tables()
        self.run("organisation", "add", ORGANISATION, "Exempelkommunen", "--environment", "simulator")
        self.run("organisation", "protection", ORGANISATION, *PREPARED)
        self.run("example", workbook, "--pupils", pupils, "--schools", schools, "--seed", 1, "--faultless")
        self.run("import", workbook, "--organisation", ORGANISATION, "--yes")
