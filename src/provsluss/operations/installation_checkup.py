"""Whether this installation itself is well: data directory, database, worker, and what the settings make of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from django.conf import settings
from django.db import Error
from django.utils import timezone

from provsluss.connection.check import Check, right, wrong
from provsluss.installation.problem import InstallationProblem
from provsluss.installation.sqlite_words import ENGINES, sqlite_sentence
from provsluss.installation.trouble import trouble_sentence
from provsluss.operations import tables
from provsluss.operations.directory_checkup import can_be_written, closed_to_others, has_room
from provsluss.operations.heartbeats import alive_workers
from provsluss.operations.settings_checkup import check_settings
from provsluss.operations.visitors_checkup import check_visitors
from provsluss.organisations.models import Organisation

DATABASE = "Databas"


def check_installation() -> Iterator[Check]:
    """The data directory, the database, whether a worker is alive, the settings, and how visitors come."""
    yield can_be_written()
    yield has_room()
    database = _database()
    yield database
    keys: list[str] = []
    if database.is_right:
        yield _worker()
        keys = [key for key in Organisation.objects.values_list("private_key_file", flat=True) if key]
    yield closed_to_others(keys)
    yield from check_settings()
    yield from check_visitors()


def _database() -> Check:
    kind = "SQLite" if settings.EMBEDDED_DATABASE else "PostgreSQL"
    try:
        if tables.demand_not_newer().is_older:
            return wrong(DATABASE, f"Databasen ({kind}) är inte uppdaterad.", "Kör: provsluss migrate")
    except InstallationProblem as problem:
        return wrong(DATABASE, str(problem))
    except Error as problem:
        return wrong(DATABASE, trouble_sentence(problem) or f"Databasen ({kind}) går inte att använda.")
    if engine := _engine_trouble():
        return wrong(DATABASE, engine)
    return right(DATABASE, f"Databasen ({kind}) svarar och är uppdaterad.")


def _engine_trouble() -> str | None:
    """What is wrong with the engine's own embedded database, if it has one yet."""
    path = settings.DATA_DIR / ENGINES
    if not settings.EMBEDDED_DATABASE or not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as problem:
        return sqlite_sentence(problem, is_engines=True) or f"Filen {ENGINES} i datakatalogen går inte att använda."
    return None


def _worker() -> Check:
    # One that was killed a moment ago still counts; when it was seen says how sure this is.
    if seen := list(alive_workers().order_by("-seen_at").values_list("seen_at", flat=True)):
        number = f"{len(seen)} arbetsprocess{'er' if len(seen) > 1 else ''} igång"
        return right("Arbetsprocess", f"{number}, senast sedd {timezone.localtime(seen[0]):%H:%M:%S}.")
    return wrong("Arbetsprocess", "Ingen arbetsprocess är igång, så inget skickas.", "Starta med: provsluss serve")
