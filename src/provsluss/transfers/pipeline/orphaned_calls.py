"""Calls that were posted before their transfer was cancelled, and that nobody has asked about since.

Skolverket has worked them off all the same. Until their answer is known, and what it left out has been looked up, what
they brought there is in no list, and would stay for ever when nobody wants it any more.
"""

import logging

from django.db.models import QuerySet

from provsluss.connection.clients import client_for
from provsluss.provtjanst.certificates import CertificateProblem
from provsluss.provtjanst.client import ProvisioningClient
from provsluss.provtjanst.errors import ProvtjanstError
from provsluss.ss12000.code_lists import Kind
from provsluss.transfers.models import Batch, BatchState, Transfer, TransferState, at_todays_addresses
from provsluss.transfers.pipeline import post_and_poll
from provsluss.transfers.pipeline.read_back import look_up
from provsluss.transfers.remote.accepted import RemoteState

log = logging.getLogger(__name__)

MOST_AT_ONCE = 100


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


def ask_for_left_behind(transfer: Transfer) -> None:
    """Ask for their answers, once each, and record them. What cannot be answered now is asked for next time."""
    there = RemoteState.of(transfer)
    for batch in left_behind(transfer.environment)[:MOST_AT_ONCE]:
        try:
            _ask(batch, client_for(transfer.organisation, transfer.environment), there)
        except (ProvtjanstError, CertificateProblem) as trouble:
            log.info("what cancelled transfers left behind is asked for another time: %s", type(trouble).__name__)
            return


def _ask(batch: Batch, client: ProvisioningClient, there: RemoteState) -> None:
    job = batch.sync_job
    kind: Kind = job.kind  # type: ignore[assignment]
    if batch.state == BatchState.POSTED:
        post_and_poll.ask(batch, job, kind, client, there)
        batch.refresh_from_db()
    while batch.state == BatchState.UNANSWERED:  # each lookup settles some of what the answer left out
        look_up(batch, job, kind, client, there)
        batch.refresh_from_db()
