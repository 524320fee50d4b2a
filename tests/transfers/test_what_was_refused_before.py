"""What counts as refused before: Skolverket's own no to this very object, the last that was heard of it."""

import uuid
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.transfers.batch_content import compact_json
from provsluss.transfers.models import Batch, ObjectResult, SyncJob, Transfer
from provsluss.transfers.pipeline.record_answers import MAX_TEMPORARY_ERRORS
from provsluss.transfers.plan.earlier_refusals import Refusal, last_refusals, refused_removals

ONE, OTHER = uuid.UUID(int=1, version=4), uuid.UUID(int=2, version=4)
NO = {"code": "3090", "message": "Värdet 201405122384 nekades.", "attribute": "civicNo", "severity": "Error"}


def _payload(object_id: uuid.UUID = ONE, name: str = "Alva") -> bytes:
    return compact_json({"id": str(object_id), "givenName": name})


def _answered(
    organisation: Organisation, state: str = "error", batch: dict[str, Any] | None = None, **result: Any
) -> ObjectResult:
    """A transfer that ended now, in which ONE had this result."""
    ended = timezone.now()
    transfer = Transfer.objects.create(organisation=organisation, environment=organisation.environment, state="done")
    action = result.pop("action", "send")
    job = SyncJob.objects.create(
        organisation=organisation, transfer=transfer, kind="persons", position=0, state="done", action=action
    )
    body = compact_json({"data": [{"id": str(ONE), "givenName": "Alva"}, {"id": str(OTHER), "givenName": "Bo"}]})
    made = {"state": "done", "job_id": "1", "object_count": 2, "payload": zlib.compress(body)} | (batch or {})
    call = Batch.objects.create(sync_job=job, organisation=organisation, number=1, byte_size=len(body), **made)
    return ObjectResult.objects.create(
        sync_job=job, organisation=organisation, batch=call, object_id=ONE, state=state, name="Alva", role="Elev",
        finished_at=ended, messages=[NO], **result,
    )  # fmt: skip


def _refusal(organisation: Organisation, payload: bytes | None = None) -> Refusal | None:
    payloads = {ONE: payload or _payload(), OTHER: _payload(OTHER)}
    return last_refusals(organisation, organisation.environment, "persons", payloads).get(ONE)


def test_the_same_once_more_is_told_with_its_reason_and_no_personnummer(scoped: Organisation) -> None:
    result = _answered(scoped)
    refusal = _refusal(scoped)
    assert refusal and refusal.is_alike
    first, reason = refusal.findings("persons", "Elev")
    assert f"i överföring {result.sync_job.transfer_id}, och gör det troligen igen" in first["sentence"]
    assert reason["said"] == "Värdet 20140512-**** nekades."
    assert reason["who"] and reason["where"] and reason["how"]


def test_something_else_may_be_accepted(scoped: Organisation) -> None:
    _answered(scoped)
    refusal = _refusal(scoped, _payload(name="Alfa"))
    assert refusal and not refusal.is_alike
    (said,) = refusal.findings("persons", "Elev")
    assert "Är felet inte rättat nekas de igen." in said["sentence"]


def test_what_was_sent_is_not_known_for_ever(scoped: Organisation) -> None:
    _answered(scoped, batch={"payload": None})
    refusal = _refusal(scoped)
    assert refusal and not refusal.is_alike


def test_a_single_object_whose_whole_call_was_refused(scoped: Organisation) -> None:
    refused = {"state": "refused", "job_id": "", "object_count": 1}
    _answered(scoped, batch=refused, findings=[{"code": "refused", "sentence": "Nej."}])
    refusal = _refusal(scoped)
    assert refusal and refusal.is_alike


@pytest.mark.parametrize(
    ("batch", "result"),
    [
        ({"state": "refused"}, {"findings": [{"code": "job_lost", "sentence": "Borta."}]}),
        ({"state": "refused", "job_id": ""}, {"findings": [{"code": "refused", "sentence": "Nej."}]}),
        ({}, {"findings": [{"code": "never_answered", "sentence": "Inget svar."}]}),
        ({}, {"temporary_errors": MAX_TEMPORARY_ERRORS}),
    ],
)
def test_no_answer_is_no_refusal_and_of_many_nobody_knows_which(
    scoped: Organisation, batch: dict[str, Any], result: dict[str, Any]
) -> None:
    _answered(scoped, batch=batch, **result)
    assert _refusal(scoped) is None


def test_only_the_last_answer_counts_and_only_in_its_environment(scoped: Organisation) -> None:
    _answered(scoped)
    assert last_refusals(scoped, "produktion", "persons", {ONE: _payload()}) == {}
    assert last_refusals(scoped, scoped.environment, "groups", {ONE: _payload()}) == {}
    # Made ready again, and held back or not answered yet: the refusal is the last that was heard.
    _answered(scoped, state="withheld")
    ObjectResult.objects.filter(state="withheld").update(finished_at=None, batch=None)
    assert _refusal(scoped)
    _answered(scoped, state="received")
    assert _refusal(scoped) is None


def test_a_removal_is_refused_until_it_has_been_sent_again(scoped: Organisation) -> None:
    _answered(scoped, action="remove")
    assert refused_removals(scoped, scoped.environment, "persons", [ONE])[ONE].is_removal
    assert _refusal(scoped) is None
    later = _answered(scoped, state="received")
    ObjectResult.objects.filter(pk=later.pk).update(finished_at=timezone.now() + timedelta(seconds=1))
    assert refused_removals(scoped, scoped.environment, "persons", [ONE]) == {}
