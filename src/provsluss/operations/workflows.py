"""The only module that knows DBOS: its workflows, giving it work, starting and closing it, taking over from the dead.

The tables are the truth; a workflow only calls the pipeline's short, repeatable steps until there is nothing more to
do. Replacing DBOS means writing this module again.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer
from dbos import error as engine_error
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from sqlalchemy.exc import SQLAlchemyError

from provsluss.operations import after_import, housekeeping, queue_pause
from provsluss.operations.after_import import follow_import
from provsluss.organisations.models import Organisation
from provsluss.preflight import run
from provsluss.preflight.refresh import renew_after
from provsluss.register.imports import imports
from provsluss.register.models import Import, ImportState
from provsluss.transfers.models import Control, Plan, Purpose, Transfer
from provsluss.transfers.pipeline import advance as pipeline
from provsluss.transfers.plan import of_import, store

log = logging.getLogger(__name__)

NAME = "provsluss"
TRANSFERS = "transfers"
NOW = "now"
IMPORTS = "imports"
PLANS = "plans"
# Changed only when a workflow's own steps change, for DBOS resumes workflows of the same version only. In which order a
# transfer's sync jobs go is not among them: the tables say that.
VERSION = "2"
POLLING_SECONDS = 0.2
TROUBLE = (SQLAlchemyError, engine_error.DBOSException)
"""What the engine raises when its own database is away or busy."""
# Many, for a transfer sleeps through its pauses in its place: where Skolverket is closed to some, the rest must not
# wait. An asleep one costs a thread and holds no connection to our database.
CONCURRENT_TRANSFERS = 32

Result = TypeVar("Result")


# --- Giving work ------------------------------------------------------------------------------------------------------


def enqueue_transfer(transfer: Transfer) -> None:
    """Hand a queued transfer to the workers. Safe to repeat: the workflow's id is the transfer's and its attempt.

    One person's transfer never waits behind a large one.
    """
    _client().enqueue(
        {
            "queue_name": NOW if transfer.purpose == Purpose.ONE_PERSON else TRANSFERS,
            "workflow_name": "transfer",
            "workflow_id": _workflow_id(transfer),
            # One running at a time for each organisation and environment.
            "queue_partition_key": f"{transfer.organisation_id}-{transfer.environment}",
        },
        transfer.pk,
        transfer.attempt,
    )


def enqueue_import_reading(import_run: Import) -> None:
    """Let a worker read an uploaded file and make its preview."""
    _enqueue_import("read_import", import_run)


def enqueue_import_storing(import_run: Import) -> None:
    """Let a worker store an import that has been looked at."""
    _enqueue_import("store_import", import_run)


def enqueue_plan(plan: Plan) -> None:
    """Let a worker work out a preview. Safe to repeat: the workflow's id is the plan's."""
    _client().enqueue(
        {
            "queue_name": PLANS,
            "workflow_name": "make_plan",
            "workflow_id": _workflow_id(plan),
            "queue_partition_key": str(plan.organisation_id),
        },
        plan.pk,
        str(plan.organisation_id),
    )


def enqueue_control(asked: Control) -> None:
    """Let a worker make a control. Waits behind the organisation's imports, for they change what it looks at."""
    _client().enqueue(
        {
            "queue_name": IMPORTS,
            "workflow_name": "make_control",
            "workflow_id": _workflow_id(asked),
            "queue_partition_key": str(asked.organisation_id),
        },
        asked.pk,
    )


def _enqueue_import(name: str, import_run: Import) -> None:
    _client().enqueue(
        {
            "queue_name": IMPORTS,
            "workflow_name": name,
            "workflow_id": f"{name}-{import_run.pk}",
            "queue_partition_key": str(import_run.organisation_id),
        },
        import_run.pk,
        str(import_run.organisation_id),
    )


class EngineTablesProblem(engine_error.DBOSException):
    """The engine's own tables could not be made, or are not there."""


def migrate(application_role: str = "", database_url: str = "") -> None:
    """Make or upgrade the engine's own tables; on PostgreSQL also let `application_role` use them.

    `database_url` is for another database than the one in settings. Raises EngineTablesProblem.
    """
    _use_wal()
    try:
        DBOS.migrate(database_url or settings.ENGINE_DATABASE_URL, application_role=application_role or None)
    except SQLAlchemyError as problem:
        raise EngineTablesProblem("the engine's tables could not be made") from problem


@cache
def _client() -> DBOSClient:
    if settings.EMBEDDED_DATABASE:
        migrate()  # an embedded database is brought up to date by itself, also before its first worker
    return DBOSClient(
        system_database_url=settings.ENGINE_DATABASE_URL,
        application_name=NAME,
        serializer=DBOSPortableJSONSerializer(),
    )


# --- The workflows ----------------------------------------------------------------------------------------------------


