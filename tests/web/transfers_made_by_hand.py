"""A small school and a finished transfer with every state, made straight in the tables.

Whatever the engine does, a page must be able to show it; so nothing here goes through the engine.
"""

import json
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Enrolment, Group, Membership, Person
from provsluss.transfers.models import Batch, ObjectResult, Plan, PlannedObject, SyncJob, TestActivity, Transfer, Worker
from provsluss.transfers.test_activities import activities
from tests.transfers.prepared import prepare

UNIT = "31279295"
TEST = "GRGRMAT01_6"
BEGAN = datetime(2026, 3, 22, 17, 13, 19, tzinfo=UTC)
CIVIC_NUMBER = "201405122384"
PROTECTED_NUMBER = "201401012399"


@dataclass
class School:
    """One school unit: a class and a teaching group of three pupils, a teacher and a head."""

    organisation: Organisation
    klass: Group
    group: Group
    pupils: list[Person]
    teacher: Duty
    head: Duty


@dataclass
class MadeTransfer:
    """The transfer, its jobs by kind, and the results that tests ask for."""

    school: School
    test_activity: TestActivity
    transfer: Transfer
    jobs: dict[str, SyncJob]
    batch: Batch
    refused: ObjectResult
    protected: ObjectResult
    group_result: ObjectResult


def make_school(organisation: Organisation, unit: str = UNIT, national_test: str = TEST) -> School:
    """The school in the register of `organisation`, which is prepared for protected persons such as Iris."""
    prepare(organisation)
    with scope(organisation=organisation):
        pupils = [
            _person(organisation, "pupil", *name, number)
            for name, number in [
                (("Alva", "Åström"), CIVIC_NUMBER),
                (("Hugo", "Sjögren"), "201409212394"),
                (("Iris", "Öberg"), PROTECTED_NUMBER),
            ]
        ]
        for pupil in pupils:
            Enrolment.objects.create(person=pupil, school_unit_code=unit, school_type="GR", school_year=6)
        Person.objects.filter(pk=pupils[2].pk).update(security_marking="Sekretessmarkering")
        staff = [
            _person(organisation, "staff", "Maja", "Lindqvist", "198103142380"),
            _person(organisation, "staff", "Mohammed", "Hassan", "197604022390"),
        ]
        teacher, head = (
            Duty.objects.create(
                id=uuid.uuid4(), organisation=organisation, source="test", source_id=str(number), person=person,
                school_unit_code=unit, duty_role=role,
            )
            for number, (person, role) in enumerate(zip(staff, ("Lärare", "Rektor"), strict=True))
        )  # fmt: skip
        klass = _group(organisation, "6A", "Klass", unit, "")
        group = _group(organisation, "6A matematik", "Undervisning", unit, national_test)
        for one in (klass, group):
            Membership.objects.bulk_create([Membership(group=one, person=pupil) for pupil in pupils])
        DutyAssignment.objects.create(group=group, duty=teacher)
    return School(organisation, klass, group, pupils, teacher, head)


def make_transfer(organisation: Organisation, school: School | None = None) -> MadeTransfer:
    """A transfer that is done with errors, and everything that hangs on it."""
    school = school or make_school(organisation)
    with scope(organisation=organisation):
        test_activity = TestActivity.objects.first() or activities.create(
            organisation, name="", national_test=TEST, groups=[school.group]
        )
        transfer = Transfer.objects.create(
            organisation=organisation, environment=organisation.environment, state="done_with_errors",
            created_at=BEGAN - timedelta(seconds=1), started_at=BEGAN, finished_at=BEGAN + timedelta(seconds=40),
        )  # fmt: skip
        transfer.test_activities.add(test_activity)
        counts: dict[str, dict[str, Any]] = {
            "persons": {"wanted": 6, "sent": 5, "success": 3, "warning": 1, "error": 1, "withheld": 1},
            "duties": {"wanted": 2, "unchanged": 1, "sent": 1, "success": 1},
            "groups": {"wanted": 2, "sent": 2, "success": 1, "warning": 1},
            "activities": {"wanted": 1, "withheld": 1},
        }
        states = ("done_with_errors", "done", "done_with_warnings", "done_with_errors")
        jobs = {
            kind: SyncJob.objects.create(
                organisation=organisation, transfer=transfer, kind=kind, position=position, state=states[position],
                started_at=BEGAN + timedelta(seconds=10 * position),
                finished_at=BEGAN + timedelta(seconds=10 * position + 8), **numbers,
            )
            for position, (kind, numbers) in enumerate(counts.items())
        }  # fmt: skip
        results = _person_results(jobs["persons"], school)
        batch = _batch(jobs["persons"], [*results.values()])
        group_result = _other_results(jobs, school, results["error"])
    return MadeTransfer(
        school, test_activity, transfer, jobs, batch, results["error"], results["protected"], group_result
    )


