"""The tables of the transfers room. The tables are the truth; the engine only moves them forward."""

from provsluss.connection.models import CallSlot
from provsluss.outbox.models import OutboxEntry
from provsluss.transfers.models.activity import TestActivity, TestActivityGroup, TestActivityState
from provsluss.transfers.models.control import Control, ControlCause, ControlCell, ControlFinding, ControlState
from provsluss.transfers.models.event import Cause, TransferEvent
from provsluss.transfers.models.operations import CallSize, PurgeReport, QueuePause
from provsluss.transfers.models.outcome import Outcome
from provsluss.transfers.models.place import at_todays_addresses
from provsluss.transfers.models.plan import Plan, PlannedFate, PlannedObject, PlanState
from provsluss.transfers.models.removal import RemovalLimit, RemovedObject
from provsluss.transfers.models.results import ONE_ACCEPTED, Accepted, Batch, BatchState, ObjectResult, ObjectState
from provsluss.transfers.models.transfer import (
    AT_REST_STATES,
    DONE_STATES,
    ENDED_STATES,
    TOLD_STATES,
    Action,
    Category,
    Decision,
    Purpose,
    SyncJob,
    Transfer,
    TransferState,
    Worker,
)
from provsluss.transfers.models.unknown_code import UnknownCode

__all__ = [
    "AT_REST_STATES",
    "DONE_STATES",
    "ENDED_STATES",
    "ONE_ACCEPTED",
    "TOLD_STATES",
    "Accepted",
    "Action",
    "Batch",
    "BatchState",
    "CallSize",
    "CallSlot",
    "Category",
    "Cause",
    "Control",
    "ControlCause",
    "ControlCell",
    "ControlFinding",
    "ControlState",
    "Decision",
    "ObjectResult",
    "ObjectState",
    "OutboxEntry",
    "Outcome",
    "Plan",
    "PlanState",
    "PlannedFate",
    "PlannedObject",
    "PurgeReport",
    "Purpose",
    "QueuePause",
    "RemovalLimit",
    "RemovedObject",
    "SyncJob",
    "TestActivity",
    "TestActivityGroup",
    "TestActivityState",
    "Transfer",
    "TransferEvent",
    "TransferState",
    "UnknownCode",
    "Worker",
    "at_todays_addresses",
]