def _is_passing(problem: BaseException) -> bool:
    """Whether a step may be tried again: the database was away or busy for a moment."""
    return isinstance(problem, OperationalError | InterfaceError)


class StepFailed(Exception):
    """What the engine's tables keep of an error: which step and what kind. Its text can quote a row of the register."""


def _step(function: Callable[..., Result]) -> Callable[..., Result]:
    """A durable step over our own tables, with fresh database connections. Raises StepFailed from what went wrong."""

    def with_connections(*args: object) -> Result:
        close_old_connections()
        try:
            return function(*args)
        except Exception as problem:
            if _is_passing(problem):  # tried again, and forgotten
                raise
            raise StepFailed(f"{function.__name__}: {type(problem).__name__}") from problem
        finally:
            close_old_connections()

    with_connections.__name__ = with_connections.__qualname__ = function.__name__
    return DBOS.step(
        name=function.__name__,
        retries_allowed=True,
        max_attempts=10,
        interval_seconds=0.5,
        backoff_rate=2,
        should_retry=_is_passing,
    )(with_connections)


@contextmanager
def _scope_of(transfer_id: int) -> Iterator[None]:
    with scopes_disabled():
        organisation = Transfer.objects.select_related("organisation").get(pk=transfer_id).organisation
    with scope(organisation=organisation):
        yield


@_step
def hold(transfer_id: int, attempt: int) -> float | None:
    with _scope_of(transfer_id):
        return queue_pause.held_for(transfer_id, attempt)


@_step
def begin(transfer_id: int, attempt: int) -> bool:
    with _scope_of(transfer_id):
        return pipeline.begin(transfer_id, attempt)


@_step
def advance(transfer_id: int, attempt: int) -> float | None:
    with _scope_of(transfer_id):
        if held := queue_pause.held_for(transfer_id, attempt):
            return held
        return pipeline.advance(transfer_id, attempt)


@_step
def finish(transfer_id: int, attempt: int) -> None:
    with _scope_of(transfer_id):
        pipeline.finish(transfer_id, attempt)
        renew_control(Transfer.objects.select_related("organisation").get(pk=transfer_id))


def renew_control(transfer: Transfer) -> None:
    """Check the test activities anew where `transfer` has changed what the control says. Needs its scope."""
    if queued := renew_after(transfer):
        with suppress(*TROUBLE):  # a worker finds it waiting (worker.py)
            enqueue_control(queued)


@DBOS.workflow(name="transfer")
def transfer_workflow(transfer_id: int, attempt: int) -> None:
    """One transfer, moved forward until nothing more is to be done."""
    while (pause := hold(transfer_id, attempt)) is not None:
        DBOS.sleep(pause)
    if not begin(transfer_id, attempt):
        return
    while (pause := advance(transfer_id, attempt)) is not None:
        DBOS.sleep(pause)
    finish(transfer_id, attempt)


@_step
def read_import(import_id: int, organisation_id: str) -> None:
    with scopes_disabled():
        imports.read_import(import_id)
    of_import.work_out_effect(import_id)


@_step
def store_import(import_id: int, organisation_id: str) -> None:
    with scopes_disabled():
        import_run = Import.objects.select_related("organisation").get(pk=import_id)
    with scope(organisation=import_run.organisation):
        imports.store_import(import_id)
        follow_import(import_run.organisation)


@_step
def learn_new_school_units(organisation_id: str) -> None:
    after_import.learn_new_school_units(Organisation.objects.get(pk=organisation_id))


@DBOS.workflow(name="read_import")
def read_import_workflow(import_id: int, organisation_id: str) -> None:
    """Read an uploaded file up to its preview."""
    read_import(import_id, organisation_id)


@DBOS.workflow(name="store_import")
def store_import_workflow(import_id: int, organisation_id: str) -> None:
    """Store an import, let the test activities follow the register, and check them anew."""
    store_import(import_id, organisation_id)
    learn_new_school_units(organisation_id)
    control_after_import(organisation_id)


@_step
def make_plan(plan_id: int, organisation_id: str) -> None:
    store.make_plan(plan_id)


@DBOS.workflow(name="make_plan")
def make_plan_workflow(plan_id: int, organisation_id: str) -> None:
    """Work out a preview. Nothing is sent by it."""
    make_plan(plan_id, organisation_id)


@_step
def make_control(control_id: int) -> None:
    run.make_control(control_id)


@_step
def control_after_import(organisation_id: str) -> None:
    organisation = Organisation.objects.get(pk=organisation_id)
    with scope(organisation=organisation):
        run.make_at_once(organisation)


@DBOS.workflow(name="make_control")
def make_control_workflow(control_id: int) -> None:
    """Work out what stands in the way of the test activities. Nothing is sent by it."""
    make_control(control_id)


@_step
def keep_house() -> None:
    housekeeping.keep_house()


