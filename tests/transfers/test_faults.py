"""Skolverket answers slowly, refuses, hangs up and forgets; the end state is the same as without faults."""

from collections.abc import Callable
from typing import Any

import pytest

from provsluss.organisations.models import Organisation
from provsluss.ss12000.code_lists import KINDS
from provsluss.transfers.models import (
    Accepted,
    Batch,
    BatchState,
    CallSize,
    ObjectResult,
    ObjectState,
    Transfer,
    TransferState,
)
from provsluss.transfers.pipeline import poll_times
from tests.transfers.running import counts, new_transfer, run
from tests.transfers.simulator_control import digests
from tests.transfers.small_school import make_school

FAST = ("--seed", "7")


@pytest.fixture(autouse=True)
def many_small_calls(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches, so that faults have something to hit, and short pauses."""
    settings.MAX_PAYLOAD_BYTES, settings.TRANSFER_RATE = 3000, 0
    monkeypatch.setattr(poll_times, "FIRST_PAUSE", 0.05)
    settings.LONGEST_PAUSE_SECONDS = 0.4


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(("--fail-share", "0.2"), id="a fifth of the calls gets 503"),
        pytest.param(("--drop-share", "0.2"), id="a fifth of the connections breaks"),
        pytest.param(("--html-share", "0.2"), id="a proxy answers in HTML"),
        pytest.param(("--temporary-share", "0.3"), id="some objects get TemporaryError"),
        pytest.param(("--forget-share", "0.3"), id="some jobs are forgotten"),
        pytest.param(("--partial-share", "0.5"), id="some answers lack objects"),
        pytest.param(("--lost-share", "0.5"), id="some objects are lost"),
        pytest.param(("--duplicate-share", "0.5"), id="some answers say a thing twice"),
        pytest.param(("--slow-share", "0.3"), id="some jobs are slow"),
        pytest.param(("--answer-delay", "0.3"), id="all answers are slow"),
        pytest.param(("--down-seconds", "4"), id="closed in the beginning"),
        pytest.param(("--storm-seconds", "4"), id="429 on everything for a while"),
        pytest.param(("--max-bytes", "1500"), id="the limit is smaller than we thought"),
        pytest.param(("--token-life", "1"), id="tokens that soon end"),
        pytest.param(("--transfer-rate", "3"), id="fewer calls a second than we thought"),
        pytest.param(
            ("--fail-share", "0.1", "--drop-share", "0.1", "--partial-share", "0.2", "--temporary-share", "0.2"),
            id="several at the same time",
        ),
    ],
)
def test_the_end_is_the_same_as_without_faults(
    fault: tuple[str, ...], scoped: Organisation, skolverket: Callable[..., str]
) -> None:
    activity = make_school(scoped, pupils=20)
    without = _end_of(new_transfer(activity), skolverket(*FAST))
    Accepted.objects.all().delete()
    CallSize.objects.all().delete()
    assert _end_of(new_transfer(activity), skolverket(*FAST, *fault)) == without


def _end_of(transfer: Transfer, url: str) -> dict[str, Any]:
    """What Skolverket has, what we think it has, and what the pages say of every object, when `transfer` has ended."""
    run(transfer)
    assert transfer.state == TransferState.DONE, transfer.message
    results = ObjectResult.objects.filter(sync_job__transfer=transfer).order_by("sync_job__position", "object_id")
    accepted = Accepted.objects.order_by("kind", "object_id")
    return {
        "stored": digests(url),
        "accepted": list(accepted.values_list("kind", "object_id", "payload_hash", "payload", "with_warning")),
        "results": list(results.values_list("sync_job__kind", "object_id", "state", "messages", "name")),
        "counts": [counts(transfer, kind) for kind in KINDS],
        "open calls": Batch.objects.filter(sync_job__transfer=transfer).exclude(finished_at__isnull=False).count(),
    }


def test_a_job_that_never_ends_is_given_up(scoped: Organisation, skolverket: Callable[..., str], settings: Any) -> None:
    settings.JOB_PATIENCE_HOURS = 1 / 3600
    activity = make_school(scoped)
    skolverket(*FAST, "--never-share", "1")
    transfer = run(new_transfer(activity))
    assert transfer.state == TransferState.DONE_WITH_ERRORS
    assert counts(transfer, "persons")["error"] == 7
    assert counts(transfer, "duties") == {"wanted": 2, "withheld": 2}
    result = ObjectResult.objects.filter(state=ObjectState.ERROR).first()
    assert result is not None
    assert result.findings[0]["code"] == "never_completed"


def test_a_call_that_is_too_large_is_split(scoped: Organisation, skolverket: Callable[..., str]) -> None:
    activity = make_school(scoped, pupils=20)
    skolverket(*FAST, "--max-bytes", "1500")
    transfer = run(new_transfer(activity))
    persons = transfer.sync_jobs.get(kind="persons")
    assert persons.batches.filter(state=BatchState.SPLIT).exists()
    assert persons.success == 22
