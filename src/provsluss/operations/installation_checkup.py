"""Whether this installation itself is well: data directory, database, worker."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from provsluss.connection.check import Check, right, wrong
from provsluss.operations.heartbeats import alive_workers
from provsluss.operations.visitors_checkup import check_visitors


def check_installation() -> Iterator[Check]:
    """The data directory, the database, whether a worker is alive, and how visitors come."""
    yield _data_directory()
    database = _database()
    yield database
    if database.is_right:
        yield _worker()
    yield from check_visitors()


def _data_directory() -> Check:
    if os.access(settings.DATA_DIR, os.W_OK):
        return right("Datakatalog", "Datakatalogen går att skriva i.")
    return wrong("Datakatalog", "Datakatalogen går inte att skriva i.", "Ange en annan med PROVSLUSS_DATA_DIR.")


def _database() -> Check:
    kind = "SQLite" if settings.EMBEDDED_DATABASE else "PostgreSQL"
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return wrong("Databas", f"Databasen ({kind}) svarar inte.", "Kontrollera PROVSLUSS_DATABASE_URL.")
    if missing:
        return wrong("Databas", f"Databasen ({kind}) är inte uppdaterad.", "Kör: provsluss migrate")
    return right("Databas", f"Databasen ({kind}) svarar och är uppdaterad.")


def _worker() -> Check:
    # One that was killed a moment ago still counts; when it was seen says how sure this is.
    if seen := list(alive_workers().order_by("-seen_at").values_list("seen_at", flat=True)):
        number = f"{len(seen)} arbetsprocess{'er' if len(seen) > 1 else ''} igång"
        return right("Arbetsprocess", f"{number}, senast sedd {timezone.localtime(seen[0]):%H:%M:%S}.")
    return wrong("Arbetsprocess", "Ingen arbetsprocess är igång, så inget skickas.", "Starta med: provsluss serve")
