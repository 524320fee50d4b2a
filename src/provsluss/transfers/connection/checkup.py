"""What is right and what is wrong with an installation: the checks behind `provsluss doctor`."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation
from provsluss.transfers.connection.certificate_checkup import check_certificate
from provsluss.transfers.connection.check import Check, right, wrong
from provsluss.transfers.connection.skolverket_checkup import check_skolverket
from provsluss.transfers.operating.workers import alive_workers


def check_installation() -> Iterator[Check]:
    """The data directory, the database, and whether a worker is alive."""
    yield _data_directory()
    database = _database()
    yield database
    if database.is_right:
        yield _worker()


def check_connection(organisation: Organisation) -> Iterator[Check]:
    """The way to Skolverket for one organisation: certificate, token and service, and the catalogue's age."""
    local = list(check_certificate(organisation))
    yield from local
    yield from check_skolverket(organisation, local)
    yield _catalogue(organisation)


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


def _catalogue(organisation: Organisation) -> Check:
    title = "Öppna data"
    fetch = Fetch.objects.filter(environment=organisation.environment, succeeded=True).first()
    if fetch is None or fetch.finished_at is None:
        return wrong(title, "Skolverkets öppna data har inte hämtats.", "Kör: provsluss catalogue refresh")
    return right(title, f"Skolverkets öppna data hämtades {timezone.localtime(fetch.finished_at):%Y-%m-%d %H:%M}.")
