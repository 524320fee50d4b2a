"""How every state looks: its Swedish words, its icon and its tone. Never colour alone."""

from dataclasses import dataclass
from typing import Literal

from provsluss.catalogue.models import Status
from provsluss.register.models import ImportState
from provsluss.transfers.models import BatchState, ObjectState, TestActivityState, TransferState

Tone = Literal["ok", "warn", "bad", "busy", "calm"]


@dataclass(frozen=True, slots=True)
class Look:
    """Icon and tone of a state."""

    icon: str
    tone: Tone


_LOOKS: dict[str, Look] = {
    # transfers and sync jobs
    TransferState.QUEUED: Look("waiting", "calm"),
    TransferState.RUNNING: Look("running", "busy"),
    TransferState.NEEDS_REVIEW: Look("review", "warn"),
    TransferState.DONE: Look("ok", "ok"),
    TransferState.DONE_WITH_WARNINGS: Look("warning", "warn"),
    TransferState.DONE_WITH_ERRORS: Look("error", "bad"),
    TransferState.RETRYING: Look("retry", "warn"),
    TransferState.CANCELLED: Look("cancelled", "calm"),
    # objects
    ObjectState.WAITING: Look("waiting", "calm"),
    ObjectState.SENT: Look("sent", "busy"),
    ObjectState.RECEIVED: Look("ok", "ok"),
    ObjectState.WARNING: Look("warning", "warn"),
    ObjectState.ERROR: Look("error", "bad"),
    ObjectState.WITHHELD: Look("held", "calm"),
    ObjectState.UNCHANGED: Look("unchanged", "calm"),
    ObjectState.REMOVED: Look("removed", "calm"),
    # calls
    BatchState.PREPARED: Look("waiting", "calm"),
    BatchState.POSTED: Look("sent", "busy"),
    BatchState.UNANSWERED: Look("sent", "busy"),
    BatchState.REFUSED: Look("error", "bad"),
    BatchState.SPLIT: Look("switch", "calm"),
    BatchState.GIVEN_UP: Look("cancelled", "calm"),
    # imports
    ImportState.READING: Look("running", "busy"),
    ImportState.PREVIEW: Look("review", "warn"),
    ImportState.STORING: Look("running", "busy"),
    ImportState.REJECTED: Look("error", "bad"),
    ImportState.DISCARDED: Look("cancelled", "calm"),
    # test activities
    TestActivityState.ACTIVE: Look("ok", "ok"),
    TestActivityState.PAUSED: Look("paused", "calm"),
    TestActivityState.ARCHIVED: Look("archived", "calm"),
    # the catalogue
    Status.NEW: Look("info", "busy"),
    Status.ACTIVE: Look("ok", "ok"),
    Status.EXPIRED: Look("removed", "warn"),
    Status.UNKNOWN: Look("error", "bad"),
}

_LABELS: dict[str, str] = {
    str(value): str(label)
    for states in (BatchState, Status, TestActivityState, ImportState, ObjectState, TransferState)
    for value, label in states.choices
}


def look_of(state: str) -> Look:
    """Icon and tone of `state`; an unknown one looks like information."""
    return _LOOKS.get(state, Look("info", "calm"))


def label_of(state: str) -> str:
    """The Swedish words for `state`. `done` is "Klar" here; a call's own words are its `get_state_display`."""
    return _LABELS.get(state, state)
