"""A preview says of what Skolverket refused the last time that it is sent again, why it was refused, and no more."""

import io
import json
import uuid
import zlib
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from provsluss.organisations.models import Organisation
from provsluss.register.models import Person
from provsluss.transfers.models import (
    Accepted,
    Batch,
    ObjectResult,
    Plan,
    PlannedObject,
    SyncJob,
    TestActivity,
    Transfer,
)
from provsluss.transfers.plan.store import make_plan
from provsluss.transfers.test_activities import activities
from tests.transfers.accepted_by_hand import accept_everything
from tests.transfers.small_school import civic_number
from tests.web.transfers_made_by_hand import TEST, School, make_school

SAID = "Värdet nekades av provtjänsten."


@pytest.fixture
def school(organisation: Organisation) -> Iterator[School]:
    school = make_school(organisation)
    with scope(organisation=organisation):
        for number, person in enumerate([*school.pupils, school.teacher.person, school.head.person]):
            year = 2014 if person.role == Person.Role.PUPIL else 1980
            Person.objects.filter(pk=person.pk).update(civic_number=civic_number(number, year=year))
        yield school


@pytest.fixture
def test_activity(organisation: Organisation, school: School) -> TestActivity:
    """All is at Skolverket but Alva, who was refused exactly as she is; the groups lack her."""
    test_activity = activities.create(organisation, name="", national_test=TEST, groups=[school.group])
    alva = school.pupils[0]
    accept_everything(organisation, test_activity)
    sent = Accepted.objects.get(object_id=alva.pk)
    for group in Accepted.objects.filter(kind="groups"):
        content = json.loads(group.payload)
        members = [one for one in content["groupMemberships"] if one["person"]["id"] != str(alva.pk)]
        _accept(group, json.dumps(content | {"groupMemberships": members}, ensure_ascii=False, separators=(",", ":")))
    sent.delete()
    _refuse(organisation, alva.pk, sent.payload)
    return test_activity


def _accept(accepted: Accepted, payload: str) -> None:
    from provsluss.transfers.desired.payload_hash import payload_hash

    Accepted.objects.filter(pk=accepted.pk).update(payload=payload, payload_hash=payload_hash(payload.encode()))


def _refuse(organisation: Organisation, object_id: uuid.UUID, payload: str) -> None:
    transfer = Transfer.objects.create(organisation=organisation, environment=organisation.environment, state="done")
    job = SyncJob.objects.create(organisation=organisation, transfer=transfer, kind="persons", position=0, error=1)
    body = b'{"data":[' + payload.encode() + b"]}"
    batch = Batch.objects.create(
        sync_job=job, organisation=organisation, number=1, state="done", job_id="1", object_count=1,
        byte_size=len(body), payload=zlib.compress(body),
    )  # fmt: skip
    message = {"code": "3090", "message": SAID, "attribute": "civicNo", "severity": "Error"}
    ObjectResult.objects.create(
        sync_job=job, organisation=organisation, batch=batch, object_id=object_id, state="error", name="Alva Åström",
        messages=[message], finished_at=timezone.now(),
    )  # fmt: skip


def _plan(test_activity: TestActivity) -> Plan:
    plan = Plan.objects.create(
        organisation=test_activity.organisation, environment=test_activity.organisation.environment
    )
    plan.test_activities.add(test_activity)
    make_plan(plan.pk)
    plan.refresh_from_db()
    return plan


def _text(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def test_only_the_refused_one_would_be_sent(logged_in_client: Client, test_activity: TestActivity) -> None:
    plan = _plan(test_activity)
    assert [row.name for row in PlannedObject.objects.filter(plan=plan)] == ["Alva Åström"]
    assert plan.counts["groups"]["incomplete"] == 2
    text = _text(logged_in_client, "plan", plan.pk)
    assert "Allt som skickas nekades av Skolverket förra gången, och nekas troligen igen" in text
    assert "Skickas igen, nekades senast" in text
    assert "1\xa0nekades senast" in text
    assert "Alva Åström" in _text(logged_in_client, "plan", plan.pk, vad="refused_before")


def test_its_row_says_why_in_our_words_and_skolverkets(logged_in_client: Client, test_activity: TestActivity) -> None:
    row = PlannedObject.objects.get(plan=_plan(test_activity))
    text = _text(logged_in_client, "planned_object", row.pk)
    assert "Skolverket nekade exakt samma uppgifter i överföring" in text
    assert f"Skolverket: {SAID}" in text
    assert "Åtgärdas av" in text


def test_so_does_the_excel_file(logged_in_client: Client, test_activity: TestActivity) -> None:
    answer = logged_in_client.get(reverse("plan_export", args=[_plan(test_activity).pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    (row,) = [[str(cell.value) for cell in row] for row in list(sheet.rows)[1:]]
    assert row[:3] == ["Användare", "Skickas igen, nekades senast", "Alva Åström"]
    assert f"Skolverket: {SAID}" in row[7]


def test_what_has_been_mended_since_is_new_again(
    logged_in_client: Client, test_activity: TestActivity, school: School
) -> None:
    Person.objects.filter(pk=school.pupils[0].pk).update(given_name="Alfa")
    plan = _plan(test_activity)
    assert plan.counts["persons"]["refused_before"] == 0
    assert plan.counts["groups"]["changed"] == 2, "she is put into her groups"
    assert "nekas troligen igen" not in _text(logged_in_client, "plan", plan.pk)
