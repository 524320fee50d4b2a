"""One whole call: who has seen whom is written down, and a refusal tells nothing of the protected persons in it."""

import io
import json

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from provsluss.register.models import Reveal
from provsluss.transfers.models import Batch, ObjectResult
from tests.web.transfers_made_by_hand import CIVIC_NUMBER, MadeTransfer


def _sent_in(made: MadeTransfer) -> set[object]:
    return set(ObjectResult.objects.filter(batch=made.batch, restricted=False).values_list("object_id", flat=True))


def test_a_look_is_logged_also_when_the_objects_moved_on_to_later_calls(
    logged_in_client: Client, made: MadeTransfer
) -> None:
    shown = _sent_in(made)
    later = Batch.objects.create(
        sync_job=made.batch.sync_job, organisation=made.school.organisation, number=2, object_count=1, byte_size=1
    )
    ObjectResult.objects.filter(batch=made.batch).update(batch=later)
    Batch.objects.filter(pk=made.batch.pk).update(state="split")

    text = logged_in_client.post(reverse("call_unmasked", args=[made.batch.pk])).content.decode()

    assert CIVIC_NUMBER in text
    assert set(Reveal.objects.values_list("person_id", flat=True)) == shown


@pytest.fixture
def refused_call(made: MadeTransfer) -> MadeTransfer:
    """The call was refused as a whole, with a message that quotes the protected person in every field."""
    person = made.protected
    entry = {
        "code": "3001", "message": f"Ogiltigt värde {person.eppn} för {person.name} ({person.civic_number[2:]}).",
        "attribute": "eppn", "value": person.eppn, "severity": "Error", "status_code": 400,
    }  # fmt: skip
    reply = [{"id": "3001", "statusCode": 400, "message": entry["message"], "attributeValue": person.eppn}]
    Batch.objects.filter(pk=made.batch.pk).update(
        state="refused", status_code=400, answer=None, reply=json.dumps(reply, ensure_ascii=False)
    )
    for result in ObjectResult.objects.filter(batch=made.batch):
        result.state, result.messages = "error", [entry]
        result.save()
    return made


def _pages(client: Client, made: MadeTransfer) -> list[str]:
    job = made.batch.sync_job_id
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("sync_job_export", args=[job]))))).active
    assert sheet is not None
    return [
        client.get(reverse("call", args=[made.batch.pk])).content.decode(),
        client.post(reverse("call_unmasked", args=[made.batch.pk])).content.decode(),
        client.get(reverse("sync_job_object", args=[made.refused.pk])).content.decode(),
        str([[cell.value for cell in row] for row in sheet.iter_rows()]),
    ]


def test_a_refusal_of_the_whole_call_does_not_quote_a_protected_person(
    logged_in_client: Client, refused_call: MadeTransfer
) -> None:
    hidden = refused_call.protected

    for text in _pages(logged_in_client, refused_call):
        for secret in ("Iris", "Öberg", hidden.eppn, hidden.civic_number, hidden.civic_number[2:]):
            assert secret not in text
        assert "3001" in text
        assert "Ogiltigt värde" in text


def test_who_may_see_the_protected_person_reads_the_whole_refusal(
    protected_client: Client, refused_call: MadeTransfer
) -> None:
    for text in _pages(protected_client, refused_call):
        assert refused_call.protected.eppn in text


@pytest.mark.parametrize("reply", ["<html>Iris Öberg</html>", '[{"id": "3001", "message": "Iris Ö'])
def test_a_reply_that_cannot_be_read_is_not_shown(
    logged_in_client: Client, refused_call: MadeTransfer, reply: str
) -> None:
    Batch.objects.filter(pk=refused_call.batch.pk).update(reply=reply)

    text = logged_in_client.get(reverse("call", args=[refused_call.batch.pk])).content.decode()

    assert "Iris" not in text
    assert "skyddade personer" in text


def test_a_refusal_stays_closed_when_what_was_sent_is_gone(
    logged_in_client: Client, refused_call: MadeTransfer
) -> None:
    Batch.objects.filter(pk=refused_call.batch.pk).update(payload=None)

    text = logged_in_client.get(reverse("call", args=[refused_call.batch.pk])).content.decode()

    assert refused_call.protected.eppn not in text


def test_a_refusal_of_a_call_without_protected_persons_is_shown_whole(
    logged_in_client: Client, refused_call: MadeTransfer
) -> None:
    ObjectResult.objects.update(restricted=False)

    assert (
        refused_call.protected.eppn
        in logged_in_client.get(reverse("call", args=[refused_call.batch.pk])).content.decode()
    )