def make_preview(made: MadeTransfer) -> PlannedObject:
    """A preview that was made before the transfer and sent from, and the one of its objects that changes."""
    organisation = made.school.organisation
    with scope(organisation=organisation):
        plan = Plan.objects.create(
            organisation=organisation, environment=organisation.environment, state="ready", seconds=12.0,
            created_at=BEGAN - timedelta(minutes=1),
            counts={
                "persons": {"wanted": 6, "new": 1, "changed": 1, "unchanged": 4, "removed": 1, "calls": 1},
                "units": {UNIT: {"new": 1, "changed": 1}, "": {"removed": 1}},
            },
        )  # fmt: skip
        plan.test_activities.add(made.test_activity)
        Transfer.objects.filter(pk=made.transfer.pk).update(plan=plan)
        _planned(plan, made.school.pupils[1], "new")
        _planned(plan, made.school.pupils[2], "removed", restricted=True)
        changes = [{"attribute": "Förnamn", "before": "Alfa", "after": "Alva"}]
        return _planned(plan, made.school.pupils[0], "changed", changes=changes)


def _planned(plan: Plan, person: Person, fate: str, **columns: Any) -> PlannedObject:
    return PlannedObject.objects.create(
        plan=plan, organisation_id=plan.organisation_id, kind="persons", object_id=person.pk, fate=fate,
        name=person.full_name, role="Elev", school_unit_code=UNIT, **columns,
    )  # fmt: skip


def make_running(organisation: Organisation, answered: int = 312, to_send: int = 400) -> SyncJob:
    """A transfer whose first job runs."""
    made = make_transfer(organisation)
    with scope(organisation=organisation):
        Transfer.objects.filter(pk=made.transfer.pk).update(state="running", finished_at=None)
        SyncJob.objects.filter(transfer=made.transfer).exclude(kind="persons").update(
            state="queued", started_at=None, finished_at=None, wanted=0, unchanged=0, withheld=0, success=0, warning=0
        )
        job = made.jobs["persons"]
        job.state, job.finished_at, job.prepared_at = "running", None, BEGAN
        job.wanted, job.sent, job.success, job.warning, job.error, job.withheld = to_send, to_send, answered, 0, 0, 0
        job.save()
    return job


def make_worker() -> Worker:
    """A worker that gives a sign of life right now."""
    return Worker.objects.create(name="test", seen_at=timezone.now())


def _person(organisation: Organisation, role: str, given: str, family: str, number: str) -> Person:
    return Person.objects.create(
        id=uuid.uuid4(), organisation=organisation, source="test", source_id=number, role=role, given_name=given,
        family_name=family, civic_number=number, eppn=f"{uuid.uuid4()}@exempel.se", email="post@exempel.se",
    )  # fmt: skip


def _group(organisation: Organisation, name: str, group_type: str, unit: str, national_test: str) -> Group:
    return Group.objects.create(
        id=uuid.uuid4(), organisation=organisation, source="test", source_id=name, name=name, group_type=group_type,
        school_type="GR", school_unit_code=unit, national_test=national_test,
    )  # fmt: skip


def _result(job: SyncJob, object_id: uuid.UUID, name: str, state: str, **columns: Any) -> ObjectResult:
    return ObjectResult.objects.create(
        sync_job=job, organisation_id=job.organisation_id, object_id=object_id, name=name, state=state, **columns
    )


