"""Asynchronous jobs: a bulk call waits until its delay has passed, then its objects are judged in order."""

import heapq
import itertools
import math
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from provsluss.simulator.checks import check_activity, check_duty, check_group, check_person
from provsluss.simulator.errors import LogEntry, log_entry
from provsluss.simulator.faults import Dice
from provsluss.simulator.shapes import RESOURCE, Activity, Duty, Group, Kind, Person, shape_faults
from provsluss.simulator.store import Store, timestamp

Operation = Literal["create", "upsert", "update", "delete"]
Item = dict[str, Any]

KEPT_JOBS = 5000
"""Older jobs are forgotten, so that a simulator can run for weeks."""


@dataclass
class Job:
    """One bulk call: what it asked, when it is due, and (when done) the answer per object."""

    id: str
    owner: str
    kind: Kind
    operation: Operation
    place: str
    objects: list[dict[str, Any]]
    created: float
    due: float
    items: list[Item] | None = None
    forgotten: bool = False
    partial: bool = False
    loses: bool = False
    duplicate: bool = False
    completed: float = 0.0
    ids: list[str] = field(default_factory=list)


class Jobs:
    """All jobs, and the queue of those not yet done."""

    def __init__(self, store: Store, dice: Dice) -> None:
        """Judges against `store`, with the faults of `dice`."""
        self._store = store
        self._dice = dice
        self._queue: list[tuple[float, int, Job]] = []
        self._number = itertools.count()
        self.jobs: dict[str, Job] = {}
        self.changes = 0
        self.finished: Counter[str] = Counter()

    def add(self, owner: str, kind: Kind, operation: Operation, objects: list[dict[str, Any]], place: str) -> Job:
        """Takes a bulk call in; `place` is the URL of the collection, for the items' location."""
        faults, now = self._dice.faults, time.time()
        wait = self._dice.job_seconds() * (faults.slow_factor if self._dice.happens(faults.slow_share) else 1)
        if self._dice.happens(faults.never_share):
            wait = math.inf
        job = Job(
            id=str(uuid.uuid4()),
            owner=owner,
            kind=kind,
            operation=operation,
            place=place,
            objects=objects,
            created=now,
            due=now + wait,
            forgotten=self._dice.happens(faults.forget_share),
            partial=self._dice.happens(faults.partial_share),
            loses=self._dice.happens(faults.lost_share),
            duplicate=self._dice.happens(faults.duplicate_share),
            ids=[str(wanted["id"]) for wanted in objects],
        )
        self.enter(job)
        return job

    def enter(self, job: Job) -> None:
        """Puts a job, new or from a state file, among the others; beyond KEPT_JOBS the oldest is forgotten."""
        self.jobs[job.id] = job
        if job.items is None:
            heapq.heappush(self._queue, (job.due, next(self._number), job))
        if len(self.jobs) > KEPT_JOBS:
            del self.jobs[next(iter(self.jobs))]
        self.changes += 1

    def find(self, owner: str, kind: Kind, job_id: str) -> Job | None:
        """The job, unless it is unknown, somebody else's, of another kind, or done and forgotten."""
        job = self.jobs.get(job_id)
        if job is None or job.owner != owner or job.kind != kind or (job.forgotten and job.items is not None):
            return None
        return job

    def run_due(self) -> None:
        """Judges every job whose time has come, in the order they were due."""
        while self._queue and self._queue[0][0] <= time.time():
            job = heapq.heappop(self._queue)[2]
            job.completed = time.time()
            job.items = [self._judge(job, wanted) for wanted in self._not_lost(job)]
            self.finished.update(item["response"]["status"] for item in job.items)
            job.objects = []
            self.changes += 1

    def _not_lost(self, job: Job) -> list[dict[str, Any]]:
        """The job's objects but those that are lost on the way: neither stored nor ever answered."""
        lost = self._dice.faults.lost_ids
        return [
            wanted
            for number, wanted in enumerate(job.objects)
            if not (job.loses and number % 4 == 3) and str(wanted["id"]) not in lost
        ]

    def answer(self, job: Job, only_errors: bool) -> dict[str, Any]:
        """The job's status in Skolverket's shape (OAS AsynchronousResponse)."""
        if job.items is None:
            pending = {"status": "Pending"}
            meta = {"created": timestamp(job.created), "modified": timestamp(job.created)}
            items: list[Item] = [{"id": key, "response": pending, "meta": meta} for key in job.ids]
        else:
            items = _disturbed(job)
        if only_errors:
            items = [item for item in items if item["response"]["status"] == "Error"]
        return {"jobId": job.id, "responses": items}

    def _judge(self, job: Job, wanted: dict[str, Any]) -> Item:
        """One object's fate."""
        object_id = str(wanted["id"])
        if self._dice.is_temporary(object_id):
            return _item(job, object_id, "TemporaryError", 503, errors=[self._about("5030", job, object_id)])
        if object_id in self._dice.faults.refused_ids:
            return _refused(job, object_id, [self._about("3090", job, object_id)])
        if job.operation == "delete":
            self._store.remove(job.owner, job.kind, object_id, job.completed)
            return _item(job, object_id, "Success", 200)
        exists = self._store.get(job.owner, job.kind, object_id) is not None
        if exists and job.operation == "create":
            return _refused(job, object_id, [self._about("3050", job, object_id)])
        if not exists and job.operation == "update":
            return _refused(job, object_id, [self._about("4003", job, object_id)])
        try:
            data, findings = _examined(job, wanted, self._store)
        except ValidationError as fault:
            return _refused(job, object_id, shape_faults(fault, job.kind, object_id))
        errors = [finding for finding in findings if finding["severityLevel"] == "Error"]
        if errors:
            return _refused(job, object_id, errors)
        created = self._store.put(job.owner, job.kind, data, job.completed)
        return _item(
            job,
            object_id,
            "Warning" if findings else "Success",
            201 if created else 200,
            warnings=findings,
            created=created,
        )

    @staticmethod
    def _about(code: str, job: Job, object_id: str) -> LogEntry:
        return log_entry(code, resource=RESOURCE[job.kind], resource_id=object_id)


