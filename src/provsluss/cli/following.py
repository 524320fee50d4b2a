"""Watch a transfer to its end: a bar for each sync job on a terminal, otherwise a line whenever something happens."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from provsluss.cli.transfer_counts import job_title, number

if TYPE_CHECKING:
    from provsluss.transfers.models import SyncJob, Transfer

POLL_SECONDS = 0.3


def follow(transfer: "Transfer") -> None:
    """Be the worker if nobody is, and tell on standard error how it goes until the transfer is at rest."""
    logging.getLogger("provsluss").setLevel(logging.WARNING)  # what we tell says what happens
    console = Console(stderr=True)
    with _worker_if_nobody_is():
        if console.is_terminal:
            _with_bars(transfer, console)
        else:
            _with_lines(transfer)


@contextmanager
def _worker_if_nobody_is() -> Iterator[None]:
    from django.conf import settings

    from provsluss.operations.heartbeats import alive_workers
    from provsluss.operations.worker import start_embedded

    # On the embedded database we wait for our turn if there is a worker; otherwise there may be others to leave it to.
    worker = start_embedded() if settings.EMBEDDED_DATABASE or not alive_workers().exists() else None
    try:
        yield
    finally:
        if worker:
            worker.end()


def _with_bars(transfer: "Transfer", console: Console) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[state]}"),
    )
    with Progress(*columns, console=console) as progress:
        tasks: dict[int, TaskID] = {}
        for jobs in _looks(transfer):
            for job in jobs:
                if job.pk not in tasks:
                    tasks[job.pk] = progress.add_task(job_title(job), total=None, state="")
                progress.update(tasks[job.pk], total=_total(job), completed=_settled(job), state=_state(job))


def _with_lines(transfer: "Transfer") -> None:
    told: dict[int, str] = {}
    for jobs in _looks(transfer):
        for job in jobs:
            if told.get(job.pk) != (state := _state(job)):
                told[job.pk] = state
                typer.echo(f"{job_title(job)}: {state}, {number(_settled(job))} av {number(job.wanted)}", err=True)
                if job.next_try_at and job.message:
                    typer.echo(f"  {job.message}", err=True)


def _looks(transfer: "Transfer") -> Iterator[list["SyncJob"]]:
    """The sync jobs as they are, again and again; once more when nothing is going to change."""
    while True:
        transfer.refresh_from_db()
        at_rest = transfer.is_at_rest
        yield list(transfer.sync_jobs.all())
        if at_rest:
            return
        time.sleep(POLL_SECONDS)


def _total(job: "SyncJob") -> int | None:
    """None, which is shown as a question mark, only while it is not known; a job can end with nothing to do."""
    return job.wanted if job.wanted or job.is_ended else None


def _settled(job: "SyncJob") -> int:
    return job.answered + job.unchanged + job.withheld


def _state(job: "SyncJob") -> str:
    from django.utils.timezone import localtime

    if job.next_try_at:
        return f"{job.get_state_display()} (nytt försök {localtime(job.next_try_at):%H:%M})"
    return job.get_state_display()
