"""Being a worker: run the engine, hand over what is ordered, show that we live, take over from the dead."""

import logging
import socket
import threading
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_scopes import scopes_disabled

from provsluss.installation.trouble import trouble_sentence
from provsluss.operations import workflows
from provsluss.operations.alarm import Alarm, listening
from provsluss.operations.claims import hand_over
from provsluss.operations.heartbeats import LOCAL, heartbeat
from provsluss.operations.malloc import share_malloc_arenas
from provsluss.operations.worker_lock import WorkerAlreadyRunning, worker_lock
from provsluss.preflight.status import UNDER_WAY
from provsluss.register.imports import imports
from provsluss.register.imports.database_copy import forget_old_copies
from provsluss.register.models import Import, ImportState
from provsluss.transfers.lifecycle.changes import stop_what_cannot_go_on
from provsluss.transfers.models import (
    AT_REST_STATES,
    Category,
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

RESTART_AFTER = 5.0
LAST_CALLS = 8.0
"""Seconds that a worker waits for its calls under way when it stops."""


def run_worker(alarm: Alarm | None = None) -> None:
    """Be a worker until `alarm` says stop.

    Raises WorkerAlreadyRunning on an embedded database that has one, and EngineTablesProblem.
    """
    alarm = alarm or Alarm()
    share_malloc_arenas()
    with worker_lock(), listening(alarm):
        # On the embedded database there is one worker and always the same; elsewhere a name never comes back.
        name = LOCAL if settings.EMBEDDED_DATABASE else f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
        with heartbeat(name):
            forget_old_copies()
            workflows.launch(name)
            log.info("worker %s is ready", name)
            try:
                while not alarm.is_stopped:
                    _tend()
                    alarm.wait(1.0)
            finally:
                workflows.close()
                # While our name stands there, nobody makes these calls once more.
                advance.let_all_calls_end(LAST_CALLS)


class EmbeddedWorker:
    """The worker in a thread of this process. Waits for its turn while another process is the worker."""

    def __init__(self) -> None:
        self._alarm = Alarm()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._alarm.is_stopped:
            try:
                run_worker(self._alarm)
            except WorkerAlreadyRunning:
                self._alarm.wait(1.0)
            except (DatabaseError, *workflows.TROUBLE, OSError):
                log.exception("the worker ended; it starts again")
                self._alarm.wait(RESTART_AFTER)

    def end(self, timeout: float = 10.0) -> None:
        """Stop working; what is under way goes on when there is a worker again."""
        self._alarm.stop()
        self._thread.join(timeout)


def start_embedded() -> EmbeddedWorker:
    """Be the worker in a thread of this process, after any fork."""
    return EmbeddedWorker()


def _tend() -> None:
    """What a worker does every second besides working, and at once when something has been ordered."""
    try:
        close_old_connections()
        workflows.take_over(_alive())
        hand_over()
        _end_what_broke()
    except (DatabaseError, *workflows.TROUBLE) as problem:
        # Ours or the engine's own database was away or busy; in a second we look again.
        log.warning(
            "the database is away: %s", type(problem).__name__, exc_info=problem if trouble_sentence(problem) else None
        )
        close_old_connections()


def _alive() -> set[str]:
    long_ago = timezone.now() - timedelta(seconds=settings.WORKER_DEAD_AFTER)
    return set(Worker.objects.filter(seen_at__gt=long_ago).values_list("name", flat=True))


def _end_what_broke() -> None:
    """What can never go on says so, instead of standing there as running."""
    with scopes_disabled():
        for transfer in Transfer.objects.exclude(state__in=AT_REST_STATES):
            waits = transfer.state == TransferState.QUEUED
            if workflows.is_broken(transfer) if waits else workflows.is_lost(transfer):
                # The workflow may have ended as it should since the row was read; what has come to rest is left alone.
                broke = "Ett oväntat fel stoppade överföringen. Prova att återuppta den."
                stop_what_cannot_go_on(transfer.pk, transfer.attempt, broke, Category.NEEDS_DECISION)
        for import_run in Import.objects.filter(state__in=[ImportState.READING, ImportState.STORING]):
            if workflows.is_broken(import_run):
                imports.reject(import_run.pk, "Ett oväntat fel stoppade inläsningen. Inget har ändrats. Försök igen.")
        for plan in Plan.objects.filter(state=PlanState.WORKING):
            if workflows.is_broken(plan):
                store.fail_plan(plan.pk)
        for control in Control.objects.filter(state__in=UNDER_WAY):
            if workflows.is_broken(control):
                Control.objects.filter(pk=control.pk, state__in=UNDER_WAY).update(state=ControlState.FAILED)
