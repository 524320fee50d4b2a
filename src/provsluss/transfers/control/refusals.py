"""What Skolverket refused, as findings: they stand beside those of the rules, in our words with Skolverket's under."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, Group, Person
from provsluss.rules.explained_attributes import Attribute, find_attribute
from provsluss.rules.explanations import explain
from provsluss.rules.findings import Finding, Severity
from provsluss.rules.urgency import is_urgent
from provsluss.rules.who import Who
from provsluss.ss12000.log_filter import without_secrets
from provsluss.transfers.control.refused import refused_objects
from provsluss.transfers.in_pieces import AT_A_TIME
from provsluss.transfers.models import ObjectResult, SyncJob

SHOWN = 3
"""So many different messages of Skolverket's are kept under one of our sentences."""
BUTTON = "Provsluss, sidan för provaktiviteten."
SEND_AGAIN = "Skicka igen. Kommer felet tillbaka: be IT-avdelningen kontakta Skolverkets support."
CHANGED = (
    "Uppgifterna är ändrade i registret sedan Skolverket nekade dem. Skicka igen, så visar det sig om felet är borta."
)
SILENT = "Skolverket nekade utan att säga varför."
OURS = "Provsluss"

# Somebody's login name, address or id: the message means the same without it.
_SOMEBODYS = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_REGISTER: dict[str, type[Person] | type[Duty] | type[Group]] = {"persons": Person, "duties": Duty, "groups": Group}
_COLUMNS = ("object_id", "name", "role", "messages", "findings", "finished_at")


@dataclass(frozen=True, slots=True)
class Refusal(Finding):
    """Why Skolverket refused some objects. Equal ones have the same cause."""

    about: Attribute | None
    meaning: str
    skolverket_says: str = ""
    sync_job_id: int | None = None


class Refusals:
    """Everything that is still refused, by object. Each refusal is held once, however many objects it is about."""

    def __init__(self, organisation: Organisation) -> None:
        """Needs the organisation's scope."""
        self._of: dict[tuple[str, uuid.UUID], tuple[Refusal, ...]] = {}
        self._words: dict[Refusal, dict[str, None]] = {}
        self._jobs: dict[Refusal, int] = {}
        same: dict[Refusal, Refusal] = {}
        for job, results in refused_objects(organisation):
            for row in _rows(job, results.only(*_COLUMNS).order_by().iterator(AT_A_TIME)):
                key = (job.kind, row.result.object_id)
                if key not in self._of:
                    said = {same.setdefault(refusal, refusal): words for refusal, words in _said(job.kind, row)}
                    self._of[key] = tuple(said)
                    self._note(said, job.pk)

    def beside(self, kind: str, object_id: uuid.UUID, findings: Iterable[Finding]) -> list[Refusal]:
        """Why Skolverket refused the object, without what `findings` say already.

        A rule that says that the same attribute must be mended says it better: it looks at the register as it is now.
        """
        refused = self._of.get((kind, object_id))
        if refused is None:
            return []
        told = {find_attribute(finding.attribute, "", kind) for finding in findings if is_urgent(finding)}
        return [self._whole(one) for one in refused if one.about is None or one.about not in told]

    def _note(self, said: Mapping[Refusal, str], job_id: int) -> None:
        for refusal, text in said.items():
            words = self._words.setdefault(refusal, {})
            if text and len(words) < SHOWN:
                words[text] = None
            self._jobs.setdefault(refusal, job_id)

    def _whole(self, refusal: Refusal) -> Refusal:
        return replace(refusal, skolverket_says="\n".join(self._words[refusal]), sync_job_id=self._jobs[refusal])


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


def _said(kind: str, row: _Row) -> Iterator[tuple[Refusal, str]]:
    """Each refusal of one object, and Skolverket's words for it."""
    result = row.result
    messages = [one for one in result.messages if str(one.get("severity") or "").lower() != "warning"]
    for refusal, words in [_explained(kind, result, one) for one in messages] or [(_unexplained(result.findings), "")]:
        if row.is_changed:
            refusal = replace(
                refusal, sentence=f"Ändrat men inte skickat igen. {refusal.sentence}", who=Who.SCHOOL, where=BUTTON,
                how=CHANGED,
            )  # fmt: skip
        yield refusal, words


def _explained(kind: str, result: ObjectResult, message: Mapping[str, Any]) -> tuple[Refusal, str]:
    code, attribute = str(message.get("code") or ""), str(message.get("attribute") or "")
    words = _without_anybody(str(message.get("message") or ""), message.get("value"), kind, result.name)
    role = result.role if kind == "persons" else ""
    told = explain(code, words, attribute, str(message.get("message_type") or ""), kind, role)
    who, where, how = told.who, told.where, told.how
    if told.retried:  # it was tried again for long enough, and the transfer is over
        who, where, how = Who.SCHOOL, BUTTON, SEND_AGAIN
    about = find_attribute(attribute, words, kind)
    return (
        Refusal(
            code[:10] or "okänd", Severity.ERROR, attribute[:60], told.title, who, where, how, told.source, about,
            told.meaning,
        ),
        words,
    )  # fmt: skip


def _unexplained(findings: Sequence[Mapping[str, Any]]) -> Refusal:
    """Skolverket gave no reason: in our own words what happened to the call."""
    ours = [str(one["sentence"]) for one in findings if one.get("sentence") and not one.get("object_ids")]
    return Refusal(
        "okänd", Severity.ERROR, "", ours[-1] if ours else SILENT, Who.SCHOOL, BUTTON, SEND_AGAIN, OURS, None, ""
    )


def _without_anybody(text: str, value: object, kind: str, name: str) -> str:
    """Skolverket's message as it can stand for many: without the value, the ids and the name of one of them."""
    words = " ".join(text.split())
    if len(own := str(value or "").strip()) > 2:
        words = words.replace(own, "…")
    words = _SOMEBODYS.sub("…", without_secrets(words))
    if kind in ("persons", "duties"):
        for part in name.split():
            words = re.sub(rf"\b{re.escape(part)}\b", "…", words, flags=re.IGNORECASE)
    return words[:500]
