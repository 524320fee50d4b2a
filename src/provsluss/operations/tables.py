"""Whether the database has the tables of this version: made and brought up to date by one process at a time."""

import pkgutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from provsluss.installation.one_at_a_time import PATIENCE_SECONDS, one_at_a_time
from provsluss.installation.problem import InstallationProblem

OLDER = "Databasens tabeller är inte skapade, eller är från en äldre version. Kör: provsluss migrate"
NEWER = (
    "Databasen är från en nyare version av Provsluss än den här, som inte känner till {unknown}. Inget har ändrats. "
    "Installera den nyare versionen igen, eller återläs en säkerhetskopia från före uppgraderingen."
)
_LOCK = 0x70726F7673  # "provs": any number that no other program in the database uses
_LOOK_AGAIN_SECONDS = 0.2


class State(NamedTuple):
    """How the database stands beside this version."""

    is_older: bool
    unknown: list[str]
    """Migrations that have been made by a newer version, as app.name."""


def bring_up_to_date() -> None:
    """Make or upgrade the tables; on this machine, others that begin at the same time wait.

    Raises InstallationProblem on a newer database, and DatabaseError.
    """
    with one_at_a_time(settings.DATA_DIR):
        if demand_not_newer().is_older:
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def alone_in_database() -> Iterator[None]:
    """Inside, no process on any machine brings the same PostgreSQL database up to date.

    Raises InstallationProblem when another is still at it after a long time, and DatabaseError.
    """
    if settings.EMBEDDED_DATABASE:
        yield
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _take_lock():  # asked again and again: one that stands waiting in PostgreSQL stops CREATE INDEX there
        if time.monotonic() > deadline:
            raise InstallationProblem(
                "En annan process håller på att uppdatera databasen. Vänta tills den är klar, och försök igen."
            )
        time.sleep(_LOOK_AGAIN_SECONDS)
    try:
        yield
    finally:
        connection.close()  # which lets go of the lock also after an error


def _take_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def demand_up_to_date() -> None:
    """Raises InstallationProblem where the tables are older or newer than this version, and DatabaseError."""
    if demand_not_newer().is_older:
        raise InstallationProblem(OLDER)


def demand_not_newer() -> State:
    """How the database stands. Raises InstallationProblem where it is newer than this version, and DatabaseError.

    Neither is one used that cannot store every name.
    """
    state = compare()
    if not settings.EMBEDDED_DATABASE:
        encoding = connection.connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise InstallationProblem(
                f"Databasen har teckenkodningen {encoding}, som inte kan lagra alla namn. Skapa en ny med: CREATE "
                "DATABASE … ENCODING 'UTF8' TEMPLATE template0, och ange den i PROVSLUSS_DATABASE_URL."
            )
    if state.unknown:
        raise InstallationProblem(NEWER.format(unknown=" och ".join(state.unknown[:2])))
    return state


def compare() -> State:
    """Compare the migrations that have been made with the files that there are.

    Django's own comparison would load every one of them, and every command begins with this. Raises DatabaseError.
    """
    made = _made()
    there = _there()
    # Other people's apps may throw old migrations away; we never do, and no app of ours leaves the house unnoticed.
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("provsluss.")}
    known = {config.label for config in apps.get_app_configs()}
    unknown = sorted(f"{app}.{name}" for app, name in made - there if app in ours or app not in known)
    return State(is_older=bool(there - made), unknown=unknown)


def _made() -> set[tuple[str, str]]:
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return set()
    return set(recorder.migration_qs.values_list("app", "name"))


def _there() -> set[tuple[str, str]]:
    return {(config.label, name) for config in apps.get_app_configs() for name in _files(config.name)}


def _files(package: str) -> list[str]:
    try:
        migrations = import_module(f"{package}.migrations")
    except ModuleNotFoundError:
        return []
    found = pkgutil.iter_modules(migrations.__path__)
    return [module.name for module in found if not module.ispkg and module.name[0] not in "_~"]
