"""Calls that were posted before their transfer was cancelled, and that nobody has asked about since.

Skolverket has worked them off all the same. Until their answer is known, and what it left out has been looked up, what
they brought there is in no list, and would stay for ever when nobody wants it any more.
"""

import logging
import time

from django.db.models import Max, Q, QuerySet

from provsluss.connection.clients import client_for
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import ProvtjanstError
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import Action, Batch, BatchState, Transfer, TransferState, at_todays_addresses
from provsluss.transfers.pipeline import post_and_poll
from provsluss.transfers.pipeline.read_back import look_up
from provsluss.transfers.remote.accepted import RemoteState

log = logging.getLogger(__name__)


def left_behind(environment: str) -> "QuerySet[Batch]":
    """Such calls to where `environment` is today, the oldest first. Needs the organisation's scope."""
    return (
        Batch.objects.select_related("sync_job__transfer")
        .filter(
            at_todays_addresses("sync_job__transfer__"),
            state__in=[BatchState.POSTED, BatchState.UNANSWERED],
            sync_job__transfer__state=TransferState.CANCELLED,
            sync_job__transfer__environment=environment,
        )
        .exclude(payload=None)
        .order_by("pk")
    )


def ask_for_left_behind(transfer: Transfer, until: float) -> bool:
    """Ask for their answers and record them, until that time (time.monotonic). Returns whether there are more to ask.

    Each is asked for once after the transfer's four steps. What cannot be answered now is asked for by another one.
    """
    there = RemoteState.of(transfer)
    steps_ended = transfer.sync_jobs.filter(action=Action.SEND).aggregate(last=Max("finished_at"))["last"]
    not_asked = Q(state=BatchState.UNANSWERED) | Q(asked_at=None) | Q(asked_at__lt=steps_ended)
    to_ask = left_behind(transfer.environment).filter(not_asked)
    while (batch := to_ask.first()) is not None:
        try:
            _ask(batch, client_for(transfer.organisation, transfer.environment), there)
        except (ProvtjanstError, CertificateProblem) as trouble:
            log.info("what cancelled transfers left behind is asked for another time: %s", type(trouble).__name__)
            return False
        if time.monotonic() >= until:
            return to_ask.exists()
    return False


def _ask(batch: Batch, client: ProvisioningClient, there: RemoteState) -> None:
    """One question. A lookup settles some of what the answer left out."""
    job = batch.sync_job
    kind: Kind = job.kind  # type: ignore[assignment]
    about = post_and_poll.ask if batch.state == BatchState.POSTED else look_up
    about(batch, job, kind, client, there)
