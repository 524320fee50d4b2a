"""Everything in the embedded database, copied to an empty PostgreSQL database: all of it or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction
from django.db.models import F, Model
from django_scopes import scopes_disabled

from provsluss.installation.database_url import UnreadableDatabaseUrl, django_database
from provsluss.installation.trouble import lacks_right, trouble_sentence
from provsluss.operations import workflows
from provsluss.transfers.lifecycle.move import Why, move_transfers
from provsluss.transfers.models import Cause, Transfer, TransferState

SOURCE, TARGET = "default", "target"
ROWS_AT_A_TIME = 1000
# Who is logged in, which workers live, and what the limit's places hold: all of it is made anew.
NOT_MOVED = {"sessions.session", "transfers.worker", "transfers.callslot"}
# Written by Django itself when tables are made, so they say nothing about whether a database is used.
MADE_BY_MIGRATE = {"contenttypes.contenttype", "auth.permission"}

Told = Callable[[str, int], None]


class CannotMove(Exception):
    """Why nothing was moved: a Swedish sentence."""


def move_to_postgresql(url: str, told: Told) -> int:
    """Copy all rows from the embedded database to the one at `url`, and return how many.

    `told(table, rows)` is called after each table. Running transfers are queued in the new database and go on there
    where they were. Nobody may write meanwhile: the caller holds the worker lock, and the source is locked for writing
    here. Raises CannotMove; the target is then as empty as it was.
    """
    with _target(url):
        _make_tables(url)
        with scopes_disabled(), transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
            # Django's own rows have other numbers there than here.
            for model in reversed(_models()):
                model._base_manager.using(TARGET).all()._raw_delete(TARGET)
            total = sum(_copy(model, told) for model in _models())
            _reset_sequences()
            _queue_what_ran()
    return total


@contextmanager
def _target(url: str) -> Iterator[None]:
    try:
        connections.databases[TARGET] = connections.configure_settings(
            {SOURCE: {}, TARGET: django_database(url)}  # fills in Django's defaults
        )[TARGET]
    except UnreadableDatabaseUrl as problem:
        raise CannotMove(f"{problem}.") from problem
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.databases[TARGET]


def _make_tables(url: str) -> None:
    """Make the tables if there are none. Raises CannotMove when the target is not ours, not empty or not there."""
    try:
        tables = connections[TARGET].introspection.table_names()
        if tables and "django_migrations" not in tables:
            raise CannotMove("Databasen innehåller andra tabeller. Ange en tom databas.")
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
        workflows.migrate(database_url=url)
    except (DatabaseError, workflows.EngineTablesProblem) as problem:
        raise CannotMove(_why_no_tables(problem)) from problem
    for model in _models():
        if model._meta.label_lower not in MADE_BY_MIGRATE and model._base_manager.using(TARGET).exists():
            raise CannotMove(
                f"Databasen används redan (tabellen {model._meta.db_table} är inte tom). Ange en tom databas."
            )


def _why_no_tables(problem: Exception) -> str:
    """What stopped the making of tables: a missing right is only said where PostgreSQL says so."""
    if lacks_right(problem):
        return "Rollen i adressen får inte skapa tabeller i databasen. Ange en roll som äger den."
    if known := trouble_sentence(problem):
        return known.replace("PROVSLUSS_DATABASE_URL", "adressen")
    return (
        f"Tabellerna gick inte att skapa i databasen ({type(problem).__name__}). Inget har flyttats. Kontakta support."
    )


def _models() -> list[type[Model]]:
    """Every table that is moved, also those that only link two others."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and model._meta.label_lower not in NOT_MOVED]


def _copy(model: type[Model], told: Told) -> int:
    """Copy one table and count it on both sides. Order among tables is free: links are checked at the very end."""
    source, target = model._base_manager.using(SOURCE), model._base_manager.using(TARGET)
    rows: list[Model] = []
    for row in source.order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        rows.append(row)
        if len(rows) == ROWS_AT_A_TIME:
            _store(model, rows)
            rows = []
    _store(model, rows)
    there, here = target.count(), source.count()
    if there != here:
        raise CannotMove(f"Tabellen {model._meta.db_table} fick {there} rader men har {here}. Inget har flyttats.")
    told(model._meta.db_table, here)
    return here


def _store(model: type[Model], rows: list[Model]) -> None:
    """Write the rows; if one cannot be written, find out which. Never what it holds."""
    target = model._base_manager.using(TARGET)
    try:
        with transaction.atomic(using=TARGET):
            target.bulk_create(rows)
    except (DatabaseError, ValueError) as problem:
        if len(rows) > 1:
            _store(model, rows[: len(rows) // 2])
            _store(model, rows[len(rows) // 2 :])
            return
        raise CannotMove(
            f"Raden {rows[0].pk} i tabellen {model._meta.db_table} kan inte lagras i PostgreSQL "
            f"({type(problem).__name__}). Inget har flyttats. Kontakta support och ange tabellen och raden."
        ) from None


def _reset_sequences() -> None:
    """The next number of each table comes after those that have been copied."""
    with connections[TARGET].cursor() as cursor:
        for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _queue_what_ran() -> None:
    """The engine's own notes are not moved; a transfer that ran goes on as a new attempt, from what the tables say."""
    ran = Transfer.objects.using(TARGET).filter(state__in=[TransferState.RUNNING, TransferState.RETRYING])
    move_transfers(ran, TransferState.QUEUED, Why(Cause.MOVED), attempt=F("attempt") + 1)