def _person_results(job: SyncJob, school: School) -> dict[str, ObjectResult]:
    alva, hugo, iris = school.pupils
    maja, mohammed = school.teacher.person, school.head.person
    pupil: dict[str, Any] = {"role": "Elev", "school_unit_code": UNIT, "school_type": "GR", "school_year": 6}
    staff: dict[str, Any] = {"role": "Personal", "school_unit_code": UNIT}

    def result(person: Person, state: str, **columns: Any) -> ObjectResult:
        numbers = {"civic_number": person.civic_number, "eppn": person.eppn}
        return _result(job, person.pk, person.full_name, state, **numbers, **columns)

    unknown_unit = {
        "code": "4005", "message": "Ogiltigt värde på <enroledAt>.", "message_type": "Ogiltigt värde",
        "attribute": "Enrolment.enroledAt", "value": UNIT, "severity": "Error", "status_code": 400,
    }  # fmt: skip
    like_name = {
        "code": "3047", "message": "Bristfälligt värde på Federationsanvändarnamn.",
        "message_type": "Bristfälligt värde",
        "attribute": "eppn", "value": hugo.eppn, "severity": "Warning", "status_code": 400,
    }  # fmt: skip
    withheld = {"code": "no_eppn", "sentence": "Personen saknar EPPN.", "object_ids": []}
    return {
        "error": result(alva, "error", messages=[unknown_unit], **pupil),
        "warning": result(hugo, "warning", messages=[like_name], **pupil),
        "protected": result(iris, "received", restricted=True, **pupil),
        "received": result(maja, "received", **staff),
        "received too": result(mohammed, "received", **staff),
        "withheld": _result(job, uuid.uuid4(), "Nils Ek", "withheld", findings=[withheld], **pupil),
    }


def _batch(job: SyncJob, results: list[ObjectResult]) -> Batch:
    sent = [result for result in results if result.state != "withheld"]
    data = [
        {
            "id": str(result.object_id),
            "givenName": result.name.split()[0],
            "familyName": result.name.split()[-1],
            "eduPersonPrincipalNames": [result.eppn],
            "civicNo": {"value": result.civic_number, "nationality": "SE"},
        }
        for result in sent
    ]
    responses = [
        {
            "id": str(result.object_id),
            "response": {
                "status": "Error" if result.state == "error" else "Success",
                "statusCode": 400 if result.state == "error" else 201,
                "errors": [_refusal(result)] if result.state == "error" else [],
            },
        }
        for result in sent
    ]  # fmt: skip
    body = json.dumps({"data": data}).encode()
    batch = Batch.objects.create(
        sync_job=job, organisation_id=job.organisation_id, number=1, state="done", object_count=len(sent),
        byte_size=len(body), payload=zlib.compress(body),
        answer=zlib.compress(json.dumps({"jobId": str(uuid.uuid4()), "responses": responses}).encode()),
        url="http://127.0.0.1:8100/provisioning/v1/persons/bulk?updateIfExists=true", attempts=1,
        job_id=str(uuid.uuid4()), status_code=202, reply='{"message": "Anropet har tagits emot."}', posted_at=BEGAN,
        asked_at=BEGAN + timedelta(seconds=4), finished_at=BEGAN + timedelta(seconds=5), status_calls=2,
    )  # fmt: skip
    ObjectResult.objects.filter(pk__in=[result.pk for result in sent]).update(batch=batch)
    return batch


def _refusal(result: ObjectResult) -> dict[str, Any]:
    """A message that quotes the personnummer, as text and as a number: both must be masked."""
    return {
        "id": "4005",
        "message": f"Personnummer {result.civic_number}",
        "attributeValue": int(result.civic_number),
    }


def _other_results(jobs: dict[str, SyncJob], school: School, refused: ObjectResult) -> ObjectResult:
    _result(
        jobs["duties"], school.teacher.pk, "Maja Lindqvist", "received", role="Lärare", school_unit_code=UNIT,
        eppn=school.teacher.person.eppn,
    )  # fmt: skip
    missing = {
        "code": "members_missing", "sentence": "2 elever saknas i gruppen hos Skolverket.",
        "object_ids": [str(refused.object_id), str(school.pupils[2].pk)],
    }  # fmt: skip
    group: dict[str, Any] = {"school_type": "GR", "school_unit_code": UNIT, "member_count": 2}
    _result(jobs["groups"], school.klass.pk, "6A", "received", group_type="Klass", **group)
    group_result = _result(
        jobs["groups"],
        school.group.pk,
        "6A matematik",
        "warning",
        group_type="Undervisning",
        findings=[missing],
        **group,
    )
    _result(
        jobs["activities"], uuid.uuid4(), f"6A matematik {TEST}", "withheld", role="6A matematik", national_test=TEST,
        school_type="GR", school_unit_code=UNIT, teacher_count=1,
        findings=[{"code": "group_missing", "sentence": "Gruppen har inte tagits emot av Skolverket.",
                   "object_ids": [str(school.group.pk)]}],
    )  # fmt: skip
    return group_result
