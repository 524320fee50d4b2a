"""Being a worker: run the engine, show that we live, take over from the dead, start what was forgotten."""

import logging
import os
import socket
import threading
import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.operations import workflows
from provsluss.operations.malloc import share_malloc_arenas
from provsluss.operations.worker_lock import WorkerAlreadyRunning, worker_lock
from provsluss.preflight.status import UNDER_WAY
from provsluss.provtjanst.call_counts import calls_made
from provsluss.register.imports import imports
from provsluss.register.imports.database_copy import forget_old_copies
from provsluss.register.models import Import, ImportState
from provsluss.transfers.lifecycle.changes import stop_what_cannot_go_on
from provsluss.transfers.models import (
    AT_REST_STATES,
    Control,
    ControlState,
    Plan,
    PlanState,
    Transfer,
    TransferState,
    Worker,
)
from provsluss.transfers.pipeline import advance
from provsluss.transfers.plan import store

log = logging.getLogger(__name__)

DEAD_AFTER = timedelta(seconds=float(os.environ.get("PROVSLUSS_WORKER_DEAD_AFTER", "30")))
FORGOTTEN_AFTER = timedelta(seconds=15)
RESTART_AFTER = 5.0
LAST_CALLS = 8.0
"""Seconds that a worker waits for its calls under way when it stops."""


def run_worker(stop: threading.Event | None = None) -> None:
    """Be a worker until `stop` is set.

    Raises WorkerAlreadyRunning on an embedded database that has one, and EngineTablesProblem.
    """
    stop = stop or threading.Event()
    share_malloc_arenas()
    with worker_lock():
        # On the embedded database there is one worker and always the same; elsewhere a name never comes back.
        name = "local" if settings.EMBEDDED_DATABASE else f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
        _beat(name, started_at=timezone.now())
        forget_old_copies()
        workflows.launch(name)
        log.info("worker %s is ready", name)
        try:
            while not stop.wait(1.0):
                _tend(name)
        finally:
            workflows.close()
            # While our name stands there, nobody makes these calls once more.
            advance.let_all_calls_end(LAST_CALLS)
            with suppress(DatabaseError):
                Worker.objects.filter(pk=name).delete()


class EmbeddedWorker:
    """The worker in a thread of this process. Waits for its turn while another process is the worker."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                run_worker(self._stop)
            except WorkerAlreadyRunning:
                self._stop.wait(1.0)
            except (DatabaseError, *workflows.TROUBLE, OSError):
                log.exception("the worker ended; it starts again")
                self._stop.wait(RESTART_AFTER)

    def end(self, timeout: float = 10.0) -> None:
        """Stop working; what is under way goes on when there is a worker again."""
        self._stop.set()
        self._thread.join(timeout)


def start_embedded() -> EmbeddedWorker:
    """Be the worker in a thread of this process, after any fork."""
    return EmbeddedWorker()


def _tend(name: str) -> None:
    """What a worker does every second besides working."""
    try:
        close_old_connections()
        _beat(name)
        workflows.take_over(_alive())
        _enqueue_forgotten()
        _end_what_broke()
    except (DatabaseError, *workflows.TROUBLE) as problem:
        # Ours or the engine's own database was away or busy; in a second we look again.
        log.warning("the database is away: %s", type(problem).__name__)
        close_old_connections()


def _beat(name: str, **news: object) -> None:
    calls = {"minute": calls_made.of_last(60), "five_minutes": calls_made.of_last(300)}
    Worker.objects.update_or_create(name=name, defaults={"seen_at": timezone.now(), "calls": calls, **news})


def _alive() -> set[str]:
    return set(Worker.objects.filter(seen_at__gt=timezone.now() - DEAD_AFTER).values_list("name", flat=True))


def _enqueue_forgotten() -> None:
    """A crash between the row and the queue leaves a row waiting; enqueueing twice is harmless.

    An import that nobody is named for runs in a command, which reads and stores it itself; a control that is being
    made without having been queued (preflight/run.py) is made by a command or a request.
    """
    long_ago = timezone.now() - FORGOTTEN_AFTER
    with scopes_disabled():
        for transfer in Transfer.objects.filter(state=TransferState.QUEUED, created_at__lt=long_ago):
            workflows.enqueue_transfer(transfer)
        imported = Import.objects.filter(created_by__isnull=False, created_at__lt=long_ago)
        for import_run in imported.filter(state=ImportState.READING):
            workflows.enqueue_import_reading(import_run)
        for import_run in imported.filter(state=ImportState.STORING):
            workflows.enqueue_import_storing(import_run)
        for plan in Plan.objects.filter(state=PlanState.WORKING, created_at__lt=long_ago):
            workflows.enqueue_plan(plan)
        for control in Control.objects.filter(state=ControlState.QUEUED, created_at__lt=long_ago):
            workflows.enqueue_control(control)


def _end_what_broke() -> None:
    """What can never go on says so, instead of standing there as running."""
    with scopes_disabled():
        for transfer in Transfer.objects.exclude(state__in=AT_REST_STATES):
            waits = transfer.state == TransferState.QUEUED
            if workflows.is_broken(transfer) if waits else workflows.is_lost(transfer):
                # The workflow may have ended as it should since the row was read; what has come to rest is left alone.
                broke = "Ett oväntat fel stoppade överföringen. Prova att återuppta den."
                stop_what_cannot_go_on(transfer.pk, transfer.attempt, broke)
        for import_run in Import.objects.filter(state__in=[ImportState.READING, ImportState.STORING]):
            if workflows.is_broken(import_run):
                imports.reject(import_run.pk, "Ett oväntat fel stoppade inläsningen. Inget har ändrats. Försök igen.")
        for plan in Plan.objects.filter(state=PlanState.WORKING):
            if workflows.is_broken(plan):
                store.fail_plan(plan.pk)
        for control in Control.objects.filter(state__in=UNDER_WAY):
            if workflows.is_broken(control):
                Control.objects.filter(pk=control.pk, state__in=UNDER_WAY).update(state=ControlState.FAILED)
