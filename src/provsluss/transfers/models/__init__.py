"""The tables of the transfers room. The tables are the truth; the engine only moves them forward."""

from provsluss.transfers.models.activity import TestActivity, TestActivityGroup, TestActivityState
from provsluss.transfers.models.operations import CallSlot, QueuePause
from provsluss.transfers.models.results import Accepted, Batch, BatchState, ObjectResult, ObjectState
from provsluss.transfers.models.transfer import (
    ENDED_STATES,
    SyncJob,
    Transfer,
    TransferState,
    Worker,
)
from provsluss.transfers.models.unknown_code import UnknownCode

__all__ = [
    "ENDED_STATES",
    "Accepted",
    "Batch",
    "BatchState",
    "CallSlot",
    "ObjectResult",
    "ObjectState",
    "QueuePause",
    "SyncJob",
    "TestActivity",
    "TestActivityGroup",
    "TestActivityState",
    "Transfer",
    "TransferState",
    "UnknownCode",
    "Worker",
]
