"""What a register has said so far: one private file a source, in which each object is kept as shapes.py has it.

A reading works on a copy of it, which is the import's private copy (uploads.py), and takes its place once the import is
stored: so what was read and how far it was read are one and the same file, and a reading that is not stored is as if it
had never been.
"""

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings

_TABLES = """
CREATE TABLE objects (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE rows (section TEXT, number INTEGER, body TEXT NOT NULL, PRIMARY KEY (section, number)) WITHOUT ROWID;
"""
"""`people` are those who have been both pupil and staff: their ids as staff stay what they have become. `rows` is what
the objects come to on the day of the reading."""


class Mirror:
    """The file, open. Everything in it is the register's own; `rows` is made of it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def put(self, kind: str, objects: Iterable[tuple[str, str]]) -> None:
        """Keep objects (id and body), in the place of those with the same id."""
        self.database.executemany(
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", ((kind, one, body) for one, body in objects)
        )

    def delete(self, kind: str, ids: Iterable[str]) -> int:
        """Forget objects. Returns how many there were."""
        return self.database.executemany(
            "DELETE FROM objects WHERE kind = ? AND id = ?", ((kind, one) for one in ids)
        ).rowcount

    def bodies(self, kind: str) -> Iterator[str]:
        """The objects of a kind, by id: always in the same order."""
        for (body,) in self.database.execute("SELECT body FROM objects WHERE kind = ? ORDER BY id", (kind,)):
            yield body

    def body(self, kind: str, object_id: str) -> str | None:
        """One object."""
        found = self.database.execute(
            "SELECT body FROM objects WHERE kind = ? AND id = ?", (kind, object_id)
        ).fetchone()
        return str(found[0]) if found else None

    def has(self, kind: str, object_id: str) -> bool:
        """Whether the object is there."""
        query = "SELECT 1 FROM objects WHERE kind = ? AND id = ?"
        return self.database.execute(query, (kind, object_id)).fetchone() is not None

    def ids(self, kind: str) -> Iterator[str]:
        """The ids of a kind; of the persons those of pupils, since the others are not all kept."""
        query = "SELECT id FROM objects WHERE kind = ? AND (kind <> 'persons' OR body LIKE '%\"enrolments\"%')"
        return (one for (one,) in self.database.execute(query, (kind,)))

    def count(self, kind: str) -> int:
        """How many objects of a kind there are."""
        return int(self.database.execute("SELECT count(*) FROM objects WHERE kind = ?", (kind,)).fetchone()[0])

    def fact(self, name: str) -> str:
        """What was noted of the register, such as how far a list has been read; empty for what was not."""
        found = self.database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def note(self, name: str, value: str) -> None:
        """Note something of the register."""
        self.database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def were_both(self) -> set[str]:
        """Who has been pupil and staff at once, at this reading or before."""
        return {one for (one,) in self.database.execute("SELECT id FROM people")}

    def remember_both(self, ids: Iterable[str]) -> None:
        """Remember who is pupil and staff at once."""
        self.database.executemany("INSERT OR IGNORE INTO people VALUES (?)", ((one,) for one in ids))

    def forget_outsiders(self) -> None:
        """Keep nothing of persons who are neither pupils nor anybody's colleague, such as guardians.

        One who becomes a colleague is not told of as changed (SS 12000, Meta), but is asked for by id.
        """
        self.database.execute(
            "DELETE FROM objects WHERE kind = 'persons' AND json_extract(body, '$.enrolments') IS NULL AND id NOT IN ("
            " SELECT json_extract(body, '$.person') FROM objects"
            " WHERE kind = 'duties' AND json_extract(body, '$.person') IS NOT NULL)"
        )

    def put_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Keep what the sections come to, each row with its section, in their order."""
        numbers = Counter[str]()
        for section, body in rows:
            numbers[section] += 1
            self.database.execute("INSERT INTO rows VALUES (?, ?, ?)", (section, numbers[section], body))

    def rows(self, section: str) -> Iterator[tuple[int, str]]:
        """What a section came to, each row with its number."""
        yield from self.database.execute("SELECT number, body FROM rows WHERE section = ? ORDER BY number", (section,))

    def row_count(self) -> int:
        """How many rows the sections have."""
        return int(self.database.execute("SELECT count(*) FROM rows").fetchone()[0])

    def forget_rows(self) -> None:
        """Nothing has been made of the objects yet."""
        self.database.execute("DELETE FROM rows")


def kept_path(key: str, organisation_id: object) -> Path:
    """Where a source's file lies between its readings, whether it is there or not."""
    return Path(settings.MEDIA_ROOT) / "sources" / f"{organisation_id}-{key}.mirror"


@contextmanager
def writing(path: Path, begin_with: Path | None) -> Iterator[Mirror]:
    """A file to read into, at `path`: a copy of `begin_with`, or empty. Half-written ones are deleted."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if begin_with:
            shutil.copyfile(begin_with, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            # One writer, and a file that is thrown away if anything happens.
            database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
            if not begin_with:
                database.executescript(_TABLES)
            database.execute("BEGIN")
            yield Mirror(database)
            database.execute("COMMIT")
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def reading(path: Path) -> Iterator[Mirror]:
    """A finished file, to look into."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        yield Mirror(database)


def adopt(copy: Path, key: str, organisation_id: object) -> None:
    """Let the copy of an import that has been stored be where the next reading begins."""
    kept = kept_path(key, organisation_id)
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        copy.replace(kept)


def forget(key: str, organisation_id: object) -> None:
    """The source is gone, and what it has said with it."""
    kept_path(key, organisation_id).unlink(missing_ok=True)
