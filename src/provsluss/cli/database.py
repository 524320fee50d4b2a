"""`provsluss move-to-postgresql`: from the embedded database to PostgreSQL, with the whole history."""

import sys
from typing import Annotated

import typer

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ready_django import MOVED, ready_django


def add_to(app: typer.Typer) -> None:
    """Adds the subcommand."""
    app.command("move-to-postgresql")(move_to_postgresql)


def move_to_postgresql(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="Den tomma databasen: postgresql://ANVÄNDARE@SERVER/DATABAS. Ett - läser från standard in.",
        ),
    ],
) -> None:
    """Flytta allt från den inbyggda databasen till en tom PostgreSQL-databas. Stoppa web och worker först."""
    ready_django()
    from django.conf import settings

    from provsluss.operations.database_move import CannotMove
    from provsluss.operations.database_move import move_to_postgresql as move
    from provsluss.operations.worker_lock import WorkerAlreadyRunning, worker_lock

    if not settings.EMBEDDED_DATABASE:
        raise CannotBeDone("PROVSLUSS_DATABASE_URL är satt, så databasen är redan PostgreSQL. Flytten görs utan den.")
    address = sys.stdin.readline().strip() if url == "-" else url
    try:
        with worker_lock():
            moved = move(address, lambda table, rows: typer.echo(f"  {table}: {rows}") if rows else None)
            (settings.DATA_DIR / MOVED).touch()
    except WorkerAlreadyRunning:
        raise CannotBeDone(
            "Provsluss är igång på den här datakatalogen. Avsluta provsluss serve, web och worker först."
        ) from None
    except CannotMove as problem:
        raise CannotBeDone(str(problem)) from problem
    typer.echo(f"Klart: {moved} rader är flyttade, och antalen stämmer i varje tabell.")
    typer.echo("Sätt nu PROVSLUSS_DATABASE_URL till den nya databasen, och starta Provsluss igen.")
    typer.echo("Datakatalogen behövs fortfarande. Den gamla databasen (provsluss.sqlite3) kan sparas som kopia.")
