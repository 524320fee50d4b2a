"""What Skolverket refused the last time it was sent.

Whoever sends exactly the same once more will be refused once more, as far as anybody can know: that object is sent, but
what refers to it cannot count on it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from provsluss.organisations.models import Organisation
from provsluss.rules.explanations import explain
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.batch_content import payloads_of
from provsluss.transfers.models import Action, Batch, BatchState, ObjectResult, ObjectState, at_todays_addresses
from provsluss.transfers.pipeline.record_answers import MAX_TEMPORARY_ERRORS
from provsluss.transfers.quoted_persons import WithoutProtected

MOST_REASONS = 5
"""So many of Skolverket's messages are given as the reason."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """That the last answer about an object was a no. `is_alike`: it was about exactly what would be sent now.

    `is_alike` is False too where nobody knows any more what was sent then (gallring).
    """

    transfer_id: int
    refused_at: datetime
    is_alike: bool
    is_removal: bool
    messages: list[dict[str, Any]]

    def findings(self, kind: Kind, role: str) -> list[dict[str, Any]]:
        """What to say of it: that it is so, and for one that is alike why, who mends it and where."""
        if not self.is_alike:
            again = "Är felet inte rättat nekas de igen."
            return [
                _finding("refused_before", f"Skolverket nekade uppgifterna i överföring {self.transfer_id}. {again}")
            ]
        what = "nekade borttagningen" if self.is_removal else "nekade exakt samma uppgifter"
        first = "Prövas igen" if self.is_removal else "Skickas igen"
        sentence = f"{first}. Skolverket {what} i överföring {self.transfer_id}, och gör det troligen igen."
        return [
            _finding("refused_alike", sentence),
            *(_reason(message, kind, role) for message in self.messages),
        ]


def last_refusals(
    organisation: Organisation, environment: str, kind: Kind, payloads: Mapping[uuid.UUID, bytes]
) -> dict[uuid.UUID, Refusal]:
    """The refusal of each of these objects (some hundreds) whose last answer in `environment` was one.

    `payloads` is what would be sent now. Needs the organisation's scope.
    """
    answers = _answers(organisation, environment, kind, payloads)
    refused, batches = _refused(answers.filter(sync_job__action=Action.SEND))
    sent, without_protected = _sent(refused, batches), WithoutProtected()
    return {
        one.object_id: _refusal(
            one, without_protected, is_alike=sent.get(one.object_id) == payloads[one.object_id], is_removal=False
        )
        for one in refused
    }


def refused_removals(
    organisation: Organisation, environment: str, kind: Kind, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Refusal]:
    """The same for objects that would be removed: those whose last answer was that they cannot be."""
    refused, _ = _refused(_answers(organisation, environment, kind, ids))
    without_protected = WithoutProtected()
    return {
        one.object_id: _refusal(one, without_protected, is_alike=True, is_removal=True)
        for one in refused
        if one.sync_job.action == Action.REMOVE
    }


def _refusal(result: ObjectResult, without_protected: WithoutProtected, *, is_alike: bool, is_removal: bool) -> Refusal:
    assert result.finished_at is not None  # it has been answered
    messages = [
        one | {"message": without_protected(str(one.get("message") or ""), result.sync_job_id)}
        for one in result.messages[:MOST_REASONS]
    ]
    return Refusal(result.sync_job.transfer_id, result.finished_at, is_alike, is_removal, messages)


def _answers(
    organisation: Organisation, environment: str, kind: Kind, ids: Iterable[uuid.UUID]
) -> "QuerySet[ObjectResult]":
    return ObjectResult.objects.filter(
        at_todays_addresses("sync_job__transfer__"),
        organisation=organisation,
        object_id__in=ids,
        batch__isnull=False,
        finished_at__isnull=False,
        sync_job__kind=kind,
        sync_job__transfer__environment=environment,
    )


def _refused(answers: "QuerySet[ObjectResult]") -> tuple[list[ObjectResult], dict[int, Batch]]:
    """The last answer about each object, where it was a no, and the calls that they were in."""
    # Few have ever been refused: only those are looked at closely.
    ever = set(answers.filter(state=ObjectState.ERROR).values_list("object_id", flat=True))
    if not ever:
        return [], {}
    about = answers.filter(object_id__in=ever).select_related("sync_job")
    latest = {one.object_id: one for one in about.order_by("finished_at", "pk")}
    errors = [one for one in latest.values() if one.state == ObjectState.ERROR]
    # Not with their answers, which can be large.
    found = Batch._base_manager.filter(pk__in={one.batch_id for one in errors})
    batches = {batch.pk: batch for batch in found.only("payload", "state", "job_id", "object_count")}
    return [one for one in errors if _is_refusal(one, batches[one.batch_id])], batches  # type: ignore[index]


def _is_refusal(result: ObjectResult, batch: Batch) -> bool:
    """Whether Skolverket said no to this very object, and did not only fail to answer."""
    if batch.state == BatchState.REFUSED:
        # A call that got a job was taken, whatever became of it; of several objects only one need have been the cause.
        return not batch.job_id and batch.object_count == 1
    unanswered = any(finding["code"] == "never_answered" for finding in result.findings)
    return not unanswered and result.temporary_errors < MAX_TEMPORARY_ERRORS


def _sent(results: Sequence[ObjectResult], batches: Mapping[int, Batch]) -> dict[uuid.UUID, bytes]:
    """What was sent of each, where it is still kept."""
    by_batch: dict[int, set[uuid.UUID]] = defaultdict(set)
    for result in results:
        by_batch[result.batch_id].add(result.object_id)  # type: ignore[index]
    return {
        object_id: payload
        for pk, ids in by_batch.items()
        if batches[pk].payload
        for object_id, payload in payloads_of(batches[pk], ids).items()
    }


def _reason(message: Mapping[str, Any], kind: Kind, role: str) -> dict[str, Any]:
    said = str(message.get("message") or "")
    why = explain(
        str(message.get("code") or ""),
        said,
        attribute=str(message.get("attribute") or ""),
        message_type=str(message.get("message_type") or ""),
        kind=kind,
        role=role if kind == "persons" else "",
    )
    sentence = f"{why.title.rstrip('.')}. {why.meaning}"
    return _finding("refusal_reason", sentence) | {
        "who": why.who.value, "where": why.where, "how": why.how, "said": said,
    }  # fmt: skip


def _finding(code: str, sentence: str) -> dict[str, Any]:
    return {"code": code, "sentence": sentence, "object_ids": []}
