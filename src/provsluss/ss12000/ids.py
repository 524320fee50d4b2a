"""Ids: Skolverket's own, derived from a public code, and ours, the same for ever for the same row."""

import uuid

NIL = uuid.UUID(int=0)


def skolverket_id(code: str) -> uuid.UUID:
    """The UUID that Skolverket gives a school unit, organisation, programme or national test.

    `code` is the 8-digit school unit code, the 10-digit organisation number, the education code or the national test's
    displayName with its suffix (rules.md 3.1–3.2: UUID v5 in the nil namespace).
    """
    return uuid.uuid5(NIL, code)


def stable_id(organisation_id: uuid.UUID, kind: str, *parts: str) -> uuid.UUID:
    """The id of an object whose source has no UUID for it, or that we make ourselves.

    `parts` are what makes it unique within the organisation, e.g. school unit code and the source's own id. The same
    parts give the same id for ever (design.md section 3.1).
    """
    return uuid.uuid5(organisation_id, "\x1f".join((kind, *parts)))


def as_uuid(text: str) -> uuid.UUID | None:
    """`text` as a UUID if it is one in the usual written form, otherwise None."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    # uuid.UUID also takes braces, no hyphens, underscores and other scripts' digits; those are free text to us.
    return found if str(found) == text.lower() else None
