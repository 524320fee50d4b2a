"""Django made ready for a command, and an embedded database brought up to date by itself (design.md section 6)."""

import django
from django.conf import settings
from django.core.management import call_command

from provsluss.cli.errors import CannotBeDone
from provsluss.database_url import UnreadableDatabaseUrl

MOVED = "moved-to-postgresql"
"""A file of this name in the data directory says that the embedded database has been left for another."""


def ready_django(migrate: bool = True) -> None:
    """Load Django; on the embedded database also create or upgrade the tables, on PostgreSQL demand that they are.

    Raises CannotBeDone.
    """
    try:
        django.setup()
    except OSError as problem:
        raise CannotBeDone(
            f"Datakatalogen kan inte användas: {problem.strerror}. Ange en annan med PROVSLUSS_DATA_DIR."
        ) from problem
    except UnreadableDatabaseUrl as problem:
        raise CannotBeDone(f"PROVSLUSS_DATABASE_URL går inte att läsa. {problem}.") from problem
    if settings.EMBEDDED_DATABASE and (settings.DATA_DIR / MOVED).exists():
        raise CannotBeDone(
            "Den här datakatalogens databas är flyttad till PostgreSQL. Sätt PROVSLUSS_DATABASE_URL till den nya. "
            f"(För att gå tillbaka till den gamla: ta bort filen {MOVED} i datakatalogen.)"
        )
    if migrate and settings.EMBEDDED_DATABASE:
        call_command("migrate", verbosity=0, interactive=False)
    elif migrate:
        _demand_tables()


def _demand_tables() -> None:
    """Web and workers may have a role that must not change tables, so they only look."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        raise CannotBeDone("Databasen svarar inte. Kontrollera PROVSLUSS_DATABASE_URL.") from problem
    if missing:
        raise CannotBeDone(
            "Databasens tabeller är inte skapade, eller är från en äldre version. Kör: provsluss migrate"
        )
