"""The rows of a plan: one for each object that would be sent, removed or held back, and why."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.desired.objects import Wanted
from provsluss.transfers.models import Accepted, PlannedFate, PlannedObject
from provsluss.transfers.plan.changes import changes
from provsluss.transfers.plan.earlier_refusals import Refusal, refused_removals
from provsluss.transfers.plan.names import PlanNames
from provsluss.transfers.remote.display_columns import removed_columns

SENT_AGAIN = ("unknown_answer", "earlier_warning", "refused_since", "everything_again", "same_content")
"""The codes of the findings that say why an object is sent again although nothing of it has changed."""

PERHAPS_THERE = "perhaps_there"
"""The code of the finding that an object to be removed has never been accepted, and may be there all the same."""


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


def sent_rows(
    place: Place, kind: Kind, sent: Sequence[Wanted], refusals: Mapping[uuid.UUID, Refusal]
) -> list[PlannedObject]:
    """Rows for objects that would be sent: new ones, and changed ones with what has changed or why they go again.

    `refusals` are those of them that Skolverket refused the last time.
    """
    accepted = place.accepted(kind, [one.object_id for one in sent])
    rows = []
    for one in sent:
        known, refusal = accepted.get(one.object_id), refusals.get(one.object_id)
        row = _row(place, kind, one, PlannedFate.CHANGED if known else PlannedFate.NEW)
        if known:
            _explain(row, known, refusal, kind, one.payload or b"", place.names)
        if refusal:
            row.refused_before = refusal.is_alike
            row.findings += refusal.findings(kind, row.role)
        rows.append(row)
    return rows


def withheld_rows(place: Place, kind: Kind, held_back: Sequence[Wanted]) -> list[PlannedObject]:
    """Rows for objects that would be held back, with the findings that say why."""
    return [_row(place, kind, one, PlannedFate.WITHHELD) for one in held_back]


def removed_rows(place: Place, kind: Kind, ids: Sequence[uuid.UUID]) -> list[PlannedObject]:
    """Rows for objects (some hundreds at a time) that would be removed."""
    columns = removed_columns(place.organisation, place.environment, kind, ids, place.names.codes)
    known, refusals = place.accepted(kind, ids), refused_removals(place.organisation, place.environment, kind, ids)
    rows = []
    for object_id in (i for i in ids if i in columns):
        row = _row(place, kind, Wanted(object_id, columns[object_id]), PlannedFate.REMOVED)
        if known[object_id].perhaps:
            _note(row, PERHAPS_THERE, "Skolverket svarade aldrig när den skickades. Den tas bort ifall den finns där.")
        if refusal := refusals.get(object_id):
            row.refused_before = True
            row.findings += refusal.findings(kind, row.role)
        rows.append(row)
    return rows


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


def _explain(
    row: PlannedObject, known: Accepted, refusal: Refusal | None, kind: Kind, payload: bytes, names: PlanNames
) -> None:
    """Say what has changed since Skolverket accepted the object; or, where nothing has, why it goes again."""
    if not known.payload_hash and not _was_only_refused(known, refusal):
        # What the call before came to is not known, so neither is what to compare with.
        _note(row, "unknown_answer", "Det är inte säkert vad Skolverket har av den. Uppgifterna skickas därför igen.")
        return
    row.changes = changes(kind, known.payload, payload, names)
    if row.changes:
        return
    if kind == "groups" and known.with_warning:
        _note(row, "earlier_warning", "Skolverket tog emot gruppen med en varning förra gången. Den skickas igen.")
    elif not known.payload_hash:
        _note(row, "refused_since", "Skolverket har samma uppgifter, men nekade andra sedan dess. De skickas igen.")
    elif known.payload.encode() == payload:
        _note(row, "everything_again", "Inget har ändrats. Skickas igen för att allt skickas igen.")
    else:
        _note(row, "same_content", "Uppgifterna säger samma sak men skrivs på ett annat sätt än förra gången.")


def _was_only_refused(known: Accepted, refusal: Refusal | None) -> bool:
    """Whether the last call about an accepted object was refused: then Skolverket still has what it accepted."""
    if refusal is None or known.perhaps:
        return False
    return known.posted_at is None or refusal.refused_at > known.posted_at


def _note(row: PlannedObject, code: str, sentence: str) -> None:
    row.findings.append({"code": code, "sentence": sentence, "object_ids": []})
