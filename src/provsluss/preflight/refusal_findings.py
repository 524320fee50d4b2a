"""What Skolverket refused, as findings: they stand beside those of the rules, in our words with Skolverket's under."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from provsluss.batching import AT_A_TIME
from provsluss.organisations.models import Organisation
from provsluss.preflight.open_refusals import refused_objects
from provsluss.register.models import Duty, Group, Person
from provsluss.rules.explained_attributes import Attribute, find_attribute
from provsluss.rules.explanations import explain
from provsluss.rules.findings import Finding, Severity
from provsluss.rules.urgency import is_urgent
from provsluss.rules.who import Who
from provsluss.transfers.models import ObjectResult, SyncJob
from provsluss.transfers.quoted_persons import WithoutProtected, without_anybody

SHOWN = 3
"""So many different messages of Skolverket's are kept under one of our sentences."""
BUTTON = "Provsluss, sidan för provaktiviteten."
SEND_AGAIN = "Skicka igen. Kommer felet tillbaka: be IT-avdelningen kontakta Skolverkets support."
CHANGED = (
    "Uppgifterna är ändrade i registret sedan Skolverket nekade dem. Skicka igen, så visar det sig om felet är borta."
)
SILENT = "Skolverket nekade utan att säga varför."
OURS = "Provsluss"
NO_CODE = "ingen kod"

_REGISTER: dict[str, type[Person] | type[Duty] | type[Group]] = {"persons": Person, "duties": Duty, "groups": Group}
_COLUMNS = ("object_id", "name", "eppn", "civic_number", "role", "messages", "findings", "finished_at")


@dataclass(frozen=True, slots=True)
class Refusal(Finding):
    """Why Skolverket refused some objects; `code` and `attribute` are those of the first message about it."""

    meaning: str
    skolverket_says: str = ""
    sync_job_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """One message about one object. Several codes of Skolverket's can have the same explanation: that is one cause."""

    explanation: Refusal
    code: str = ""
    attribute: str = ""
    about: Attribute | None = None
    words: str = ""


class Refusals:
    """Everything that is still refused, by object. Each explanation is held once, however many objects it is about."""

    def __init__(self, organisation: Organisation) -> None:
        """Needs the organisation's scope."""
        self._of: dict[tuple[str, uuid.UUID], tuple[tuple[Refusal, Attribute | None], ...]] = {}
        self._first: dict[Refusal, Refusal] = {}
        """By explanation: the refusal as it is told, from the first object that it is about, the latest refused."""
        self._words: dict[Refusal, dict[str, None]] = {}
        same: dict[Refusal, Refusal] = {}
        without_protected = WithoutProtected()
        for job, results in refused_objects(organisation):
            for row in _rows(job, results.only(*_COLUMNS).order_by().iterator(AT_A_TIME)):
                key = (job.kind, row.result.object_id)
                if key not in self._of:
                    answers = list(_answers_about(job, row, without_protected))
                    self._of[key] = tuple(
                        (same.setdefault(one.explanation, one.explanation), one.about) for one in answers
                    )
                    self._note(answers, job.pk)

    def beside(self, kind: str, object_id: uuid.UUID, findings: Iterable[Finding]) -> list[Refusal]:
        """Why Skolverket refused the object, without what `findings` say already.

        A rule that says that the same attribute must be mended says it better: it looks at the register as it is now.
        """
        refused = self._of.get((kind, object_id))
        if refused is None:
            return []
        told = {find_attribute(finding.attribute, "", kind) for finding in findings if is_urgent(finding)}
        left = dict.fromkeys(explanation for explanation, about in refused if about is None or about not in told)
        return [replace(self._first[one], skolverket_says="\n".join(self._words[one])) for one in left]

    def _note(self, answers: Iterable[_Answer], job_id: int) -> None:
        for one in answers:
            told = replace(one.explanation, code=one.code, attribute=one.attribute, sync_job_id=job_id)
            self._first.setdefault(one.explanation, told)
            words = self._words.setdefault(one.explanation, {})
            if one.words and len(words) < SHOWN:
                words[one.words] = None


@dataclass(frozen=True, slots=True)
class _Row:
    result: ObjectResult
    is_changed: bool
    """Whether the register says something else of it since it was refused."""


def _rows(job: SyncJob, results: Iterator[ObjectResult]) -> Iterator[_Row]:
    model = _REGISTER.get(job.kind)
    while piece := list(islice(results, AT_A_TIME)):
        changed: dict[uuid.UUID, datetime] = {}
        if model is not None:
            known = model._base_manager.filter(pk__in=[one.object_id for one in piece])
            changed = dict(known.values_list("pk", "changed_at"))
        for one in piece:
            when = changed.get(one.object_id)
            yield _Row(one, bool(when and one.finished_at and when > one.finished_at))


def _answers_about(job: SyncJob, row: _Row, without_protected: WithoutProtected) -> Iterator[_Answer]:
    """What was said of one object."""
    result = row.result
    messages = [one for one in result.messages if str(one.get("severity") or "").lower() != "warning"]
    told = [_explained(job, result, message, without_protected) for message in messages]
    for one in told or [_unexplained(result.findings)]:
        yield replace(one, explanation=_as_changed(one.explanation)) if row.is_changed else one


def _as_changed(told: Refusal) -> Refusal:
    """Somebody may have mended it already, and then all that is left is to send."""
    sentence = f"Ändrat men inte skickat igen. {told.sentence}"
    return replace(told, sentence=sentence, who=Who.SCHOOL, where=BUTTON, how=CHANGED)


def _explained(
    job: SyncJob, result: ObjectResult, message: Mapping[str, Any], without_protected: WithoutProtected
) -> _Answer:
    kind = job.kind
    code, attribute = str(message.get("code") or ""), str(message.get("attribute") or "")
    said = without_protected(str(message.get("message") or ""), job.pk)
    persons = [result] if kind in ("persons", "duties") else []
    words = without_anybody(said, message.get("value"), persons)[:500]
    role = result.role if kind == "persons" else ""
    told = explain(code, words, attribute, str(message.get("message_type") or ""), kind, role)
    who, where, how = told.who, told.where, told.how
    if told.retried:  # it was tried again for long enough, and the transfer is over
        who, where, how = Who.SCHOOL, BUTTON, SEND_AGAIN
    return _Answer(
        Refusal("", Severity.ERROR, "", told.title, who, where, how, told.source, told.meaning),
        code[:10] or NO_CODE,
        attribute[:60],
        find_attribute(attribute, words, kind),
        f"{words} ({code})" if words and code else words,
    )


def _unexplained(findings: Sequence[Mapping[str, Any]]) -> _Answer:
    """Skolverket gave no reason: in our own words what happened to the call."""
    ours = [str(one["sentence"]) for one in findings if one.get("sentence") and not one.get("object_ids")]
    sentence = ours[-1] if ours else SILENT
    return _Answer(Refusal("", Severity.ERROR, "", sentence, Who.SCHOOL, BUTTON, SEND_AGAIN, OURS, ""), NO_CODE)
