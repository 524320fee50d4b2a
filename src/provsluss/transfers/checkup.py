"""What is right and what is wrong with an installation: the checks behind `provsluss doctor`."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from provsluss.catalogue.models import Fetch
from provsluss.organisations.models import Organisation
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.errors import ProvtjanstError
from provsluss.transfers.connection import client_for
from provsluss.transfers.workers import alive_workers


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: a sentence in Swedish, and whether it is as it should be."""

    is_right: bool
    sentence: str


def check_installation() -> Iterator[Check]:
    """The data directory, the database, and whether a worker is alive."""
    yield _data_directory()
    database = _database()
    yield database
    if database.is_right:
        yield _worker()


def check_connection(organisation: Organisation) -> Iterator[Check]:
    """The way to Skolverket for one organisation: certificate, token and service, and the catalogue's age."""
    yield from _skolverket(organisation)
    yield _catalogue(organisation)


def _data_directory() -> Check:
    if os.access(settings.DATA_DIR, os.W_OK):
        return Check(True, "Datakatalogen går att skriva i.")
    return Check(False, "Datakatalogen går inte att skriva i. Ange en annan med PROVSLUSS_DATA_DIR.")


def _database() -> Check:
    kind = "SQLite" if settings.EMBEDDED_DATABASE else "PostgreSQL"
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return Check(False, f"Databasen ({kind}) svarar inte. Kontrollera PROVSLUSS_DATABASE_URL.")
    if missing:
        return Check(False, f"Databasen ({kind}) är inte uppdaterad. Kör: provsluss migrate")
    return Check(True, f"Databasen ({kind}) svarar och är uppdaterad.")


def _worker() -> Check:
    alive = alive_workers().count()
    if alive:
        return Check(True, f"{alive} arbetsprocess{'er' if alive > 1 else ''} igång.")
    return Check(False, "Ingen arbetsprocess är igång, så inget skickas. Starta med: provsluss serve")


def _skolverket(organisation: Organisation) -> Iterator[Check]:
    where = f"{organisation.name}, {organisation.get_environment_display()}"
    try:
        client = client_for(organisation, organisation.environment)
        alive = client.alive()
        yield Check(alive, f"{where}: Skolverkets tjänst {'svarar' if alive else 'svarar inte. Försök igen senare'}.")
        client.lookup("persons", [])
        yield Check(True, f"{where}: Skolverket godtar vår behörighet.")
    except (CertificateProblem, ProvtjanstError) as problem:
        yield Check(False, f"{where}: {problem}")


def _catalogue(organisation: Organisation) -> Check:
    fetch = Fetch.objects.filter(environment=organisation.environment, succeeded=True).first()
    if fetch is None or fetch.finished_at is None:
        return Check(False, "Skolverkets öppna data har inte hämtats. Kör: provsluss catalogue refresh")
    return Check(True, f"Skolverkets öppna data hämtades {timezone.localtime(fetch.finished_at):%Y-%m-%d %H:%M}.")
