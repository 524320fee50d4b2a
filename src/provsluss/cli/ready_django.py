"""Django made ready for a command, and an embedded database brought up to date by itself (design.md section 6)."""

import django
import typer
from django.conf import settings

from provsluss.cli.errors import CannotBeDone
from provsluss.installation.closed_to_others import close_to_others
from provsluss.installation.temporary_files import use_own_temporary_directory

EMBEDDED = "provsluss.sqlite3"
MOVED = "moved-to-postgresql"
"""A file of this name in the data directory says that its database is in PostgreSQL, moved there or from the start."""


def ready_django(migrate: bool = True) -> None:
    """Load Django; on the embedded database also create or upgrade the tables, on PostgreSQL demand that they are.

    Without `migrate` the tables are left alone, and nothing is written. Raises CannotBeDone, InstallationProblem, and
    what a database that cannot be used raises (`installation/trouble.py` knows what to say of it).
    """
    django.setup()
    from provsluss.installation.unknown_settings import unknown_settings

    for sentence in (*unknown_settings(), *close_to_others(settings.DATA_DIR)):
        typer.secho(sentence, err=True, fg=typer.colors.YELLOW)
    _demand_right_database()
    if not migrate:
        return
    from provsluss.operations import tables

    use_own_temporary_directory(settings.DATA_DIR)
    if settings.EMBEDDED_DATABASE:
        tables.bring_up_to_date()
    else:
        # Web and workers may have a role that must not change tables, so they only look.
        tables.demand_up_to_date()
        remember_postgresql()


def _demand_right_database() -> None:
    """Without its address nobody is to begin anew beside the database that the data directory belongs to."""
    if not settings.EMBEDDED_DATABASE or not (settings.DATA_DIR / MOVED).exists():
        return
    has_old = (settings.DATA_DIR / EMBEDDED).exists()
    what = (
        "Den här datakatalogens databas är flyttad till"
        if has_old
        else "Den här datakatalogen används med en databas i"
    )
    raise CannotBeDone(
        f"{what} PostgreSQL, men PROVSLUSS_DATABASE_URL är inte satt. Sätt den till den databasen. (För att i stället "
        f"använda den inbyggda{' gamla' if has_old else ''} databasen: ta bort filen {MOVED} i {settings.DATA_DIR}.)"
    )


def remember_postgresql() -> None:
    """Mark a data directory that has had no embedded database as PostgreSQL's."""
    if not (settings.DATA_DIR / EMBEDDED).exists():
        (settings.DATA_DIR / MOVED).touch(mode=0o600)
