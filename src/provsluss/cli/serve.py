"""`provsluss serve | web | worker | migrate`: what runs day and night."""

import signal
from typing import Annotated

import typer

from provsluss.cli.errors import CannotBeDone
from provsluss.cli.ports import listen, url_of
from provsluss.cli.ready_django import ready_django, remember_postgresql
from provsluss.installation.trouble import lacks_right, trouble_sentence

PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="Porten som webben svarar på.")]
BindOption = Annotated[str, typer.Option("--bind", help="Adressen som webben lyssnar på.")]


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    for command in (serve, web, worker, migrate):
        app.command()(command)


def serve(port: PortOption = 8000, bind: BindOption = "127.0.0.1") -> None:
    """Starta webben och det som skickar, i ett."""
    _serve(bind, port, with_worker=True)


def web(port: PortOption = 8000, bind: BindOption = "127.0.0.1") -> None:
    """Starta bara webben. Någon annan process behöver köra provsluss worker."""
    _serve(bind, port, with_worker=False)


def worker() -> None:
    """Starta bara det som läser in filer och skickar till Skolverket."""
    ready_django()
    from provsluss.operations.alarm import Alarm
    from provsluss.operations.tables import OLDER
    from provsluss.operations.worker import run_worker
    from provsluss.operations.worker_lock import WorkerAlreadyRunning
    from provsluss.operations.workflows import EngineTablesProblem

    alarm = Alarm()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: alarm.stop())
    typer.echo("Provsluss arbetar. Avsluta med Ctrl-C.")
    try:
        run_worker(alarm)
    except EngineTablesProblem as problem:
        raise CannotBeDone(trouble_sentence(problem) or OLDER) from problem
    except WorkerAlreadyRunning:
        raise CannotBeDone(
            "En annan process skickar redan för den här datakatalogen (provsluss serve eller provsluss worker)."
        ) from None


def migrate(
    application_role: Annotated[
        str,
        typer.Option("--application-role", help="PostgreSQL-rollen som web och worker har; den får läsa och skriva."),
    ] = "",
) -> None:
    """Skapa databasens tabeller, eller för dem till den här versionen."""
    ready_django(migrate=False)
    from django.conf import settings
    from django.db import DatabaseError

    from provsluss.operations import tables, workflows
    from provsluss.operations.application_role import UnknownRole, demand_role, grant_use

    if application_role and settings.EMBEDDED_DATABASE:
        raise CannotBeDone("En inbyggd databas har inga roller. --application-role gäller bara PostgreSQL.")
    try:
        with tables.alone_in_database():
            if application_role:
                demand_role(application_role)
            tables.bring_up_to_date()
            workflows.migrate(application_role)
            if application_role:
                grant_use(application_role)
    except UnknownRole as problem:
        raise CannotBeDone(
            f"Rollen {application_role} finns inte i PostgreSQL. Skapa den med CREATE ROLE."
        ) from problem
    except (DatabaseError, workflows.EngineTablesProblem) as problem:
        if not lacks_right(problem):
            raise
        raise CannotBeDone(
            "Rollen i PROVSLUSS_DATABASE_URL får inte skapa eller ändra tabeller. Kör provsluss migrate med en som får."
        ) from problem
    if not settings.EMBEDDED_DATABASE:
        remember_postgresql()
    typer.echo("Databasen är klar.")


def _serve(bind: str, port: int, with_worker: bool) -> None:
    ready_django()
    from django.conf import settings
    from django.db import connections

    from provsluss.cli.gunicorn_server import GunicornServer

    demand_assets()
    listener = listen(bind, port)
    connections.close_all()  # a connection must not be carried over a fork
    processes = 1 if with_worker or settings.EMBEDDED_DATABASE else 2
    GunicornServer(
        listener, processes, with_worker, lambda: typer.echo(f"Provsluss svarar på {url_of(bind, port)}")
    ).run()


def demand_assets() -> None:
    """Raises CannotBeDone, with what to do, when the front-end assets have not been built."""
    from provsluss.web.frame.assets import MISSING_ASSETS_SENTENCE, missing_assets

    if missing_assets():
        raise CannotBeDone(MISSING_ASSETS_SENTENCE)
