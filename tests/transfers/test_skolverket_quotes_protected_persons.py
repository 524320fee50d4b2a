"""What Skolverket says of one object can quote a protected person: nothing of that is kept or told."""

import json
import zlib
from typing import Any

import pytest

from provsluss.cli.transfers import problems_in_words
from provsluss.organisations.models import Organisation
from provsluss.preflight.run import make_at_once
from provsluss.provtjanst.answers import JobItem, LogEntry
from provsluss.register.models import Person
from provsluss.transfers.batch_content import compact_json
from provsluss.transfers.models import Batch, ControlCause, ObjectResult, TestActivity, Transfer, UnknownCode
from provsluss.transfers.pipeline.record_answers import record_answer
from provsluss.transfers.plan.earlier_refusals import last_refusals
from provsluss.transfers.remote.accepted import RemoteState
from tests.transfers.small_school import fetch_list_of_tests, make_school

SECRETS = ("Alva Hemlig", "Hemlig", "alva7@skola.se", "201401172380", "140117-2380")


@pytest.fixture
def school(scoped: Organisation) -> TestActivity:
    fetch_list_of_tests(scoped)
    return make_school(scoped)


@pytest.fixture
def protected(school: TestActivity) -> Person:
    person = Person.objects.get(family_name="Nummer00001")
    person.given_name, person.family_name, person.eppn = "Alva", "Hemlig", "alva7@skola.se"
    person.civic_number, person.security_marking = "201401172380", "Sekretessmarkering"
    person.save()
    return person


def _quoting(person: Person) -> str:
    return (
        f"Elev {person.full_name.upper()} ({person.pk}, {person.eppn}, 140117-2380) finns redan, "
        f"liksom {str(person.pk).upper()}: fråga Hemlig."
    )


def _refused(school: TestActivity, protected: Person) -> tuple[ObjectResult, bytes]:
    """Another pupil, refused in the same call in words that quote the protected one; and what was sent of it."""
    organisation, other = school.organisation, Person.objects.get(family_name="Nummer00002")
    transfer = Transfer.objects.create(
        organisation=organisation, environment=organisation.environment, state="done_with_errors"
    )
    transfer.test_activities.add(school)
    job = transfer.sync_jobs.create(organisation=organisation, kind="persons", position=0, state="running")
    body = {"data": [{"id": str(other.pk)}, {"id": str(protected.pk)}]}
    batch = Batch.objects.create(
        sync_job=job, organisation=organisation, number=1, byte_size=1, state="posted", job_id="1", object_count=2,
        posted_at=transfer.created_at, payload=zlib.compress(compact_json(body)),
    )  # fmt: skip
    made: dict[str, Any] = {"organisation": organisation, "sync_job": job, "batch": batch, "role": "Elev"}
    ObjectResult.objects.create(
        object_id=protected.pk, name=protected.full_name, eppn=protected.eppn, civic_number=protected.civic_number,
        restricted=True, **made,
    )  # fmt: skip
    result = ObjectResult.objects.create(object_id=other.pk, name=other.full_name, **made)
    entry = LogEntry(code="9876", message=_quoting(protected))
    items = [
        JobItem(str(other.pk), status="Error", status_code=400, entries=[entry]),
        JobItem(str(protected.pk), status="Success", status_code=200, entries=[]),
    ]
    record_answer(batch, "persons", items, b"{}", RemoteState(organisation, organisation.environment))
    result.refresh_from_db()
    return result, compact_json(body["data"][0])


def _has_nothing(told: object, person: Person) -> None:
    text = json.dumps(told, ensure_ascii=False).casefold()
    assert "finns redan" in text
    assert [one for one in (*SECRETS, str(person.pk)) if one.casefold() in text] == []


def test_in_a_preview(school: TestActivity, protected: Person) -> None:
    result, payload = _refused(school, protected)
    refusal = last_refusals(
        school.organisation, school.organisation.environment, "persons", {result.object_id: payload}
    )[result.object_id]
    _has_nothing(refusal.findings("persons", "Elev"), protected)


def test_in_a_control(school: TestActivity, protected: Person) -> None:
    result, _ = _refused(school, protected)
    result.sync_job.error = 1
    result.sync_job.save()
    control = make_at_once(school.organisation)
    cause = ControlCause.objects.get(control=control, refused=True)
    _has_nothing([cause.skolverket_says, cause.sentence, cause.meaning], protected)


def test_at_the_command_line(school: TestActivity, protected: Person) -> None:
    result, _ = _refused(school, protected)
    _has_nothing(problems_in_words(result.sync_job.transfer), protected)


def test_in_the_list_of_codes_which_every_huvudman_reads(school: TestActivity, protected: Person) -> None:
    _refused(school, protected)
    _has_nothing(UnknownCode.objects.get().message, protected)
