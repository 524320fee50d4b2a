"""The rule of the ids that are sent (rules.md P1, D1, G1, A1)."""

import uuid

from provsluss.rules.findings import API, Finding, Severity
from provsluss.rules.who import Who
from provsluss.ss12000.ids import NIL, as_uuid


def usable_id(value: object, code: str, noun: str) -> list[Finding]:
    """The id is a UUID, and not the empty one. `noun` begins the sentence ("Personen")."""
    found = value if isinstance(value, uuid.UUID) else as_uuid(str(value))
    if found and found != NIL:
        return []
    return [
        Finding(
            code,
            Severity.ERROR,
            "id",
            f"{noun} saknar ett id som Skolverket kan använda.",
            Who.IT,
            "Källan som registret läses in från, kolumnen med id.",
            "Be IT-avdelningen se till att varje rad har ett eget id som alltid är detsamma. Läs sedan in igen.",
            API,
        )
    ]
