"""A transfer that removes, made straight in the tables: its removals done, or waiting for somebody's decision."""

import json
import uuid
import zlib
from dataclasses import dataclass
from datetime import timedelta

from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.ss12000.ids import skolverket_id
from provsluss.transfers.models import Accepted, Batch, ObjectResult, RemovedObject, SyncJob, TestActivity, Transfer
from tests.web.transfers_made_by_hand import BEGAN, CIVIC_NUMBER, PROTECTED_NUMBER, TEST, UNIT, School, make_school

OTHER_UNIT = "31279296"


@dataclass
class MadeRemoval:
    """The transfer, its removals by kind, and the results that tests ask for."""

    school: School
    test_activity: TestActivity
    transfer: Transfer
    jobs: dict[str, SyncJob]
    batch: Batch
    removed: ObjectResult
    refused: ObjectResult
    protected: ObjectResult


def make_removal(
    organisation: Organisation, state: str = "done_with_errors", school: School | None = None
) -> MadeRemoval:
    """One activity and three pupils to remove, after four steps in which nothing was new.

    With an ended `state` the activity and two of the pupils are gone, and Skolverket refused to remove the third; with
    needs_review all of it waits.
    """
    school = school or make_school(organisation)
    waits = state == "needs_review"
    with scope(organisation=organisation):
        test_activity = TestActivity.objects.create(organisation=organisation, name="Matematik 6", national_test=TEST)
        transfer = Transfer.objects.create(
            organisation=organisation, environment=organisation.environment, state=state, created_at=BEGAN,
            started_at=BEGAN, finished_at=None if waits else BEGAN + timedelta(seconds=60),
        )  # fmt: skip
        transfer.test_activities.add(test_activity)
        for position, kind in enumerate(("persons", "duties", "groups", "activities")):
            SyncJob.objects.create(
                organisation=organisation, transfer=transfer, kind=kind, position=position, state="done", wanted=4,
                unchanged=4, started_at=BEGAN, finished_at=BEGAN,
            )  # fmt: skip
        jobs = {
            "activities": _job(transfer, "activities", 4, waits, wanted=1, removed=1),
            "persons": _job(transfer, "persons", 7, waits, wanted=3, removed=2, error=1),
        }
        activity = _result(jobs["activities"], uuid.uuid4(), f"6A matematik {TEST}", waits, national_test=TEST)
        alva, hugo, iris = (
            _result(
                jobs["persons"], pupil.pk, pupil.full_name, waits, role="Elev", civic_number=number, eppn=pupil.eppn,
                school_type="GR", school_year=6, school_unit_code=unit, restricted=number == PROTECTED_NUMBER,
            )
            for pupil, number, unit in zip(
                school.pupils, (CIVIC_NUMBER, "201409212394", PROTECTED_NUMBER), (UNIT, OTHER_UNIT, UNIT), strict=True
            )
        )  # fmt: skip
        batch = _batch(jobs["persons"], [alva, hugo, iris])
        if not waits:
            refusal = {"code": "4000", "message": "Objektet kunde inte tas bort.", "severity": "Error"}
            ObjectResult.objects.filter(pk=hugo.pk).update(state="error", messages=[refusal])
            hugo.refresh_from_db()
        for kind, result in (("activities", activity), ("persons", alva), ("persons", hugo), ("persons", iris)):
            _remember(transfer, kind, result, still_there=result.state != "removed")
    return MadeRemoval(school, test_activity, transfer, jobs, batch, alva, hugo, iris)


def _job(transfer: Transfer, kind: str, position: int, waits: bool, **counts: int) -> SyncJob:
    if waits:
        counts = {"wanted": counts["wanted"]}
    return SyncJob.objects.create(
        organisation=transfer.organisation, transfer=transfer, kind=kind, action="remove", position=position,
        state="needs_review" if waits else "done_with_errors" if counts.get("error") else "done",
        sent=0 if waits else counts["wanted"], started_at=None if waits else BEGAN,
        finished_at=None if waits else BEGAN + timedelta(seconds=5), **counts,
    )  # fmt: skip


def _result(job: SyncJob, object_id: uuid.UUID, name: str, waits: bool, **columns: object) -> ObjectResult:
    columns.setdefault("school_unit_code", UNIT)
    return ObjectResult.objects.create(
        sync_job=job, organisation_id=job.organisation_id, object_id=object_id, name=name,
        state="waiting" if waits else "removed", finished_at=None if waits else BEGAN, **columns,
    )  # fmt: skip


def _batch(job: SyncJob, results: list[ObjectResult]) -> Batch:
    ids = [str(result.object_id) for result in results]
    body = json.dumps({"data": ids}).encode()
    is_sent = job.started_at is not None
    responses = [
        {"id": one, "response": {"status": "Success", "statusCode": 204, "message": "Borttagen"}} for one in ids
    ]
    batch = Batch.objects.create(
        sync_job=job, organisation_id=job.organisation_id, number=1, state="done" if is_sent else "prepared",
        object_count=len(ids), byte_size=len(body), payload=zlib.compress(body),
        answer=zlib.compress(json.dumps({"jobId": "1", "responses": responses}).encode()) if is_sent else None,
        url="http://127.0.0.1:8100/provisioning/v1/persons/bulk/delete", attempts=int(is_sent),
        status_code=202 if is_sent else None, posted_at=BEGAN if is_sent else None,
        finished_at=BEGAN if is_sent else None,
    )  # fmt: skip
    ObjectResult.objects.filter(pk__in=[result.pk for result in results]).update(batch=batch)
    return batch


def _remember(transfer: Transfer, kind: str, result: ObjectResult, still_there: bool) -> None:
    payload = json.dumps(
        {
            "id": str(result.object_id), "displayName": result.name, "groups": [], "teachers": [],
            "parentActivity": {"id": str(skolverket_id(TEST))}, "organisation": {"id": str(skolverket_id(UNIT))},
        }
    )  # fmt: skip
    what = {
        "organisation": transfer.organisation, "environment": transfer.environment, "kind": kind,
        "object_id": result.object_id, "payload": payload,
    }  # fmt: skip
    if still_there:
        Accepted.objects.create(payload_hash="x", accepted_at=BEGAN, **what)
    else:
        RemovedObject.objects.create(transfer=transfer, **what)
