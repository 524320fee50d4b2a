"""The rows of a plan: one for each object that would be sent, removed or held back, and why."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import Accepted, Action, ObjectResult, ObjectState, PlannedFate, PlannedObject
from provsluss.transfers.plan.changes import changes
from provsluss.transfers.plan.names import PlanNames
from provsluss.transfers.removal.snapshot import removed_columns
from provsluss.transfers.wanted import Wanted

SENT_AGAIN = ("unknown_answer", "earlier_warning", "everything_again", "same_content")
"""The codes of the findings that say why an object is sent again although nothing of it has changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose plan it is, for which environment, and what things are called there."""

    organisation: Organisation
    environment: str
    names: PlanNames

    def accepted(self, kind: Kind, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Accepted]:
        """What Skolverket last accepted of these objects (some hundreds at a time)."""
        rows = Accepted.objects.filter(
            organisation=self.organisation, environment=self.environment, kind=kind, object_id__in=ids
        )
        return {row.object_id: row for row in rows}

    def refused(self, kind: Kind, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ObjectResult]:
        """The latest time that Skolverket refused each of these objects, for those that it ever has refused."""
        results = ObjectResult.objects.filter(
            organisation=self.organisation,
            object_id__in=ids,
            state=ObjectState.ERROR,
            sync_job__kind=kind,
            sync_job__action=Action.SEND,
            sync_job__transfer__environment=self.environment,
        )
        return {result.object_id: result for result in results.select_related("sync_job").order_by("pk")}


def sent_rows(place: Place, kind: Kind, sent: Sequence[Wanted]) -> list[PlannedObject]:
    """Rows for objects that would be sent: new ones, and changed ones with what has changed or why they go again."""
    ids = [one.object_id for one in sent]
    accepted, refused = place.accepted(kind, ids), place.refused(kind, ids)
    rows = []
    for one in sent:
        known = accepted.get(one.object_id)
        row = _row(place, kind, one, PlannedFate.CHANGED if known else PlannedFate.NEW)
        if known:
            _explain(row, known, kind, one.payload or b"", place.names)
        no = refused.get(one.object_id)
        if no and no.finished_at and (known is None or no.finished_at > known.accepted_at):
            again = "Är felet inte rättat nekas de igen."
            _note(
                row, "refused_before", f"Skolverket nekade uppgifterna i överföring {no.sync_job.transfer_id}. {again}"
            )
        rows.append(row)
    return rows


def withheld_rows(place: Place, kind: Kind, held_back: Sequence[Wanted]) -> list[PlannedObject]:
    """Rows for objects that would be held back, with the findings that say why."""
    return [_row(place, kind, one, PlannedFate.WITHHELD) for one in held_back]


def removed_rows(place: Place, kind: Kind, ids: Sequence[uuid.UUID]) -> list[PlannedObject]:
    """Rows for objects (some hundreds at a time) that would be removed."""
    columns = removed_columns(place.organisation, place.environment, kind, ids, place.names.codes)
    return [
        _row(place, kind, Wanted(object_id, columns[object_id]), PlannedFate.REMOVED)
        for object_id in ids
        if object_id in columns
    ]


def _row(place: Place, kind: Kind, one: Wanted, fate: PlannedFate) -> PlannedObject:
    return PlannedObject(
        organisation=place.organisation,
        kind=kind,
        object_id=one.object_id,
        fate=fate,
        name=one.columns["name"],
        role=one.columns.get("role") or one.columns.get("group_type") or "",
        school_unit_code=one.columns.get("school_unit_code") or "",
        restricted=one.columns.get("restricted", False),
        findings=list(one.findings),
    )


def _explain(row: PlannedObject, known: Accepted, kind: Kind, payload: bytes, names: PlanNames) -> None:
    """Say what has changed since Skolverket accepted the object; or, where nothing has, why it goes again."""
    if not known.payload_hash:
        # What the call before came to is not known, so neither is what to compare with.
        _note(row, "unknown_answer", "Skolverkets senaste svar är inte känt. Uppgifterna skickas därför igen.")
        return
    row.changes = changes(kind, known.payload, payload, names)
    if row.changes:
        return
    if kind == "groups" and known.with_warning:
        _note(row, "earlier_warning", "Skolverket tog emot gruppen med en varning förra gången. Den skickas igen.")
    elif known.payload.encode() == payload:
        _note(row, "everything_again", "Inget har ändrats. Skickas igen för att allt skickas igen.")
    else:
        _note(row, "same_content", "Uppgifterna säger samma sak men skrivs på ett annat sätt än förra gången.")


def _note(row: PlannedObject, code: str, sentence: str) -> None:
    row.findings.append({"code": code, "sentence": sentence, "object_ids": []})