@DBOS.workflow(name="housekeeping")
def housekeeping_workflow(_scheduled_at: datetime, _context: object) -> None:
    """Once an hour: fresh catalogue, old data forgotten, the engine's own old rows too (it keeps them for ever)."""
    keep_house()
    before = timezone.now() - timedelta(days=settings.PAYLOAD_DAYS)
    old = DBOS.list_workflows(completed_before=before.isoformat(), limit=1000, load_input=False, load_output=False)
    DBOS.delete_workflows([workflow.workflow_id for workflow in old])


# --- Running ----------------------------------------------------------------------------------------------------------


def launch(name: str) -> None:
    """Start the engine for the worker `name`, which on the embedded database resumes what a crash left.

    Raises EngineTablesProblem when its tables are not there or may not be used.
    """
    _use_wal()
    DBOS(
        config={
            "name": NAME,
            "application_version": VERSION,
            "executor_id": name,
            "serializer": DBOSPortableJSONSerializer(),
            "system_database_url": settings.ENGINE_DATABASE_URL,
            "log_level": "ERROR",
            # PostgreSQL's tables are made by `provsluss migrate`, with a role that may.
            "run_migrations": settings.EMBEDDED_DATABASE,
        }
    )
    try:
        DBOS.launch()
    except engine_error.DBOSInitializationError as problem:
        raise EngineTablesProblem("the engine could not start on its tables") from problem
    for queue in (TRANSFERS, NOW, IMPORTS, PLANS):
        DBOS.register_queue(
            queue,
            worker_concurrency=CONCURRENT_TRANSFERS,
            partition_concurrency=1,
            polling_interval_sec=POLLING_SECONDS,
        )
    DBOS.apply_schedules(
        [{"schedule_name": "housekeeping", "workflow_fn": housekeeping_workflow, "schedule": "0 17 * * * *"}]
    )


def close() -> None:
    """Stop the engine. The next worker takes up what is under way; DBOS calls that an error as it closes."""
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    DBOS.destroy(workflow_completion_timeout_sec=0)


def take_over(alive: set[str]) -> None:
    """Resume the work of every worker that is not among `alive`.

    On the embedded database launching has resumed everything, and there is nobody else.
    """
    if settings.EMBEDDED_DATABASE:
        _begin_anew_what_another_version_left(set())
        return
    pending = DBOS.list_workflows(status="PENDING", app_version=VERSION, load_input=False, load_output=False)
    if dead := {workflow.executor_id for workflow in pending if workflow.executor_id} - alive:
        log.warning("taking over the work of %s", ", ".join(sorted(dead)))
        DBOS._recover_pending_workflows(sorted(dead))
    _begin_anew_what_another_version_left(alive)


def _begin_anew_what_another_version_left(alive: set[str]) -> None:
    """DBOS resumes a workflow in its own version only, and one that is left lying keeps its organisation's queue shut.

    So it starts from its first step, in our version; its steps find in the tables what has been done.
    """
    unfinished = ["PENDING", "ENQUEUED", "CANCELLED"]
    for workflow in DBOS.list_workflows(status=unfinished, load_input=False, load_output=False):
        if workflow.app_version in (None, VERSION) or workflow.executor_id in alive:
            continue
        log.warning("%s was begun by another version and begins anew", workflow.workflow_id)
        DBOS.cancel_workflow(workflow.workflow_id)
        DBOS.rewind_workflow(
            workflow.workflow_id,
            application_version=VERSION,
            queue_name=workflow.queue_name,
            queue_partition_key=workflow.queue_partition_key,
        )


def is_lost(transfer: Transfer) -> bool:
    """Whether no workflow will ever move this transfer on: it has ended, however it did, or the engine has lost it.

    Only a workflow of another version is ever cancelled, and that one begins anew.
    """
    status = DBOS.get_workflow_status(_workflow_id(transfer))
    return status is None or status.status not in ("ENQUEUED", "PENDING", "DELAYED", "CANCELLED")


def is_broken(work: Transfer | Import | Plan | Control) -> bool:
    """Whether the workflow of this row ended in an error that it cannot come back from."""
    status = DBOS.get_workflow_status(_workflow_id(work))
    return status is not None and status.status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


def _workflow_id(work: Transfer | Import | Plan | Control) -> str:
    match work:
        case Transfer():
            return f"transfer-{work.pk}-{work.attempt}"
        case Plan():
            return f"make_plan-{work.pk}"
        case Control():
            return f"make_control-{work.pk}"
        case Import():
            return f"{'read_import' if work.state == ImportState.READING else 'store_import'}-{work.pk}"


def _use_wal() -> None:
    """DBOS leaves its file's journal mode alone; write-ahead logging makes it twice as fast (stack.md 2.3)."""
    if settings.EMBEDDED_DATABASE:
        with sqlite3.connect(settings.DATA_DIR / "engine.sqlite3", timeout=30) as file:
            file.execute("PRAGMA journal_mode=WAL")
