"""`provsluss queue`: the brake for whoever runs the system; the page Drift has the same."""

import json
from typing import Annotated

import typer

from provsluss.cli.ready_django import ready_django

_queue = typer.Typer(help="Kön av överföringar: läget, pausa, släpp på.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the subcommands."""
    app.add_typer(_queue, name="queue")


@_queue.command("pause")
def pause() -> None:
    """Pausa kön. Pågående överföringar stannar före nästa anrop och fortsätter när kön släpps på."""
    ready_django()
    from provsluss.operations.queue_pause import pause_queue

    pause_queue()
    typer.echo("Kön är pausad. Släpp på den med: provsluss queue release")


@_queue.command("release")
def release() -> None:
    """Släpp på kön igen."""
    ready_django()
    from provsluss.operations.queue_pause import release_queue

    release_queue()
    typer.echo("Kön är släppt. Överföringarna fortsätter inom några sekunder.")


@_queue.command("show")
def show(as_json: Annotated[bool, typer.Option("--json", help="Skriv resultatet som JSON.")] = False) -> None:
    """Visa om kön är pausad, hur många som väntar och pågår, och hur många arbetsprocesser som lever."""
    ready_django()
    from django_scopes import scopes_disabled

    from provsluss.operations.heartbeats import alive_workers
    from provsluss.operations.queue_pause import current_pause
    from provsluss.transfers.models import Transfer, TransferState

    paused = current_pause() is not None
    with scopes_disabled():
        waiting = Transfer.objects.filter(state=TransferState.QUEUED).count()
        running = Transfer.objects.filter(state__in=[TransferState.RUNNING, TransferState.RETRYING]).count()
    workers = alive_workers().count()
    if as_json:
        typer.echo(json.dumps({"paused": paused, "waiting": waiting, "running": running, "workers": workers}))
        return
    typer.echo("Kön är pausad." if paused else "Kön är igång.")
    typer.echo(f"Väntar: {waiting}. Pågår: {running}. Arbetsprocesser igång: {workers}.")