def _examined(job: Job, wanted: dict[str, Any], store: Store) -> tuple[dict[str, Any], list[LogEntry]]:
    """The object as it would be stored, and what was found. Raises ValidationError when its shape is wrong."""
    shape: Person | Duty | Group | Activity
    if job.kind == "persons":
        shape = Person.model_validate(wanted)
        findings = list(check_person(shape, job.owner, store))
    elif job.kind == "duties":
        shape = Duty.model_validate(wanted)
        findings = list(check_duty(shape, job.owner, store))
    elif job.kind == "groups":
        shape = Group.model_validate(wanted)
        findings = list(check_group(shape, job.owner, store))
    else:
        shape = Activity.model_validate(wanted)
        findings = list(check_activity(shape, job.owner, store))
    return shape.model_dump(exclude_none=True, exclude_unset=True), findings


def _refused(job: Job, object_id: str, errors: list[LogEntry]) -> Item:
    """An item with status Error; its status code is that of the first error."""
    return _item(job, object_id, "Error", errors[0]["statusCode"], errors=errors)


def _item(
    job: Job,
    object_id: str,
    status: str,
    status_code: int,
    *,
    errors: list[LogEntry] | None = None,
    warnings: list[LogEntry] | None = None,
    created: bool = False,
) -> Item:
    """One element of `responses`; errors, warnings and location only where there are any."""
    response: dict[str, Any] = {"status": status, "statusCode": status_code}
    if created:
        response["location"] = f"{job.place}/{object_id}"
    if errors:
        response["errors"] = errors
    if warnings:
        response["warnings"] = warnings
    meta = {"created": timestamp(job.created), "modified": timestamp(job.completed)}
    return {"id": object_id, "response": response, "meta": meta}


def _disturbed(job: Job) -> list[Item]:
    """The items, with every fourth left out or told twice when the faults say so."""
    items = job.items or []
    if job.partial:
        items = [item for number, item in enumerate(items) if number % 4 != 3]
    if job.duplicate:
        items = [copy for number, item in enumerate(items) for copy in ([item, item] if number % 4 == 0 else [item])]
    return items
